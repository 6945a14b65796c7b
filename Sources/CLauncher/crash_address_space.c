#define _GNU_SOURCE
#include "crash_capture.h"

#ifdef __linux__

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    // Lines of about 80 bytes; a program with more mappings is looked at as far as this goes.
    MAPS_SIZE = 1 << 20,
    MAXIMUM_MAPPINGS = 8192,
};

// Not touched, and so not resident, before the first crash.
static char text[MAPS_SIZE];
static struct apus_mapping mappings[MAXIMUM_MAPPINGS];

static int open_file_of(pid_t thread, const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)thread, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/// Reads /proc/PID/maps into `text`, ended by a NUL.
static void read_maps(pid_t thread) {
    size_t count = 0;
    int file = open_file_of(thread, "maps");
    while (file >= 0 && count < sizeof text - 1) {
        ssize_t got = read(file, text + count, sizeof text - 1 - count);
        if (got <= 0) break;
        count += (size_t)got;
    }
    if (file >= 0) close(file);
    text[count] = 0;
}

/// The kernel writes a newline in a name as \012.
static void unescape(char *path) {
    char *to = path;
    for (char *from = path; *from; to++) {
        bool is_newline = strncmp(from, "\\012", 4) == 0;
        *to = is_newline ? '\n' : *from;
        from += is_newline ? 4 : 1;
    }
    *to = 0;
}

/// "start-end perms offset device inode    path"
static bool parse(char *line, struct apus_mapping *mapping) {
    char permissions[8];
    unsigned long start, end, offset;
    int path = 0;
    if (sscanf(line, "%lx-%lx %7s %lx %*s %*s %n", &start, &end, permissions, &offset, &path) < 4) return false;
    if (path == 0 || end <= start) return false;
    bool is_executable = strlen(permissions) > 2 && permissions[2] == 'x';
    *mapping = (struct apus_mapping){
        .start = start, .end = end, .file_offset = offset, .is_executable = is_executable};
    if (line[path] == '/') {
        unescape(line + path);
        mapping->path = line + path;
    }
    return true;
}

static size_t parse_maps(void) {
    size_t count = 0;
    char *rest = text, *line;
    while (count < MAXIMUM_MAPPINGS && (line = strsep(&rest, "\n")) != NULL)
        if (parse(line, &mappings[count])) count++;
    return count;
}

void apus_address_space_open(struct apus_address_space *space, pid_t thread) {
    read_maps(thread);
    *space = (struct apus_address_space){
        .memory = open_file_of(thread, "mem"),
        .process = thread,
        .mapping_count = parse_maps(),
        .mappings = mappings,
    };
}

void apus_address_space_close(struct apus_address_space *space) {
    if (space->memory >= 0) close(space->memory);
    space->memory = -1;
}

size_t apus_address_space_read(const struct apus_address_space *space, uint64_t address, void *bytes, size_t count) {
    // Addresses of the upper half are the kernel's, and no valid file offset.
    if (space->memory < 0 || address > INT64_MAX - count) return 0;
    ssize_t got = pread(space->memory, bytes, count, (off_t)address);
    return got > 0 ? (size_t)got : 0;
}

const struct apus_mapping *apus_mapping_at(const struct apus_address_space *space, uint64_t address) {
    size_t low = 0, high = space->mapping_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct apus_mapping *mapping = &space->mappings[middle];
        if (address < mapping->start) high = middle;
        else if (address >= mapping->end) low = middle + 1;
        else return mapping;
    }
    return NULL;
}

uint8_t apus_crash_module_at(struct apus_crash *crash, const struct apus_address_space *space, uint64_t address) {
    const struct apus_mapping *mapping = apus_mapping_at(space, address);
    if (mapping == NULL || mapping->path == NULL) return APUS_CRASH_NO_MODULE;
    return apus_crash_add_module(crash, mapping->path, apus_load_bias(space, mapping));
}

#endif
