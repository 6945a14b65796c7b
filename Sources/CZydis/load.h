#ifndef APUS_CZYDIS_LOAD_H
#define APUS_CZYDIS_LOAD_H

#include <Zydis/Zydis.h>
#include <stdbool.h>

/// The functions of the loaded library; written once, before apus_zydis_load first returns, and only read after that.
struct apus_zydis {
    ZyanStatus (*decoder_init)(ZydisDecoder *, ZydisMachineMode, ZydisStackWidth);
    ZyanStatus (*decode_instruction)(const ZydisDecoder *, ZydisDecoderContext *, const void *, ZyanUSize,
                                     ZydisDecodedInstruction *);
    ZyanStatus (*decode_operands)(const ZydisDecoder *, const ZydisDecoderContext *, const ZydisDecodedInstruction *,
                                  ZydisDecodedOperand *, ZyanU8);
    ZyanStatus (*formatter_init)(ZydisFormatter *, ZydisFormatterStyle);
    ZyanStatus (*format_property)(ZydisFormatter *, ZydisFormatterProperty, ZyanUPointer);
    ZyanStatus (*format)(const ZydisFormatter *, const ZydisDecodedInstruction *, const ZydisDecodedOperand *, ZyanU8,
                         char *, ZyanUSize, ZyanU64, void *);
};

extern struct apus_zydis apus_zydis;

/// Fills the tables of tables.c.
void apus_x86_prepare_tables(void);
/// The feature (enum apus_x86_feature) that an instruction needs.
unsigned char apus_x86_feature_of(const ZydisDecodedInstruction *instruction);
/// The bit of a register in the masks of CZydis.h, or APUS_X86_NO_REGISTER.
unsigned char apus_x86_bit_of(ZydisRegister reg);

#endif
