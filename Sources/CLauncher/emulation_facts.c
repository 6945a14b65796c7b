#define _GNU_SOURCE
#include "emulation.h"

#ifdef __linux__

#include "crash.h"

#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MAXIMUM_MAPPINGS = 65536,
    MAXIMUM_SEGMENTS = 512,
    STACK_WORDS = 1024,  // in which return addresses are looked for
};

/// A part of a file in the emulator's memory.
struct mapping {
    uint64_t start, end, offset;
    char *path;
};

/// The crashed process. An address of the program plus `base` is the address in the emulator (qemu's guest_base).
struct victim {
    pid_t thread;
    int memory;
    uint64_t base;
    struct mapping *mappings;
    size_t count;
    uint64_t program_counter, stack_pointer, link;
};

static bool read_memory(const struct victim *victim, uint64_t address, void *buffer, size_t size) {
    return pread(victim->memory, buffer, size, (off_t)(address + victim->base)) == (ssize_t)size;
}

static void read_mappings(struct victim *victim) {
    char path[64], *line = NULL;
    size_t line_size = 0, capacity = 0;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)victim->thread);
    FILE *maps = fopen(path, "re");
    while (maps != NULL && victim->count < MAXIMUM_MAPPINGS && getline(&line, &line_size, maps) > 0) {
        unsigned long long start, end, offset;
        int name = 0;
        int fields = sscanf(line, "%llx-%llx %*s %llx %*s %*s %n", &start, &end, &offset, &name);
        if (fields != 3 || line[name] != '/') continue;
        line[strcspn(line, "\n")] = 0;
        if (victim->count == capacity) {
            capacity = capacity ? capacity * 2 : 64;
            struct mapping *larger = realloc(victim->mappings, capacity * sizeof *larger);
            if (larger == NULL) break;
            victim->mappings = larger;
        }
        char *copy = strdup(line + name);
        if (copy == NULL) break;
        victim->mappings[victim->count++] = (struct mapping){start, end, offset, copy};
    }
    free(line);
    if (maps != NULL) fclose(maps);
}

static void free_victim(struct victim *victim) {
    for (size_t index = 0; index < victim->count; index++) free(victim->mappings[index].path);
    free(victim->mappings);
    if (victim->memory >= 0) close(victim->memory);
}

static const struct mapping *mapping_at(const struct victim *victim, uint64_t address) {
    for (size_t index = 0; index < victim->count; index++)
        if (address >= victim->mappings[index].start && address < victim->mappings[index].end)
            return &victim->mappings[index];
    return NULL;
}

// MARK: Modules

/// The load segments of a 64-bit ELF file; 0 when it is none.
static int read_segments(const char *path, Elf64_Ehdr *header, Elf64_Phdr segments[MAXIMUM_SEGMENTS]) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), count = 0;
    if (file < 0) return 0;
    if (pread(file, header, sizeof *header, 0) == sizeof *header && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0
        && header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_phentsize == sizeof(Elf64_Phdr)) {
        for (int index = 0; index < header->e_phnum && count < MAXIMUM_SEGMENTS; index++) {
            off_t offset = (off_t)(header->e_phoff + (uint64_t)index * sizeof(Elf64_Phdr));
            if (pread(file, &segments[count], sizeof(Elf64_Phdr), offset) != sizeof(Elf64_Phdr)) break;
            if (segments[count].p_type == PT_LOAD) count++;
        }
    }
    close(file);
    return count;
}

/// The file at an address of the program: what was added to the file's own addresses, and whether the file calls that
/// part executable (the emulator maps code without that permission). NULL where there is no ELF file.
static const char *module_at(const struct victim *victim, uint64_t address, uint64_t *load_bias, bool *is_executable) {
    const struct mapping *mapping = mapping_at(victim, address + victim->base);
    if (mapping == NULL) return NULL;
    uint64_t offset = address + victim->base - mapping->start + mapping->offset;
    static Elf64_Phdr segments[MAXIMUM_SEGMENTS];
    Elf64_Ehdr header;
    int count = read_segments(mapping->path, &header, segments);
    for (int index = 0; index < count; index++) {
        const Elf64_Phdr *segment = &segments[index];
        if (offset < segment->p_offset || offset - segment->p_offset >= segment->p_filesz) continue;
        *load_bias = address - (segment->p_vaddr + (offset - segment->p_offset));
        *is_executable = (segment->p_flags & PF_X) != 0;
        return mapping->path;
    }
    return NULL;
}

static bool auxiliary_value(const struct apus_emulated_crash *crash, uint64_t type, uint64_t *value) {
    for (size_t offset = 0; offset + 16 <= crash->auxiliary_size; offset += 16) {
        uint64_t pair[2];
        memcpy(pair, crash->auxiliary + offset, sizeof pair);
        if (pair[0] == AT_NULL) return false;
        if (pair[0] != type) continue;
        *value = pair[1];
        return true;
    }
    return false;
}

/// Where the program's address space lies in the emulator's: the program headers are at AT_PHDR for the program, and in
/// the first mapping of its file for the emulator. 0, as for any program whose addresses were free in the emulator,
/// where that cannot be told.
static uint64_t find_base(const struct victim *victim, const struct apus_emulated_crash *crash, const char *program) {
    uint64_t headers;
    char name[PATH_MAX];
    if (!auxiliary_value(crash, AT_PHDR, &headers) || realpath(program, name) == NULL) return 0;
    const struct mapping *mapping = mapping_at(victim, headers);
    if (mapping != NULL && strcmp(mapping->path, name) == 0) return 0;
    for (size_t index = 0; index < victim->count; index++) {
        const struct mapping *first = &victim->mappings[index];
        if (first->offset != 0 || strcmp(first->path, name) != 0) continue;
        uint64_t base = first->start - (headers & ~(uint64_t)0xfff);
        return (base & 0xfff) == 0 ? base : 0;
    }
    return 0;
}

/// The program itself, where the emulator has copied instead of mapped it: load bias = AT_ENTRY - e_entry.
static bool is_in_program(const struct apus_emulated_crash *crash, const char *program, uint64_t address,
                          uint64_t *load_bias) {
    static Elf64_Phdr segments[MAXIMUM_SEGMENTS];
    Elf64_Ehdr header;
    uint64_t entry;
    int count = read_segments(program, &header, segments);
    if (count == 0 || !auxiliary_value(crash, AT_ENTRY, &entry)) return false;
    *load_bias = entry - header.e_entry;
    for (int index = 0; index < count; index++)
        if (address - *load_bias - segments[index].p_vaddr < segments[index].p_memsz) return true;
    return false;
}

// MARK: Return addresses

/// Whether the instruction before an address is a call.
static bool follows_call(const struct victim *victim, uint16_t machine, uint64_t address) {
    unsigned char before[8];
    if (address < 8 || !read_memory(victim, address - sizeof before, before, sizeof before)) return false;
    if (machine == EM_AARCH64) {
        uint32_t instruction;
        if (address % 4 != 0) return false;
        memcpy(&instruction, before + 4, 4);
        return (instruction & 0xfc000000) == 0x94000000 || (instruction & 0xfffffc1f) == 0xd63f0000;  // BL, BLR
    }
    if (before[3] == 0xe8) return true;
    // FF /2, with all the lengths that its operand can have.
    for (int length = 2; length <= 7; length++)
        if (before[8 - length] == 0xff && (before[9 - length] & 0x38) == 0x10) return true;
    return false;
}

static bool add_return_address(const struct victim *victim, uint16_t machine, uint64_t address,
                               struct apus_crash *crash) {
    uint64_t bias;
    bool is_executable;
    const char *path = module_at(victim, address, &bias, &is_executable);
    if (path == NULL || !is_executable || !follows_call(victim, machine, address)) return true;
    return apus_crash_add_frame(crash, address, apus_crash_add_module(crash, path, bias));
}

/// Every word on the stack that points behind a call: the true ones, in order, with some old ones between them.
static void add_return_addresses(const struct victim *victim, uint16_t machine, struct apus_crash *crash) {
    uint64_t previous = 0;
    if (victim->link != 0) add_return_address(victim, machine, victim->link, crash);
    for (int index = 0; index < STACK_WORDS; index++) {
        uint64_t word;
        if (!read_memory(victim, victim->stack_pointer + 8 * (uint64_t)index, &word, sizeof word)) return;
        if (word == previous || word < 4096) continue;
        previous = word;
        if (!add_return_address(victim, machine, word, crash)) return;
    }
}

// MARK: The message

static uint64_t register_at(const struct apus_emulated_crash *crash, size_t index) {
    uint64_t value = 0;
    if ((index + 1) * 8 <= crash->registers_size) memcpy(&value, crash->registers + index * 8, 8);
    return value;
}

static void take_registers(struct victim *victim, const struct apus_emulated_crash *crash, uint16_t machine) {
    // The order of struct user_regs_struct (x86-64) and user_pt_regs (arm64).
    bool is_arm = machine == EM_AARCH64;
    victim->program_counter = register_at(crash, is_arm ? 32 : 16);
    victim->stack_pointer = register_at(crash, is_arm ? 31 : 19);
    victim->link = is_arm ? register_at(crash, 30) : 0;
}

static pid_t process_of(pid_t thread) {
    char path[64], line[256];
    int process = thread;
    snprintf(path, sizeof path, "/proc/%d/status", (int)thread);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "Tgid: %d", &process) == 1) break;
    if (file != NULL) fclose(file);
    return process;
}

static void fill(struct apus_crash *crash, struct victim *victim, const struct apus_emulation *emulation,
                 const struct apus_emulated_crash *seen) {
    crash->signal = seen->signal_number;
    crash->process = process_of(seen->thread);
    crash->program_counter = victim->program_counter;
    crash->stack_pointer = victim->stack_pointer;
    crash->architecture = emulation->machine == EM_AARCH64 ? APUS_CRASH_ARM64 : APUS_CRASH_X86_64;
    snprintf(crash->emulated_model, sizeof crash->emulated_model, "%s", emulation->model);
    if (seen->has_fault) {
        crash->flags |= APUS_CRASH_HAS_SIGNAL_CODE;
        crash->signal_code = seen->fault_code;
        // A general protection fault (SI_KERNEL) has no address.
        if (seen->fault_code != SI_KERNEL) crash->flags |= APUS_CRASH_HAS_FAULT_ADDRESS;
        crash->fault_address = seen->fault_address - victim->base;
    }
    // Fewer where the mapping ends.
    ssize_t count = pread(victim->memory, crash->code, sizeof crash->code,
                          (off_t)(victim->program_counter + victim->base));
    crash->code_count = count > 0 ? (uint8_t)count : 0;

    uint64_t bias;
    bool is_executable;
    const char *module = module_at(victim, victim->program_counter, &bias, &is_executable);
    if (module == NULL && is_in_program(seen, crash->executable, victim->program_counter, &bias))
        module = crash->executable;
    if (module != NULL) crash->module = apus_crash_add_module(crash, module, bias);
    add_return_addresses(victim, emulation->machine, crash);
}

void apus_emulation_report_crash(const struct apus_emulation *emulation, const struct apus_emulated_crash *seen) {
    if (!apus_crash_reports_left()) return;
    char path[64], program[PATH_MAX];
    struct victim victim = {.thread = seen->thread};
    snprintf(path, sizeof path, "/proc/%d/mem", (int)seen->thread);
    victim.memory = open(path, O_RDONLY | O_CLOEXEC);
    read_mappings(&victim);

    static struct apus_crash crash;  // 140 KB
    apus_crash_begin(&crash);
    if (apus_emulated_program(emulation, process_of(seen->thread), program, sizeof program)
        && realpath(program, crash.executable) == NULL)
        snprintf(crash.executable, sizeof crash.executable, "%s", program);
    victim.base = find_base(&victim, seen, crash.executable);
    take_registers(&victim, seen, emulation->machine);
    fill(&crash, &victim, emulation, seen);
    if (crash.process == apus_main_child_id()) crash.flags |= APUS_CRASH_IS_MAIN_PROCESS;
    apus_crash_report(&crash);
    free_victim(&victim);
}

#endif
