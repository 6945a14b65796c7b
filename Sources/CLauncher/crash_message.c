#define _GNU_SOURCE
#include "crash.h"

#include <string.h>
#include <unistd.h>

static int reports_sent;

void apus_crash_begin(struct apus_crash *crash) {
    memset(crash, 0, sizeof *crash);
    crash->module = APUS_CRASH_NO_MODULE;
}

uint8_t apus_crash_add_module(struct apus_crash *crash, const char *path, uint64_t load_bias) {
    for (uint8_t index = 0; index < crash->module_count; index++)
        if (crash->modules[index].load_bias == load_bias && strcmp(crash->modules[index].path, path) == 0) return index;
    if (crash->module_count == APUS_CRASH_MODULES || strlen(path) >= sizeof crash->modules[0].path)
        return APUS_CRASH_NO_MODULE;
    uint8_t index = crash->module_count++;
    crash->modules[index].load_bias = load_bias;
    strcpy(crash->modules[index].path, path);
    return index;
}

bool apus_crash_add_frame(struct apus_crash *crash, uint64_t address, uint8_t module) {
    if (crash->frame_count == APUS_CRASH_FRAMES) return false;
    crash->frames[crash->frame_count].address = address;
    crash->frames[crash->frame_count++].module = module;
    return true;
}

/// The part of the buffer that is left; a piece that does not fit is not written.
struct writer {
    unsigned char *next;
    size_t left;
};

static bool put(struct writer *writer, const void *bytes, size_t count) {
    if (count > writer->left) return false;
    memcpy(writer->next, bytes, count);
    writer->next += count;
    writer->left -= count;
    return true;
}

/// Of the modules in their order as many as fit beside the frames; returns how many.
static uint8_t put_modules(struct writer *writer, const struct apus_crash *crash) {
    for (uint8_t index = 0; index < crash->module_count; index++) {
        const char *path = crash->modules[index].path;
        struct apus_crash_module module = {.load_bias = crash->modules[index].load_bias, .path_length = strlen(path)};
        if (sizeof module + module.path_length > writer->left) return index;
        put(writer, &module, sizeof module);
        put(writer, path, module.path_length);
    }
    return crash->module_count;
}

static uint16_t put_text(struct writer *writer, const char *text) {
    size_t length = strlen(text);
    return put(writer, text, length) ? (uint16_t)length : 0;
}

static struct apus_crash_header header_of(const struct apus_crash *crash) {
    struct apus_crash_header header = {
        .signal = crash->signal,
        .signal_code = crash->signal_code,
        .process = crash->process,
        .flags = crash->flags,
        .fault_address = crash->fault_address,
        .program_counter = crash->program_counter,
        .stack_pointer = crash->stack_pointer,
        .architecture = crash->architecture,
        .code_count = crash->code_count,
        .module = crash->module,
        .frame_count = crash->frame_count,
    };
    memcpy(header.code, crash->code, sizeof header.code);
    return header;
}

size_t apus_crash_encode(const struct apus_crash *crash, unsigned char *buffer) {
    struct apus_launcher_message message = {.kind = APUS_MESSAGE_CRASHED};
    struct apus_crash_header header = header_of(crash);
    struct apus_crash_frame frames[APUS_CRASH_FRAMES];
    memset(frames, 0, sizeof frames);
    unsigned char *payload = buffer + sizeof message;
    struct writer writer = {.next = payload + sizeof header, .left = APUS_CRASH_PAYLOAD_LIMIT - sizeof header};

    unsigned char *first_frame = writer.next;
    put(&writer, frames, crash->frame_count * sizeof frames[0]);
    // The names of program and model come last but are worth more than a module of an outer frame.
    size_t names = strlen(crash->executable) + strlen(crash->emulated_model);
    size_t kept_back = names <= writer.left ? names : 0;
    writer.left -= kept_back;
    header.module_count = put_modules(&writer, crash);
    writer.left += kept_back;
    header.executable_length = put_text(&writer, crash->executable);
    header.emulated_model_length = put_text(&writer, crash->emulated_model);

    if (header.module >= header.module_count) header.module = APUS_CRASH_NO_MODULE;
    for (uint8_t index = 0; index < crash->frame_count; index++) {
        frames[index].address = crash->frames[index].address;
        frames[index].module = crash->frames[index].module < header.module_count ? crash->frames[index].module
                                                                                 : APUS_CRASH_NO_MODULE;
    }
    memcpy(first_frame, frames, crash->frame_count * sizeof frames[0]);
    memcpy(payload, &header, sizeof header);
    message.value = (int32_t)(writer.next - payload);
    memcpy(buffer, &message, sizeof message);
    return (size_t)(writer.next - buffer);
}

bool apus_crash_reports_left(void) {
    return reports_sent < APUS_CRASH_REPORTS;
}

void apus_crash_report(const struct apus_crash *crash) {
    unsigned char buffer[sizeof(struct apus_launcher_message) + APUS_CRASH_PAYLOAD_LIMIT];
    if (!apus_crash_reports_left()) return;
    reports_sent++;
    size_t count = apus_crash_encode(crash, buffer);
    ssize_t ignored = write(APUS_STATUS_DESCRIPTOR, buffer, count);
    (void)ignored;
}
