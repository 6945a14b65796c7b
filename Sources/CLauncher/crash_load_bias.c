#define _GNU_SOURCE
#include "crash_capture.h"

#ifdef __linux__

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MAXIMUM_SEGMENTS = 64,
    PAGE = 4096,  // the smallest: what is mapped begins at a multiple of it, before the segment's own first byte
};

/// Where an ELF file's headers are read from: the memory that they are mapped to, or the file itself.
struct source {
    const struct apus_address_space *space;
    uint64_t address;
    int file;
};

static bool read_at(const struct source *source, uint64_t offset, void *bytes, size_t count) {
    if (offset > INT64_MAX - count) return false;
    if (source->file >= 0) return pread(source->file, bytes, count, (off_t)offset) == (ssize_t)count;
    return apus_address_space_read(source->space, source->address + offset, bytes, count) == count;
}

static int read_segments(const struct source *source, Elf64_Phdr segments[MAXIMUM_SEGMENTS]) {
    Elf64_Ehdr header;
    if (!read_at(source, 0, &header, sizeof header) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return 0;
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_phentsize != sizeof(Elf64_Phdr)) return 0;
    int count = header.e_phnum < MAXIMUM_SEGMENTS ? header.e_phnum : MAXIMUM_SEGMENTS;
    return read_at(source, header.e_phoff, segments, (size_t)count * sizeof segments[0]) ? count : 0;
}

/// The loadable segment that a mapping shows. Neighbours share a page of the file: then the one of the same kind.
static const Elf64_Phdr *segment_of(const struct apus_mapping *mapping, const Elf64_Phdr *segments, int count) {
    const Elf64_Phdr *found = NULL;
    for (int index = 0; index < count; index++) {
        const Elf64_Phdr *segment = &segments[index];
        uint64_t first = segment->p_offset - segment->p_offset % PAGE;
        if (segment->p_type != PT_LOAD || mapping->file_offset < first) continue;
        if (mapping->file_offset - first >= segment->p_filesz + segment->p_offset % PAGE) continue;
        bool is_executable = (segment->p_flags & PF_X) != 0;
        if (found == NULL || is_executable == mapping->is_executable) found = segment;
    }
    return found;
}

/// The mapping of the file's first page below this one, where linkers put the headers.
static const struct apus_mapping *header_mapping(const struct apus_address_space *space,
                                                 const struct apus_mapping *mapping) {
    for (const struct apus_mapping *other = mapping; other >= space->mappings; other--)
        if (other->path != NULL && other->file_offset == 0 && strcmp(other->path, mapping->path) == 0) return other;
    return NULL;
}

/// The file as that process names it. Not a FIFO or a device: a name of the function's choice must not make us wait.
static int open_mapped_file(const struct apus_address_space *space, const char *path) {
    char name[PATH_MAX + 64];
    int length = snprintf(name, sizeof name, "/proc/%d/root%s", (int)space->process, path);
    if (length < 0 || (size_t)length >= sizeof name) return -1;
    int file = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    if (file >= 0 && (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(file);
        return -1;
    }
    return file;
}

/// Memory first: it is what runs, even if the file has been replaced or removed since.
static int find_segments(const struct apus_address_space *space, const struct apus_mapping *mapping,
                         Elf64_Phdr segments[MAXIMUM_SEGMENTS]) {
    const struct apus_mapping *headers = header_mapping(space, mapping);
    if (headers != NULL) {
        struct source memory = {.space = space, .address = headers->start, .file = -1};
        int count = read_segments(&memory, segments);
        if (count > 0) return count;
    }
    struct source source = {.file = open_mapped_file(space, mapping->path)};
    if (source.file < 0) return 0;
    int count = read_segments(&source, segments);
    close(source.file);
    return count;
}

uint64_t apus_load_bias(const struct apus_address_space *space, const struct apus_mapping *mapping) {
    Elf64_Phdr segments[MAXIMUM_SEGMENTS];
    int count = find_segments(space, mapping, segments);
    const Elf64_Phdr *segment = segment_of(mapping, segments, count);
    // An address of a file that is no ELF file is its offset in it.
    uint64_t file_address = segment == NULL ? mapping->file_offset
                                            : segment->p_vaddr + (mapping->file_offset - segment->p_offset);
    return mapping->start - file_address;  // unsigned: wraps around as addresses do
}

#endif
