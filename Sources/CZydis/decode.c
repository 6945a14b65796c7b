#include <string.h>

#include "CZydis.h"
#include "load.h"

typedef struct apus_x86_instruction item;

static bool decode_one(const ZydisDecoder *decoder, ZydisDecoderContext *context, const uint8_t *bytes, size_t count,
                       ZydisDecodedInstruction *instruction) {
    // Longer than 15 bytes is no instruction; the limit keeps the decoder inside the caller's bytes.
    return ZYAN_SUCCESS(apus_zydis.decode_instruction(decoder, context, bytes, count < 15 ? count : 15, instruction));
}

static uint8_t kind_of_interrupt(const ZydisDecodedInstruction *i) {
    if (i->mnemonic == ZYDIS_MNEMONIC_INT3) return APUS_X86_TRAP;
    return i->mnemonic == ZYDIS_MNEMONIC_INT && i->raw.imm[0].value.u == 0x80 ? APUS_X86_INT80 : APUS_X86_PLAIN;
}

static uint8_t kind_by_mnemonic(const ZydisDecodedInstruction *i) {
    switch (i->mnemonic) {
    case ZYDIS_MNEMONIC_CPUID: return APUS_X86_CPUID;
    case ZYDIS_MNEMONIC_XGETBV: return APUS_X86_XGETBV;
    case ZYDIS_MNEMONIC_UD0: case ZYDIS_MNEMONIC_UD1: case ZYDIS_MNEMONIC_UD2: return APUS_X86_TRAP;
    case ZYDIS_MNEMONIC_HLT: return APUS_X86_HALT;
    case ZYDIS_MNEMONIC_LEA: return APUS_X86_LEA;
    case ZYDIS_MNEMONIC_LEAVE: return APUS_X86_LEAVE;
    case ZYDIS_MNEMONIC_MOV: case ZYDIS_MNEMONIC_MOVZX: case ZYDIS_MNEMONIC_MOVSX: case ZYDIS_MNEMONIC_MOVSXD:
    case ZYDIS_MNEMONIC_MOVD: case ZYDIS_MNEMONIC_MOVQ: return APUS_X86_MOVE;
    case ZYDIS_MNEMONIC_ADD: return APUS_X86_ADD;
    case ZYDIS_MNEMONIC_SUB: return APUS_X86_SUBTRACT;
    case ZYDIS_MNEMONIC_AND: case ZYDIS_MNEMONIC_OR: case ZYDIS_MNEMONIC_TEST: case ZYDIS_MNEMONIC_CMP:
    case ZYDIS_MNEMONIC_BT: case ZYDIS_MNEMONIC_SHR: case ZYDIS_MNEMONIC_SHL: return APUS_X86_LOGIC;
    case ZYDIS_MNEMONIC_NOP: return APUS_X86_PADDING;
    case ZYDIS_MNEMONIC_LOOP: case ZYDIS_MNEMONIC_LOOPE: case ZYDIS_MNEMONIC_LOOPNE: return APUS_X86_BRANCH;
    default: return i->attributes & ZYDIS_ATTRIB_IS_PRIVILEGED ? APUS_X86_PRIVILEGED : APUS_X86_PLAIN;
    }
}

static uint8_t kind_of(const ZydisDecodedInstruction *i) {
    switch (i->meta.category) {
    case ZYDIS_CATEGORY_CALL: return APUS_X86_CALL;
    case ZYDIS_CATEGORY_COND_BR: return APUS_X86_BRANCH;
    case ZYDIS_CATEGORY_UNCOND_BR: return APUS_X86_JUMP;
    case ZYDIS_CATEGORY_RET: return APUS_X86_RETURN;
    case ZYDIS_CATEGORY_INTERRUPT: return kind_of_interrupt(i);
    case ZYDIS_CATEGORY_CMOV: return APUS_X86_SELECT;
    case ZYDIS_CATEGORY_SETCC: return APUS_X86_SET;
    case ZYDIS_CATEGORY_PUSH: return APUS_X86_PUSH;
    case ZYDIS_CATEGORY_POP: return APUS_X86_POP;
    case ZYDIS_CATEGORY_WIDENOP: return APUS_X86_PADDING;
    default: return kind_by_mnemonic(i);
    }
}

/// The parts of an instruction that need no operands. XBEGIN, too, is a branch with a relative destination.
static void describe(const ZydisDecodedInstruction *i, uint64_t address, item *out) {
    memset(out, 0, sizeof *out);
    out->address = address;
    out->length = i->length;
    out->feature = apus_x86_feature_of(i);
    out->kind = kind_of(i);
    out->base = out->index = APUS_X86_NO_REGISTER;
    uint64_t next = address + i->length;
    if (i->raw.imm[0].size) {
        out->immediate = i->raw.imm[0].value.s;
        if (i->raw.imm[0].is_relative) {
            out->target = next + (uint64_t)i->raw.imm[0].value.s;
            out->flags |= APUS_X86_DIRECT;
            return;
        }
        out->flags |= APUS_X86_HAS_IMMEDIATE;
    }
    if (!(i->attributes & ZYDIS_ATTRIB_HAS_MODRM) || i->raw.modrm.mod == 3) return;
    out->displacement = i->raw.disp.value;
    if (i->attributes & (ZYDIS_ATTRIB_HAS_SEGMENT_FS | ZYDIS_ATTRIB_HAS_SEGMENT_GS)) out->flags |= APUS_X86_SEGMENT;
    if (i->raw.modrm.mod == 0 && i->raw.modrm.rm == 5) {
        out->target = next + (uint64_t)i->raw.disp.value;
        out->flags |= APUS_X86_ABSOLUTE | APUS_X86_RELATIVE;
    } else if (i->raw.disp.size == 32 && !(out->flags & APUS_X86_SEGMENT)) {
        // [disp32], [disp32 + index*scale] and [base + disp32]: an address where the image lies below 2 GB.
        out->target = (uint64_t)i->raw.disp.value;
        out->flags |= APUS_X86_ABSOLUTE;
    }
}

static bool is_inside(uint64_t value, uint64_t low, uint64_t high) { return value >= low && value < high; }

static bool is_remarkable(const item *i, uint64_t low, uint64_t high, uint64_t image_low, uint64_t image_high,
                          bool is_fixed) {
    if (i->feature) return true;
    switch (i->kind) {
    case APUS_X86_CALL: case APUS_X86_CPUID: case APUS_X86_XGETBV: case APUS_X86_INT80: case APUS_X86_RETURN: return true;
    case APUS_X86_JUMP: case APUS_X86_BRANCH:
        if (!(i->flags & APUS_X86_DIRECT) || !is_inside(i->target, low, high)) return true;
        break;
    default: break;
    }
    if (i->flags & APUS_X86_ABSOLUTE && (is_fixed || i->flags & APUS_X86_RELATIVE) && is_inside(i->target, image_low, image_high))
        return true;
    return is_fixed && i->flags & APUS_X86_HAS_IMMEDIATE && is_inside((uint64_t)i->immediate, image_low, image_high);
}

size_t apus_x86_sweep(const uint8_t *bytes, size_t count, uint64_t address, uint64_t low, uint64_t high,
                      uint64_t image_low, uint64_t image_high, bool is_fixed, item *found, size_t capacity, size_t *consumed) {
    ZydisDecoder decoder;
    ZydisDecoderContext context;
    ZydisDecodedInstruction instruction;
    size_t offset = 0, length = 0;
    *consumed = count;
    if (apus_zydis_load() || ZYAN_FAILED(apus_zydis.decoder_init(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)))
        return 0;
    while (offset < count && length < capacity) {
        if (!decode_one(&decoder, &context, bytes + offset, count - offset, &instruction)) {
            offset++;
            continue;
        }
        describe(&instruction, address + offset, &found[length]);
        offset += instruction.length;
        // The last one tells whether the code runs on into what follows.
        if (offset >= count || is_remarkable(&found[length], low, high, image_low, image_high, is_fixed)) length++;
    }
    *consumed = offset;
    return length;
}

static void add_register(const ZydisDecodedOperand *operand, item *out) {
    uint8_t bit = apus_x86_bit_of(operand->reg.value);
    if (bit == APUS_X86_NO_REGISTER) return;
    if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ) out->reads |= 1ull << bit;
    if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) {
        out->writes |= 1ull << bit;
        // The rest of the register stays as it was.
        if (operand->size < 32 || operand->actions & ZYDIS_OPERAND_ACTION_CONDWRITE) out->reads |= 1ull << bit;
    }
}

static void add_memory(const ZydisDecodedOperand *operand, item *out) {
    // Of two memory operands (string moves) the first, which is written, counts; none of the later analysis needs both.
    if (out->flags & APUS_X86_HAS_MEMORY) {
        if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ) out->flags |= APUS_X86_MEMORY_READ;
        return;
    }
    out->flags |= APUS_X86_HAS_MEMORY;
    out->size = operand->size / 8 > 64 ? 64 : (uint8_t)(operand->size / 8);
    out->base = apus_x86_bit_of(operand->mem.base);
    out->index = apus_x86_bit_of(operand->mem.index);
    out->scale = operand->mem.scale;
    out->displacement = operand->mem.disp.value;
    if (operand->mem.type == ZYDIS_MEMOP_TYPE_AGEN) return;
    if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ) out->flags |= APUS_X86_MEMORY_READ;
    if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) out->flags |= APUS_X86_MEMORY_WRITE;
}

static void add_flags(const ZydisDecodedInstruction *i, item *out) {
    const uint64_t bit = 1ull << APUS_X86_FLAGS_BIT;
    out->reads &= ~bit;
    out->writes &= ~bit;
    if (!i->cpu_flags) return;
    if (i->cpu_flags->tested) out->reads |= bit;
    if (i->cpu_flags->modified | i->cpu_flags->set_0 | i->cpu_flags->set_1 | i->cpu_flags->undefined) out->writes |= bit;
}

static bool is_clear(const ZydisDecodedInstruction *i, const ZydisDecodedOperand *operands) {
    switch (i->mnemonic) {
    case ZYDIS_MNEMONIC_XOR: case ZYDIS_MNEMONIC_SUB: case ZYDIS_MNEMONIC_PXOR: case ZYDIS_MNEMONIC_XORPS:
    case ZYDIS_MNEMONIC_XORPD:
        return i->operand_count_visible == 2 && operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
               operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER && operands[0].reg.value == operands[1].reg.value;
    case ZYDIS_MNEMONIC_VPXOR: case ZYDIS_MNEMONIC_VXORPS: case ZYDIS_MNEMONIC_VXORPD:
        return i->operand_count_visible == 3 && operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER &&
               operands[2].type == ZYDIS_OPERAND_TYPE_REGISTER && operands[1].reg.value == operands[2].reg.value;
    default: return false;
    }
}

static void describe_operands(const ZydisDecodedInstruction *i, const ZydisDecodedOperand *operands, item *out) {
    for (int index = 0; index < i->operand_count; index++) {
        const ZydisDecodedOperand *operand = &operands[index];
        if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER) add_register(operand, out);
        // The stack of PUSH, POP, CALL and RET is known by the kind.
        bool is_stack = operand->visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN && operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
                        operand->mem.base == ZYDIS_REGISTER_RSP;
        if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY && !is_stack) add_memory(operand, out);
    }
    add_flags(i, out);
    if (is_clear(i, operands)) {
        out->kind = APUS_X86_CLEAR;
        out->reads = 0;
    }
    if (i->mnemonic == ZYDIS_MNEMONIC_SBB && operands[0].type == operands[1].type &&
        operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER && operands[0].reg.value == operands[1].reg.value)
        out->reads = 1ull << APUS_X86_FLAGS_BIT;
}

size_t apus_x86_decode(const uint8_t *bytes, size_t count, uint64_t address, item *found, size_t capacity) {
    ZydisDecoder decoder;
    ZydisDecoderContext context;
    ZydisDecodedInstruction instruction;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
    size_t offset = 0, length = 0;
    if (apus_zydis_load() || ZYAN_FAILED(apus_zydis.decoder_init(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)))
        return 0;
    while (offset < count && length < capacity) {
        item *out = &found[length++];
        if (!decode_one(&decoder, &context, bytes + offset, count - offset, &instruction) ||
            ZYAN_FAILED(apus_zydis.decode_operands(&decoder, &context, &instruction, operands, instruction.operand_count))) {
            memset(out, 0, sizeof *out);
            out->address = address + offset++;
            out->length = 1;
            out->kind = APUS_X86_INVALID;
            continue;
        }
        describe(&instruction, address + offset, out);
        describe_operands(&instruction, operands, out);
        offset += instruction.length;
    }
    return length;
}

size_t apus_x86_format(const uint8_t *bytes, size_t count, uint64_t address, char *text, size_t size) {
    ZydisDecoder decoder;
    ZydisDecoderContext context;
    ZydisDecodedInstruction instruction;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
    ZydisFormatter formatter;
    if (!size || apus_zydis_load() || ZYAN_FAILED(apus_zydis.decoder_init(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)) ||
        ZYAN_FAILED(apus_zydis.formatter_init(&formatter, ZYDIS_FORMATTER_STYLE_INTEL)) ||
        !decode_one(&decoder, &context, bytes, count, &instruction) ||
        ZYAN_FAILED(apus_zydis.decode_operands(&decoder, &context, &instruction, operands, instruction.operand_count)))
        return 0;
    // Debuggers and compilers write lower-case hexadecimal digits.
    apus_zydis.format_property(&formatter, ZYDIS_FORMATTER_PROP_HEX_UPPERCASE, ZYAN_FALSE);
    if (ZYAN_FAILED(apus_zydis.format(&formatter, &instruction, operands, instruction.operand_count_visible, text, size, address, NULL)))
        return 0;
    return strnlen(text, size);
}
