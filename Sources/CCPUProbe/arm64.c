#include "internal.h"

#ifdef __aarch64__

#ifdef __APPLE__
#include <sys/sysctl.h>
#else
#include <sys/auxv.h>
#endif

// The instructions stand as words, so that any assembler takes them. Memory operands are [x2].

/// Defines the probe of a feature: its instructions and nothing else.
#define RUN(name, words)                                                                      \
    static int run_##name(void *memory) {                                                     \
        register unsigned long first __asm__("x0") = 0;                                       \
        register unsigned long second __asm__("x1") = 0;                                      \
        register void *address __asm__("x2") = memory;                                        \
        __asm__ volatile(".inst " words                                                       \
                         : "+r"(first), "+r"(second), "+r"(address) : : "v0", "cc", "memory"); \
        return 1;                                                                             \
    }

RUN(crc32, "0x1ac14000")    // crc32b w0, w0, w1
// aese v0.16b, v0.16b; pmull v0.1q, v0.1d, v0.1d; sha1h s0, s0; sha256su0 v0.4s, v0.4s
RUN(armCrypto, "0x4e284800, 0x0ee0e000, 0x5e280800, 0x5e282800")
RUN(lse, "0xb8210040")      // ldadd w1, w0, [x2]
RUN(rdm, "0x2e408400")      // sqrdmlah v0.4h, v0.4h, v0.4h
RUN(fp16, "0x1ee02800")     // fadd h0, h0, h0
RUN(fhm, "0x0e20ec00")      // fmlal v0.2s, v0.2h, v0.2h
RUN(dotprod, "0x2e809400")  // udot v0.2s, v0.8b, v0.8b
RUN(fcma, "0x2e80e400")     // fcadd v0.2s, v0.2s, v0.2s, #90
RUN(jscvt, "0x1e7e0000")    // fjcvtzs w0, d0
RUN(lrcpc, "0xb8bfc040")    // ldapr w0, [x2]
RUN(lrcpc2, "0x99400040")   // ldapur w0, [x2]
RUN(dpb, "0xd50b7c22")      // dc cvap, x2
RUN(sha3, "0xce000000")     // eor3 v0.16b, v0.16b, v0.16b, v0.16b
RUN(armSHA512, "0xce608000")  // sha512h q0, q0, v0.2d
RUN(sm3, "0xce400000")      // sm3ss1 v0.4s, v0.4s, v0.4s, v0.4s
RUN(sm4, "0xcec08400")      // sm4e v0.4s, v0.4s
RUN(pauth, "0xdac10020")    // pacia x0, x1
RUN(flagm, "0xd500401f")    // cfinv
RUN(flagm2, "0xd500405f")   // axflag
RUN(frintts, "0x1e684000")  // frint32z d0, d0
RUN(bf16, "0x2e40fc00")     // bfdot v0.2s, v0.4h, v0.4h
RUN(i8mm, "0x4e80a400")     // smmla v0.4s, v0.16b, v0.16b
RUN(sve, "0x04bf5020")      // rdvl x0, #1
RUN(sve2, "0x05202c00")     // tbx z0.b, z0.b, z0.b
RUN(sme, "0x04bf5820")      // rdsvl x0, #1
RUN(mte, "0x9adf1000")      // irg x0, x0
RUN(sb, "0xd50330ff")       // sb
RUN(rng, "0xd53b2400")      // mrs x0, rndr
RUN(lse128, "0x19218040")   // swpp x0, x1, [x2]
RUN(mops, "0x19c10402, 0x19c14402, 0x19c18402")  // setp, setm, sete [x2]!, x0!, x1, of no bytes
RUN(wfxt, "0xd5031000")     // wfet x0: a time that has passed
RUN(cssc, "0xdac02000")     // abs x0, x0

// MARK: What the kernel announces

#ifdef __APPLE__

static int has(const char *name) {
    int value = 0;
    size_t size = sizeof value;
    return sysctlbyname(name, &value, &size, NULL, 0) == 0 && value != 0;
}
#define SAYS(name, word, mask, feature) \
    static int says_##name(void) { return has("hw.optional.arm." feature); }

#else

#ifndef AT_HWCAP2
#define AT_HWCAP2 26
#endif
// Linux's numbers (arch/arm64/include/uapi/asm/hwcap.h), which older headers do not have.
#define SAYS(name, word, mask, feature) \
    static int says_##name(void) { return (getauxval(word) & (mask)) == (mask); }

#endif

#define BIT(number) (1ul << (number))

SAYS(crc32, AT_HWCAP, BIT(7), "FEAT_CRC32")
SAYS(armCrypto, AT_HWCAP, BIT(3) | BIT(4) | BIT(5) | BIT(6), "FEAT_SHA256")
SAYS(lse, AT_HWCAP, BIT(8), "FEAT_LSE")
SAYS(rdm, AT_HWCAP, BIT(12), "FEAT_RDM")
SAYS(fp16, AT_HWCAP, BIT(9) | BIT(10), "FEAT_FP16")
SAYS(fhm, AT_HWCAP, BIT(23), "FEAT_FHM")
SAYS(dotprod, AT_HWCAP, BIT(20), "FEAT_DotProd")
SAYS(fcma, AT_HWCAP, BIT(14), "FEAT_FCMA")
SAYS(jscvt, AT_HWCAP, BIT(13), "FEAT_JSCVT")
SAYS(lrcpc, AT_HWCAP, BIT(15), "FEAT_LRCPC")
SAYS(lrcpc2, AT_HWCAP, BIT(26), "FEAT_LRCPC2")
SAYS(dpb, AT_HWCAP, BIT(16), "FEAT_DPB")
SAYS(sha3, AT_HWCAP, BIT(17), "FEAT_SHA3")
SAYS(armSHA512, AT_HWCAP, BIT(21), "FEAT_SHA512")
SAYS(sm3, AT_HWCAP, BIT(18), "FEAT_SM3")
SAYS(sm4, AT_HWCAP, BIT(19), "FEAT_SM4")
SAYS(pauth, AT_HWCAP, BIT(30), "FEAT_PAuth")
SAYS(flagm, AT_HWCAP, BIT(27), "FEAT_FlagM")
SAYS(flagm2, AT_HWCAP2, BIT(7), "FEAT_FlagM2")
SAYS(frintts, AT_HWCAP2, BIT(8), "FEAT_FRINTTS")
SAYS(bf16, AT_HWCAP2, BIT(14), "FEAT_BF16")
SAYS(i8mm, AT_HWCAP2, BIT(13), "FEAT_I8MM")
SAYS(sve, AT_HWCAP, BIT(22), "FEAT_SVE")
SAYS(sve2, AT_HWCAP2, BIT(1), "FEAT_SVE2")
SAYS(sme, AT_HWCAP2, BIT(23), "FEAT_SME")
SAYS(mte, AT_HWCAP2, BIT(18), "FEAT_MTE")
SAYS(sb, AT_HWCAP, BIT(29), "FEAT_SB")
SAYS(rng, AT_HWCAP2, BIT(16), "FEAT_RNG")
SAYS(lse128, AT_HWCAP2, BIT(47), "FEAT_LSE128")
SAYS(mops, AT_HWCAP2, BIT(43), "FEAT_MOPS")
SAYS(wfxt, AT_HWCAP2, BIT(31), "FEAT_WFxT")
SAYS(cssc, AT_HWCAP2, BIT(34), "FEAT_CSSC")

#define FEATURE(name) {#name, run_##name, says_##name}

const struct apus_probe apus_probes[] = {
    FEATURE(crc32),  FEATURE(armCrypto), FEATURE(lse),  FEATURE(rdm),    FEATURE(fp16),   FEATURE(fhm),
    FEATURE(dotprod), FEATURE(fcma),     FEATURE(jscvt), FEATURE(lrcpc), FEATURE(lrcpc2), FEATURE(dpb),
    FEATURE(sha3),   FEATURE(armSHA512), FEATURE(sm3),  FEATURE(sm4),    FEATURE(pauth),  FEATURE(flagm),
    FEATURE(flagm2), FEATURE(frintts),   FEATURE(bf16), FEATURE(i8mm),   FEATURE(sve),    FEATURE(sve2),
    FEATURE(sme),    FEATURE(mte),       FEATURE(sb),   FEATURE(rng),    FEATURE(lse128), FEATURE(mops),
    FEATURE(wfxt),   FEATURE(cssc),
};
const size_t apus_probes_count = sizeof apus_probes / sizeof *apus_probes;

#endif
