#include "internal.h"

#ifdef __x86_64__

#include <cpuid.h>

// The instructions stand as bytes, so that any assembler takes them. Memory operands are [rdi].
// XOP and TBM (AMD, 2011 to 2016) are not tried: their first byte is POP's, and qemu takes it for that.

/// Registers that an instruction may change. The vector registers count by their lowest part: nothing else uses the
/// rest, and the process ends right behind the probes.
#define OPERANDS "+D"(memory), "+a"(a), "+c"(c), "+d"(d)
#define CHANGED "xmm0", "cc", "memory"

/// Defines the probe of a feature: its instructions and nothing else.
#define RUN(name, bytes)                                                         \
    static int run_##name(void *memory) {                                        \
        unsigned long a = 0, c = 0, d = 0;                                       \
        __asm__ volatile(".byte " bytes : OPERANDS : : CHANGED);                 \
        return 1;                                                                \
    }

#define VZEROUPPER ", 0xc5, 0xf8, 0x77"

RUN(sse3, "0xf2, 0x0f, 0xd0, 0xc0")                            // addsubps xmm0, xmm0
RUN(ssse3, "0x66, 0x0f, 0x38, 0x00, 0xc0")                     // pshufb xmm0, xmm0
RUN(sse41, "0x66, 0x0f, 0x38, 0x40, 0xc0")                     // pmulld xmm0, xmm0
RUN(sse42, "0x66, 0x0f, 0x38, 0x37, 0xc0")                     // pcmpgtq xmm0, xmm0
RUN(sse4a, "0x66, 0x0f, 0x79, 0xc0")                           // extrq xmm0, xmm0
RUN(cx16, "0x48, 0x0f, 0xc7, 0x0f")                            // cmpxchg16b [rdi]
RUN(lahf, "0x9f")                                              // lahf
RUN(aes, "0x66, 0x0f, 0x38, 0xdc, 0xc0")                       // aesenc xmm0, xmm0
RUN(pclmulqdq, "0x66, 0x0f, 0x3a, 0x44, 0xc0, 0x00")           // pclmulqdq xmm0, xmm0, 0
RUN(xsave, "0x0f, 0x01, 0xd0")                                 // xgetbv
RUN(avx, "0xc5, 0xfc, 0x58, 0xc0" VZEROUPPER)                  // vaddps ymm0, ymm0, ymm0
RUN(f16c, "0xc4, 0xe2, 0x7d, 0x13, 0xc0" VZEROUPPER)           // vcvtph2ps ymm0, xmm0
RUN(rdrand, "0x0f, 0xc7, 0xf0")                                // rdrand eax
RUN(fsgsbase, "0xf3, 0x48, 0x0f, 0xae, 0xc0")                  // rdfsbase rax
RUN(rdtscp, "0x0f, 0x01, 0xf9")                                // rdtscp
RUN(avx2, "0xc5, 0xfd, 0xfe, 0xc0" VZEROUPPER)                 // vpaddd ymm0, ymm0, ymm0
RUN(bmi1, "0xc4, 0xe2, 0x78, 0xf2, 0xc1")                      // andn eax, eax, ecx
RUN(bmi2, "0xc4, 0xe2, 0x7b, 0xf5, 0xc1")                      // pdep eax, eax, ecx
RUN(fma, "0xc4, 0xe2, 0x7d, 0x98, 0xc0" VZEROUPPER)            // vfmadd132ps ymm0, ymm0, ymm0
RUN(movbe, "0x0f, 0x38, 0xf0, 0x07")                           // movbe eax, [rdi]
RUN(adx, "0x66, 0x0f, 0x38, 0xf6, 0xc1, 0xf3, 0x0f, 0x38, 0xf6, 0xc1")  // adcx eax, ecx; adox eax, ecx
RUN(rdseed, "0x0f, 0xc7, 0xf8")                                // rdseed eax
RUN(sha, "0x0f, 0x38, 0xc9, 0xc0")                             // sha1msg1 xmm0, xmm0
RUN(clflushopt, "0x66, 0x0f, 0xae, 0x3f")                      // clflushopt [rdi]
RUN(clwb, "0x66, 0x0f, 0xae, 0x37")                            // clwb [rdi]
RUN(prefetchw, "0x0f, 0x0d, 0x0f")                             // prefetchw [rdi]: does nothing on CPUs without it
RUN(fma4, "0xc4, 0xe3, 0xf9, 0x68, 0xc0, 0x00" VZEROUPPER)     // vfmaddps xmm0, xmm0, xmm0, xmm0
RUN(threeDNow, "0x0f, 0x0f, 0xc0, 0x9e, 0x0f, 0x77")           // pfadd mm0, mm0; emms
RUN(rtm, "0x0f, 0x01, 0xd6")                                   // xtest
RUN(pku, "0x0f, 0x01, 0xee")                                   // rdpkru
RUN(rdpid, "0xf3, 0x0f, 0xc7, 0xf8")                           // rdpid rax
RUN(gfni, "0x66, 0x0f, 0x38, 0xcf, 0xc0")                      // gf2p8mulb xmm0, xmm0
RUN(vaes, "0xc4, 0xe2, 0x7d, 0xdc, 0xc0" VZEROUPPER)           // vaesenc ymm0, ymm0, ymm0
RUN(vpclmulqdq, "0xc4, 0xe3, 0x7d, 0x44, 0xc0, 0x00" VZEROUPPER)  // vpclmulqdq ymm0, ymm0, ymm0, 0
RUN(avxvnni, "0xc4, 0xe2, 0x79, 0x50, 0xc0" VZEROUPPER)        // {vex} vpdpbusd xmm0, xmm0, xmm0
RUN(avxifma, "0xc4, 0xe2, 0xf9, 0xb4, 0xc0" VZEROUPPER)        // {vex} vpmadd52luq xmm0, xmm0, xmm0
RUN(movdiri, "0x0f, 0x38, 0xf9, 0x07")                         // movdiri [rdi], eax
RUN(serialize, "0x0f, 0x01, 0xe8")                             // serialize
RUN(sha512, "0xc4, 0xe2, 0x7f, 0xcc, 0xc0" VZEROUPPER)         // vsha512msg1 ymm0, xmm0
RUN(avx512f, "0x62, 0xf1, 0x7d, 0x48, 0xfe, 0xc0" VZEROUPPER)  // vpaddd zmm0, zmm0, zmm0
RUN(avx512cd, "0x62, 0xf2, 0x7d, 0x48, 0x44, 0xc0" VZEROUPPER) // vplzcntd zmm0, zmm0
RUN(avx512bw, "0x62, 0xf1, 0x7d, 0x48, 0xfc, 0xc0" VZEROUPPER) // vpaddb zmm0, zmm0, zmm0
RUN(avx512dq, "0x62, 0xf2, 0xfd, 0x48, 0x40, 0xc0" VZEROUPPER) // vpmullq zmm0, zmm0, zmm0
RUN(avx512vl, "0x62, 0xa1, 0x7d, 0x00, 0xfe, 0xc0" VZEROUPPER) // vpaddd xmm16, xmm16, xmm16

/// The extensions of one generation of CPUs (Ice Lake, Zen 4); all of them, or none counts:
/// vpmadd52luq (IFMA), vpermb (VBMI), vpshldvd (VBMI2), vpdpbusd (VNNI), vpopcntb (BITALG), vpopcntd (VPOPCNTDQ).
RUN(avx512other,
    "0x62, 0xf2, 0xfd, 0x48, 0xb4, 0xc0, 0x62, 0xf2, 0x7d, 0x48, 0x8d, 0xc0,"
    "0x62, 0xf2, 0x7d, 0x48, 0x71, 0xc0, 0x62, 0xf2, 0x7d, 0x48, 0x50, 0xc0,"
    "0x62, 0xf2, 0x7d, 0x48, 0x54, 0xc0, 0x62, 0xf2, 0x7d, 0x48, 0x55, 0xc0" VZEROUPPER)

/// popcnt eax, ecx
static int run_popcnt(void *memory) {
    unsigned long a = 0, c = 0x55, d = 0;
    __asm__ volatile(".byte 0xf3, 0x0f, 0xb8, 0xc1" : OPERANDS : : CHANGED);
    return a == 4;
}

/// lzcnt eax, ecx: a CPU without it ignores the prefix and executes BSR, whose result is another.
static int run_lzcnt(void *memory) {
    unsigned long a = 0, c = 1, d = 0;
    __asm__ volatile(".byte 0xf3, 0x0f, 0xbd, 0xc1" : OPERANDS : : CHANGED);
    return a == 31;
}

/// tpause ecx, until a time that has passed: clears the zero flag. A CPU without it may ignore the prefix and execute
/// MFENCE.
static int run_waitpkg(void *memory) {
    unsigned long a = 0, c = 0, d = 0;
    // xor eax, eax; tpause ecx; setne al
    __asm__ volatile(".byte 0x31, 0xc0, 0x66, 0x0f, 0xae, 0xf1, 0x0f, 0x95, 0xc0" : OPERANDS : : CHANGED);
    return (a & 0xff) == 1;
}

// MARK: What CPUID announces

enum { EAX, EBX, ECX, EDX };

static unsigned cpuid(unsigned leaf, unsigned subleaf, int which) {
    unsigned registers[4] = {0, 0, 0, 0};
    if (!__get_cpuid_count(leaf, subleaf, &registers[0], &registers[1], &registers[2], &registers[3])) return 0;
    return registers[which];
}

/// Whether the kernel saves the registers named by bits of XCR0; without that a program may not use them, whatever
/// CPUID says of the instructions.
static int are_saved(unsigned mask) {
    if (!mask) return 1;
    if (!(cpuid(1, 0, ECX) >> 27 & 1)) return 0;
    unsigned low, high;
    __asm__ volatile(".byte 0x0f, 0x01, 0xd0" : "=a"(low), "=d"(high) : "c"(0));
    return (low & mask) == mask;
}

enum { NO_STATE = 0, YMM = 0x6, ZMM = 0xe6 };

#define SAYS(name, leaf, subleaf, which, bit, state)                             \
    static int says_##name(void) { return (cpuid(leaf, subleaf, which) >> (bit) & 1) && are_saved(state); }

SAYS(sse3, 1, 0, ECX, 0, NO_STATE)
SAYS(pclmulqdq, 1, 0, ECX, 1, NO_STATE)
SAYS(ssse3, 1, 0, ECX, 9, NO_STATE)
SAYS(fma, 1, 0, ECX, 12, YMM)
SAYS(cx16, 1, 0, ECX, 13, NO_STATE)
SAYS(sse41, 1, 0, ECX, 19, NO_STATE)
SAYS(sse42, 1, 0, ECX, 20, NO_STATE)
SAYS(movbe, 1, 0, ECX, 22, NO_STATE)
SAYS(popcnt, 1, 0, ECX, 23, NO_STATE)
SAYS(aes, 1, 0, ECX, 25, NO_STATE)
SAYS(xsave, 1, 0, ECX, 27, NO_STATE)
SAYS(avx, 1, 0, ECX, 28, YMM)
SAYS(f16c, 1, 0, ECX, 29, YMM)
SAYS(rdrand, 1, 0, ECX, 30, NO_STATE)
SAYS(fsgsbase, 7, 0, EBX, 0, NO_STATE)
SAYS(bmi1, 7, 0, EBX, 3, NO_STATE)
SAYS(avx2, 7, 0, EBX, 5, YMM)
SAYS(bmi2, 7, 0, EBX, 8, NO_STATE)
SAYS(rtm, 7, 0, EBX, 11, NO_STATE)
SAYS(avx512f, 7, 0, EBX, 16, ZMM)
SAYS(avx512dq, 7, 0, EBX, 17, ZMM)
SAYS(rdseed, 7, 0, EBX, 18, NO_STATE)
SAYS(adx, 7, 0, EBX, 19, NO_STATE)
SAYS(clflushopt, 7, 0, EBX, 23, NO_STATE)
SAYS(clwb, 7, 0, EBX, 24, NO_STATE)
SAYS(avx512cd, 7, 0, EBX, 28, ZMM)
SAYS(sha, 7, 0, EBX, 29, NO_STATE)
SAYS(avx512bw, 7, 0, EBX, 30, ZMM)
SAYS(avx512vl, 7, 0, EBX, 31, ZMM)
SAYS(pku, 7, 0, ECX, 4, NO_STATE)  // OSPKE: the kernel has switched it on
SAYS(waitpkg, 7, 0, ECX, 5, NO_STATE)
SAYS(gfni, 7, 0, ECX, 8, NO_STATE)
SAYS(vaes, 7, 0, ECX, 9, YMM)
SAYS(vpclmulqdq, 7, 0, ECX, 10, YMM)
SAYS(rdpid, 7, 0, ECX, 22, NO_STATE)
SAYS(movdiri, 7, 0, ECX, 27, NO_STATE)
SAYS(serialize, 7, 0, EDX, 14, NO_STATE)
SAYS(sha512, 7, 1, EAX, 0, YMM)
SAYS(avxvnni, 7, 1, EAX, 4, YMM)
SAYS(avxifma, 7, 1, EAX, 23, YMM)
SAYS(lahf, 0x80000001, 0, ECX, 0, NO_STATE)
SAYS(lzcnt, 0x80000001, 0, ECX, 5, NO_STATE)
SAYS(sse4a, 0x80000001, 0, ECX, 6, NO_STATE)
SAYS(prefetchw, 0x80000001, 0, ECX, 8, NO_STATE)
SAYS(fma4, 0x80000001, 0, ECX, 16, YMM)
SAYS(rdtscp, 0x80000001, 0, EDX, 27, NO_STATE)
SAYS(threeDNow, 0x80000001, 0, EDX, 31, NO_STATE)

static int says_avx512other(void) {
    const unsigned others = 1u << 1 | 1u << 6 | 1u << 11 | 1u << 12 | 1u << 14;
    return (cpuid(7, 0, EBX) >> 21 & 1) && (cpuid(7, 0, ECX) & others) == others && are_saved(ZMM);
}

#define FEATURE(name) {#name, run_##name, says_##name}

const struct apus_probe apus_probes[] = {
    FEATURE(sse3), FEATURE(ssse3), FEATURE(sse41), FEATURE(sse42), FEATURE(sse4a), FEATURE(popcnt),
    FEATURE(cx16), FEATURE(lahf), FEATURE(aes), FEATURE(pclmulqdq), FEATURE(xsave), FEATURE(avx),
    FEATURE(f16c), FEATURE(rdrand), FEATURE(fsgsbase), FEATURE(rdtscp), FEATURE(avx2), FEATURE(bmi1),
    FEATURE(bmi2), FEATURE(fma), FEATURE(movbe), FEATURE(lzcnt), FEATURE(adx), FEATURE(rdseed), FEATURE(sha),
    FEATURE(clflushopt), FEATURE(clwb), FEATURE(prefetchw), FEATURE(fma4), FEATURE(threeDNow), FEATURE(rtm),
    FEATURE(pku), FEATURE(rdpid), FEATURE(gfni), FEATURE(vaes), FEATURE(vpclmulqdq), FEATURE(avxvnni),
    FEATURE(avxifma), FEATURE(waitpkg), FEATURE(movdiri), FEATURE(serialize), FEATURE(sha512),
    FEATURE(avx512f), FEATURE(avx512cd), FEATURE(avx512bw), FEATURE(avx512dq), FEATURE(avx512vl),
    FEATURE(avx512other),
};
const size_t apus_probes_count = sizeof apus_probes / sizeof *apus_probes;

#elif !defined(__aarch64__)

const struct apus_probe apus_probes[1] = {{0}};
const size_t apus_probes_count = 0;

#endif
