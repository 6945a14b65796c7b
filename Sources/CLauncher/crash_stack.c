#define _GNU_SOURCE
#include "crash_capture.h"

#ifdef __linux__

#include <string.h>

enum {
    STACK_BYTES = 64 * 1024,
    WORDS = STACK_BYTES / 8,
};

static uint64_t words[WORDS];

/// The top bits of an address on arm64 may hold a signature (pointer authentication) or a tag.
static uint64_t plain_address(uint64_t word) {
#ifdef __aarch64__
    return word & 0x0000FFFFFFFFFFFF;
#else
    return word;
#endif
}

/// Whether the instruction that ends at `address` is a call: words that only look like code addresses are common on a
/// stack (function pointers, old data).
static bool follows_call(const struct apus_address_space *space, uint64_t address) {
#ifdef __aarch64__
    uint32_t instruction;
    if (apus_address_space_read(space, address - 4, &instruction, 4) != 4) return false;
    bool is_bl = instruction >> 26 == 0x25;
    bool is_blr = (instruction & 0xFFFFFC1F) == 0xD63F0000 || (instruction & 0xFEFFF800) == 0xD63F0800;  // BLR, BLRA…
    return is_bl || is_blr;
#else
    uint8_t code[8] = {0};
    size_t count = 7;
    if (apus_address_space_read(space, address - count, code + 1, count) != count) return false;
    if (code[3] == 0xE8) return true;  // call rel32
    // call r/m64 (FF /2): two bytes with a register, up to seven with SIB and displacement.
    for (int start = 1; start <= 6; start++)
        if (code[start] == 0xFF && (code[start + 1] >> 3 & 7) == 2) return true;
    return false;
#endif
}

static bool is_return_address(const struct apus_address_space *space, uint64_t address) {
    const struct apus_mapping *mapping = apus_mapping_at(space, address);
    if (mapping == NULL || !mapping->is_executable || address - mapping->start < 8) return false;
    return follows_call(space, address);
}

static bool add(struct apus_crash *crash, const struct apus_address_space *space, uint64_t address) {
    return apus_crash_add_frame(crash, address, apus_crash_module_at(crash, space, address));
}

/// What is known of the stack, as words from the stack pointer on.
struct stack {
    uint64_t start;
    size_t count;
};

static struct stack read_stack(const struct apus_address_space *space, uint64_t stack_pointer) {
    uint64_t start = stack_pointer & ~(uint64_t)7;
    return (struct stack){.start = start, .count = apus_address_space_read(space, start, words, sizeof words) / 8};
}

/// Words `first` up to `end`, as far as they may be return addresses. False when the crash has no more room.
static bool scan(struct apus_crash *crash, const struct apus_address_space *space, size_t first, size_t end) {
    for (size_t index = first; index < end; index++) {
        uint64_t address = plain_address(words[index]);
        if (is_return_address(space, address) && !add(crash, space, address)) return false;
    }
    return true;
}

/// The index of the frame record (older frame pointer, return address) that a frame pointer shows, if it is one.
static bool find_record(const struct apus_address_space *space, const struct stack *stack, uint64_t frame_pointer,
                        size_t first, size_t *index) {
    if (frame_pointer < stack->start || frame_pointer % 8 != 0) return false;
    uint64_t distance = (frame_pointer - stack->start) / 8;
    if (distance < first || distance + 1 >= stack->count) return false;
    *index = (size_t)distance;
    return is_return_address(space, plain_address(words[*index + 1]));
}

/// The chain of frame pointers is exact where it exists. What lies before its first record belongs to functions without
/// one (a leaf, the C library's abort), and so does everything when the chain breaks: there each word is tried.
void apus_crash_walk_stack(struct apus_crash *crash, const struct apus_address_space *space,
                           const struct apus_crash_registers *registers) {
    struct stack stack = read_stack(space, registers->stack_pointer);
    uint64_t link = plain_address(registers->link), frame_pointer = registers->frame_pointer;
    if (link != 0 && is_return_address(space, link) && !add(crash, space, link)) return;
    size_t next = 0, record;
    while (find_record(space, &stack, frame_pointer, next, &record)) {
        bool is_first = next == 0;
        if (is_first && !scan(crash, space, next, record)) return;
        if (!add(crash, space, plain_address(words[record + 1]))) return;
        frame_pointer = words[record];
        next = record + 2;
    }
    // The outermost function has no caller: its record ends with 0.
    if (next == 0 || frame_pointer != 0) scan(crash, space, next, stack.count);
}

bool apus_crash_handler_runs(const struct apus_address_space *space, uint64_t stack_pointer,
                             const struct apus_crash_registers *fault) {
    struct stack stack = read_stack(space, stack_pointer);
    // On both architectures the kernel saves the stack pointer right before the program counter (struct sigcontext).
    for (size_t index = 0; index + 1 < stack.count; index++)
        if (words[index] == fault->stack_pointer && words[index + 1] == fault->program_counter) return true;
    return false;
}

#endif
