#define _GNU_SOURCE
#include "load.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

#include "CZydis.h"

// A name without a minor version may be any library of that major one: the version check below decides.
static const char *const names[] = {
#ifdef __APPLE__
    "/opt/homebrew/opt/zydis/lib/libZydis.dylib", "/usr/local/opt/zydis/lib/libZydis.dylib",
#else
    "libZydis.so.4.0", "libZydis.so.4.1", "libZydis.so.4",
#endif
};

struct apus_zydis apus_zydis;
static int status = 1;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/// The structures that the headers declare are those of one minor version.
static bool has_version_of_headers(void *library) {
    ZyanU64 (*version)(void) = (ZyanU64(*)(void))dlsym(library, "ZydisGetVersion");
    return version && version() >> 32 == ZYDIS_VERSION >> 32;
}

static bool bind(void *library) {
    struct apus_zydis *z = &apus_zydis;
    z->decoder_init = (typeof(z->decoder_init))dlsym(library, "ZydisDecoderInit");
    z->decode_instruction = (typeof(z->decode_instruction))dlsym(library, "ZydisDecoderDecodeInstruction");
    z->decode_operands = (typeof(z->decode_operands))dlsym(library, "ZydisDecoderDecodeOperands");
    z->formatter_init = (typeof(z->formatter_init))dlsym(library, "ZydisFormatterInit");
    z->format = (typeof(z->format))dlsym(library, "ZydisFormatterFormatInstruction");
    z->format_property = (typeof(z->format_property))dlsym(library, "ZydisFormatterSetProperty");
    return z->decoder_init && z->decode_instruction && z->decode_operands && z->formatter_init && z->format &&
           z->format_property;
}

static void load(void) {
    for (size_t index = 0; index < sizeof names / sizeof *names && status; index++) {
        void *library = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
        if (!library) continue;
        if (has_version_of_headers(library) && bind(library)) {
            apus_x86_prepare_tables();
            status = 0;
        } else {
            status = 2;
            dlclose(library);
        }
    }
}

int apus_zydis_load(void) {
    pthread_once(&once, load);
    return status;
}
