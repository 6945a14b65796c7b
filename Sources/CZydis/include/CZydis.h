#ifndef APUS_CZYDIS_H
#define APUS_CZYDIS_H

// What Apus wants to know of x86-64 instructions, decoded by Zydis. The library is loaded when code is first decoded, so
// that other commands do not pay for it and work without it. Its own structures (400 bytes an instruction) stay in C.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Loads the library. 0: ready; 1: not on this machine; 2: its version is not the one of the headers.
int apus_zydis_load(void);

/// The extension that an instruction needs; NONE where every x86-64 CPU has it or executes it as something harmless.
enum apus_x86_feature {
    APUS_X86_NONE,
    APUS_X86_SSE3, APUS_X86_SSSE3, APUS_X86_SSE41, APUS_X86_SSE42, APUS_X86_SSE4A, APUS_X86_POPCNT, APUS_X86_CX16,
    APUS_X86_LAHF, APUS_X86_AES, APUS_X86_PCLMULQDQ, APUS_X86_XSAVE, APUS_X86_AVX, APUS_X86_F16C, APUS_X86_RDRAND,
    APUS_X86_FSGSBASE, APUS_X86_RDTSCP, APUS_X86_AVX2, APUS_X86_BMI1, APUS_X86_BMI2, APUS_X86_FMA, APUS_X86_MOVBE,
    /// LZCNT: no fault on CPUs without it, but another result.
    APUS_X86_LZCNT,
    APUS_X86_ADX, APUS_X86_RDSEED, APUS_X86_SHA, APUS_X86_CLFLUSHOPT, APUS_X86_CLWB, APUS_X86_FMA4, APUS_X86_XOP,
    APUS_X86_TBM, APUS_X86_THREEDNOW, APUS_X86_RTM, APUS_X86_PKU, APUS_X86_RDPID, APUS_X86_GFNI, APUS_X86_VAES,
    APUS_X86_VPCLMULQDQ, APUS_X86_AVXVNNI, APUS_X86_WAITPKG, APUS_X86_MOVDIRI, APUS_X86_SERIALIZE, APUS_X86_KEYLOCKER,
    APUS_X86_AMX, APUS_X86_OTHER, APUS_X86_AVX512F, APUS_X86_AVX512CD, APUS_X86_AVX512BW, APUS_X86_AVX512DQ,
    APUS_X86_AVX512VL, APUS_X86_AVX512OTHER,
    APUS_X86_FEATURE_COUNT
};

enum apus_x86_kind {
    APUS_X86_PLAIN, APUS_X86_CALL, APUS_X86_JUMP, APUS_X86_BRANCH, APUS_X86_RETURN,
    /// CPUID and XGETBV: the CPU is asked for what it has.
    APUS_X86_CPUID, APUS_X86_XGETBV,
    /// UD2 and its kin: the program raises a trap itself.
    APUS_X86_TRAP,
    APUS_X86_INT80, APUS_X86_HALT, APUS_X86_SELECT /* CMOVcc */, APUS_X86_SET /* SETcc */, APUS_X86_LEA,
    APUS_X86_MOVE /* copies a value without change but of width */, APUS_X86_PUSH, APUS_X86_POP, APUS_X86_LEAVE, APUS_X86_PADDING,
    /// XOR r,r and SUB r,r: the result does not depend on the operands.
    APUS_X86_CLEAR,
    APUS_X86_ADD, APUS_X86_SUBTRACT, APUS_X86_LOGIC /* AND, OR, TEST, CMP, shifts by an immediate */,
    /// Privileged: faults in any program, so it is data or a trap by design.
    APUS_X86_PRIVILEGED,
    /// No instruction begins here; one byte is skipped.
    APUS_X86_INVALID
};

/// Bits of `flags`.
enum {
    /// A call, jump or branch whose destination is in `target`.
    APUS_X86_DIRECT = 1,
    /// `target` is the absolute address of a memory operand that needs no register but RIP, or of its base with an index.
    APUS_X86_ABSOLUTE = 2,
    APUS_X86_MEMORY_READ = 4, APUS_X86_MEMORY_WRITE = 8,
    APUS_X86_HAS_IMMEDIATE = 16,
    /// A memory operand relative to FS or GS: thread-local.
    APUS_X86_SEGMENT = 32,
    /// The instruction has a memory operand, used as an address or accessed.
    APUS_X86_HAS_MEMORY = 64,
    /// The memory operand is relative to RIP, so that `target` is its address for certain. The other absolute operands,
    /// and immediates, are addresses only in an image that is always loaded at the same place.
    APUS_X86_RELATIVE = 128
};

/// Bit masks of registers: 0–15 general purpose (RAX RCX RDX RBX RSP RBP RSI RDI R8…), 16 the flags, 17–48 vector, 49–56 mask.
enum { APUS_X86_FLAGS_BIT = 16, APUS_X86_VECTOR_BIT = 17, APUS_X86_MASK_BIT = 49, APUS_X86_NO_REGISTER = 255 };

struct apus_x86_instruction {
    uint64_t address;
    uint64_t target;
    /// Values used, without the registers of an address. Only by apus_x86_decode.
    uint64_t reads;
    uint64_t writes;
    int64_t immediate;
    /// Of the memory operand; as encoded.
    int64_t displacement;
    uint8_t length, feature, kind, flags;
    /// Register numbers of the memory operand, or APUS_X86_NO_REGISTER. Only by apus_x86_decode.
    uint8_t base, index, scale;
    /// Bytes that the memory operand covers, at most 64. Only by apus_x86_decode.
    uint8_t size;
};

/// Decodes instructions one after the other and keeps only those that refer to something outside [low, high), need an
/// extension, or end a path: calls, jumps that leave [low, high), references to [image_low, image_high), CPUID and so on.
/// `is_fixed`: whether immediates and 32-bit displacements may be addresses.
/// Keeps the last instruction in any case. Stops at the end of the bytes or when `capacity` are found, and says in `consumed` how many bytes it has seen.
size_t apus_x86_sweep(const uint8_t *bytes, size_t count, uint64_t address, uint64_t low, uint64_t high,
                      uint64_t image_low, uint64_t image_high, bool is_fixed, struct apus_x86_instruction *found, size_t capacity,
                      size_t *consumed);

/// Decodes up to `capacity` instructions one after the other, with their operands. Returns how many.
size_t apus_x86_decode(const uint8_t *bytes, size_t count, uint64_t address, struct apus_x86_instruction *found,
                       size_t capacity);

/// Writes the instruction in Intel syntax, zero-terminated. Returns its length in bytes, 0 where no instruction begins.
size_t apus_x86_format(const uint8_t *bytes, size_t count, uint64_t address, char *text, size_t size);

#endif
