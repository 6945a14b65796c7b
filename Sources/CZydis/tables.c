#include "CZydis.h"
#include "load.h"

static unsigned char features[ZYDIS_ISA_SET_MAX_VALUE + 1];
static unsigned char bits[ZYDIS_REGISTER_MAX_VALUE + 1];

struct range {
    ZydisISASet first, last;
    enum apus_x86_feature feature;
};

#define SET(name) ZYDIS_ISA_SET_##name

// Not here, because no CPU faults on them: PAUSE, prefetches (PREFETCHW too: Intel's 64-bit CPUs execute it as a no-op),
// the no-operation space (ENDBR64, RDSSP, CLDEMOTE, MPX), CLFLUSH, which came with SSE2.
static const struct range ranges[] = {
    {SET(ADOX_ADCX), SET(ADOX_ADCX), APUS_X86_ADX},
    {SET(AES), SET(AES), APUS_X86_AES},
    {SET(AMD3DNOW), SET(AMD3DNOW), APUS_X86_THREEDNOW},
    {SET(AMX_BF16), SET(AMX_TILE), APUS_X86_AMX},
    {SET(AVX), SET(AVX), APUS_X86_AVX},
    {SET(AVX2), SET(AVX2GATHER), APUS_X86_AVX2},
    {SET(AVX512BW_128), SET(AVX512BW_KOP), APUS_X86_AVX512BW},
    {SET(AVX512CD_128), SET(AVX512CD_512), APUS_X86_AVX512CD},
    {SET(AVX512DQ_128), SET(AVX512DQ_SCALAR), APUS_X86_AVX512DQ},
    {SET(AVX512ER_512), SET(AVX512ER_SCALAR), APUS_X86_AVX512OTHER},
    {SET(AVX512F_128), SET(AVX512F_256), APUS_X86_AVX512VL},
    {SET(AVX512F_128N), SET(AVX512F_128N), APUS_X86_AVX512F},
    {SET(AVX512F_512), SET(AVX512F_SCALAR), APUS_X86_AVX512F},
    {SET(AVX512PF_512), SET(AVX512_VPOPCNTDQ_512), APUS_X86_AVX512OTHER},
    {SET(AVXAES), SET(AVXAES), APUS_X86_AVX},
    {SET(AVX_GFNI), SET(AVX_GFNI), APUS_X86_GFNI},
    {SET(AVX_VNNI), SET(AVX_VNNI), APUS_X86_AVXVNNI},
    {SET(BMI1), SET(BMI1), APUS_X86_BMI1},
    {SET(BMI2), SET(BMI2), APUS_X86_BMI2},
    {SET(CLFLUSHOPT), SET(CLFLUSHOPT), APUS_X86_CLFLUSHOPT},
    {SET(CLWB), SET(CLWB), APUS_X86_CLWB},
    {SET(CMPXCHG16B), SET(CMPXCHG16B), APUS_X86_CX16},
    {SET(F16C), SET(F16C), APUS_X86_F16C},
    {SET(FMA), SET(FMA), APUS_X86_FMA},
    {SET(FMA4), SET(FMA4), APUS_X86_FMA4},
    {SET(GFNI), SET(GFNI), APUS_X86_GFNI},
    {SET(KEYLOCKER), SET(KEYLOCKER_WIDE), APUS_X86_KEYLOCKER},
    {SET(LAHF), SET(LAHF), APUS_X86_LAHF},
    {SET(LWP), SET(LWP), APUS_X86_OTHER},
    {SET(LZCNT), SET(LZCNT), APUS_X86_LZCNT},
    {SET(MONITORX), SET(MONITORX), APUS_X86_OTHER},
    {SET(MOVBE), SET(MOVBE), APUS_X86_MOVBE},
    {SET(MOVDIR), SET(MOVDIR), APUS_X86_MOVDIRI},
    {SET(PADLOCK_ACE), SET(PADLOCK_RNG), APUS_X86_OTHER},
    {SET(PCLMULQDQ), SET(PCLMULQDQ), APUS_X86_PCLMULQDQ},
    {SET(PKU), SET(PKU), APUS_X86_PKU},
    {SET(POPCNT), SET(POPCNT), APUS_X86_POPCNT},
    {SET(RDPID), SET(RDPID), APUS_X86_RDPID},
    {SET(RDPRU), SET(RDPRU), APUS_X86_OTHER},
    {SET(RDRAND), SET(RDRAND), APUS_X86_RDRAND},
    {SET(RDSEED), SET(RDSEED), APUS_X86_RDSEED},
    {SET(RDTSCP), SET(RDTSCP), APUS_X86_RDTSCP},
    {SET(RDWRFSGS), SET(RDWRFSGS), APUS_X86_FSGSBASE},
    {SET(RTM), SET(RTM), APUS_X86_RTM},
    {SET(SERIALIZE), SET(SERIALIZE), APUS_X86_SERIALIZE},
    {SET(SHA), SET(SHA), APUS_X86_SHA},
    {SET(SSE3), SET(SSE3X87), APUS_X86_SSE3},
    {SET(SSE4), SET(SSE4), APUS_X86_SSE41},
    {SET(SSE42), SET(SSE42), APUS_X86_SSE42},
    {SET(SSE4A), SET(SSE4A), APUS_X86_SSE4A},
    {SET(SSSE3), SET(SSSE3MMX), APUS_X86_SSSE3},
    {SET(TBM), SET(TBM), APUS_X86_TBM},
    {SET(UINTR), SET(UINTR), APUS_X86_OTHER},
    {SET(VAES), SET(VAES), APUS_X86_VAES},
    {SET(VPCLMULQDQ), SET(VPCLMULQDQ), APUS_X86_VPCLMULQDQ},
    {SET(WAITPKG), SET(WAITPKG), APUS_X86_WAITPKG},
    {SET(XOP), SET(XOP), APUS_X86_XOP},
    {SET(XSAVE), SET(XSAVEOPT), APUS_X86_XSAVE},
};

static void set_registers(ZydisRegister first, unsigned count, unsigned char bit) {
    for (unsigned index = 0; index < count; index++) bits[first + index] = (unsigned char)(bit + index);
}

void apus_x86_prepare_tables(void) {
    for (size_t index = 0; index < sizeof ranges / sizeof *ranges; index++)
        for (int set = ranges[index].first; set <= (int)ranges[index].last; set++)
            features[set] = (unsigned char)ranges[index].feature;

    for (int index = 0; index <= ZYDIS_REGISTER_MAX_VALUE; index++) bits[index] = APUS_X86_NO_REGISTER;
    set_registers(ZYDIS_REGISTER_AL, 4, 0);
    set_registers(ZYDIS_REGISTER_AH, 4, 0);
    set_registers(ZYDIS_REGISTER_SPL, 12, 4);
    set_registers(ZYDIS_REGISTER_AX, 16, 0);
    set_registers(ZYDIS_REGISTER_EAX, 16, 0);
    set_registers(ZYDIS_REGISTER_RAX, 16, 0);
    set_registers(ZYDIS_REGISTER_XMM0, 32, APUS_X86_VECTOR_BIT);
    set_registers(ZYDIS_REGISTER_YMM0, 32, APUS_X86_VECTOR_BIT);
    set_registers(ZYDIS_REGISTER_ZMM0, 32, APUS_X86_VECTOR_BIT);
    set_registers(ZYDIS_REGISTER_K0, 8, APUS_X86_MASK_BIT);
}

unsigned char apus_x86_feature_of(const ZydisDecodedInstruction *instruction) {
    unsigned char feature = features[instruction->meta.isa_set];
    // Compilers write TZCNT as "rep bsf" for every CPU: the same result but for zero, where they do not use it.
    if (instruction->mnemonic == ZYDIS_MNEMONIC_TZCNT) return APUS_X86_NONE;
    // No program executes XEND or XABORT but after XBEGIN, so that tells of the need.
    if (instruction->mnemonic == ZYDIS_MNEMONIC_XABORT || instruction->mnemonic == ZYDIS_MNEMONIC_XEND) return APUS_X86_NONE;
    return feature;
}

unsigned char apus_x86_bit_of(ZydisRegister reg) { return bits[reg]; }
