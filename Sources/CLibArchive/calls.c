#define _GNU_SOURCE
#include "CLibArchive.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

// The stable ABI of libarchive 3, under the names of Linux distributions, Homebrew and macOS itself.
static const char *const names[] = {
#ifdef __APPLE__
    "/opt/homebrew/opt/libarchive/lib/libarchive.dylib", "/usr/local/opt/libarchive/lib/libarchive.dylib",
    "/usr/lib/libarchive.2.dylib",
#else
    "libarchive.so.13",
#endif
};

static void *library;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    for (size_t index = 0; index < sizeof names / sizeof *names && !library; index++)
        library = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
}

int apus_libarchive_is_available(void) {
    pthread_once(&once, load);
    return library != NULL;
}

static void *function(const char *name) { return apus_libarchive_is_available() ? dlsym(library, name) : NULL; }

/// Defines the function of libarchive under its own name. Where the library is missing it fails as libarchive does:
/// with NULL or ARCHIVE_FATAL, which the caller tells apart by apus_libarchive_is_available.
#define CALL(result, name, parameters, arguments, failure)                       \
    result name parameters {                                                     \
        static result(*call) parameters;                                         \
        result(*known) parameters = __atomic_load_n(&call, __ATOMIC_ACQUIRE);    \
        if (!known) {                                                            \
            known = (result(*) parameters)function(#name);                       \
            if (!known) return failure;                                          \
            __atomic_store_n(&call, known, __ATOMIC_RELEASE);                    \
        }                                                                        \
        return known arguments;                                                  \
    }

typedef struct archive *reader_or_writer;
typedef struct archive_entry *entry;
typedef const char *text;

CALL(reader_or_writer, archive_read_new, (void), (), NULL)
CALL(reader_or_writer, archive_write_new, (void), (), NULL)
CALL(int, archive_free, (struct archive * a), (a), ARCHIVE_FATAL)
CALL(text, archive_error_string, (struct archive * a), (a), NULL)

CALL(int, archive_read_support_format_zip_seekable, (struct archive * a), (a), ARCHIVE_FATAL)
CALL(int, archive_read_set_format_option, (struct archive * a, text m, text o, text v), (a, m, o, v), ARCHIVE_FATAL)
CALL(int, archive_read_open_fd, (struct archive * a, int fd, size_t size), (a, fd, size), ARCHIVE_FATAL)
CALL(int, archive_read_next_header, (struct archive * a, struct archive_entry **e), (a, e), ARCHIVE_FATAL)
CALL(la_ssize_t, archive_read_data, (struct archive * a, void *bytes, size_t size), (a, bytes, size), ARCHIVE_FATAL)

CALL(int, archive_write_set_format_zip, (struct archive * a), (a), ARCHIVE_FATAL)
CALL(int, archive_write_set_bytes_in_last_block, (struct archive * a, int bytes), (a, bytes), ARCHIVE_FATAL)
CALL(int, archive_write_open_fd, (struct archive * a, int fd), (a, fd), ARCHIVE_FATAL)
CALL(int, archive_write_header, (struct archive * a, struct archive_entry *e), (a, e), ARCHIVE_FATAL)
CALL(la_ssize_t, archive_write_data, (struct archive * a, const void *b, size_t n), (a, b, n), ARCHIVE_FATAL)
CALL(int, archive_write_close, (struct archive * a), (a), ARCHIVE_FATAL)

CALL(entry, archive_entry_new, (void), (), NULL)
CALL(text, archive_entry_pathname, (struct archive_entry * e), (e), NULL)
CALL(text, archive_entry_symlink, (struct archive_entry * e), (e), NULL)
CALL(int, archive_entry_size_is_set, (struct archive_entry * e), (e), 0)
CALL(la_int64_t, archive_entry_size, (struct archive_entry * e), (e), 0)

/// The same for functions without a result; the entry that they take came from the loaded library.
#define VOID_CALL(name, parameters, arguments)                                   \
    void name parameters {                                                       \
        void(*known) parameters = (void(*) parameters)function(#name);           \
        if (known) known arguments;                                              \
    }

VOID_CALL(archive_entry_free, (struct archive_entry * e), (e))
VOID_CALL(archive_entry_set_mode, (struct archive_entry * e, __LA_MODE_T mode), (e, mode))
VOID_CALL(archive_entry_set_pathname, (struct archive_entry * e, text path), (e, path))
VOID_CALL(archive_entry_set_size, (struct archive_entry * e, la_int64_t size), (e, size))
VOID_CALL(archive_entry_set_symlink, (struct archive_entry * e, text target), (e, target))
