internal import CZydis

/// What one instruction means to the rest of the program.
struct X86Event: Sendable {
    enum Kind: UInt8, Sendable {
        case call, jump, branch
        /// A memory operand at a known address inside the image.
        case reference
        /// A number that may be an address inside the image, which is always loaded at the same place.
        case number
        /// The function's first instruction that needs this feature.
        case feature
        /// CPUID or XGETBV.
        case query
        case leave
        /// A jump to an address in a register or in memory.
        case indirectJump
        case int80
        /// The last instruction does not end the path: the code runs on into what follows.
        case runOn
    }

    var target: UInt64
    /// From the start of the function, in bytes.
    var offset: UInt32
    var kind: Kind
    /// Number in `enum apus_x86_feature`, only for `.feature`.
    var feature: UInt8 = 0

    /// Whether it refers to data or takes the address of code.
    var isReference: Bool { kind == .reference || kind == .number }

    /// Whether it leads to other code or data.
    var isEdge: Bool {
        switch kind {
        case .call, .jump, .branch, .reference, .number, .runOn: true
        default: false
        }
    }
}

extension X86Event {
    /// Appends what an instruction of a function means; `features` holds the numbers that were already seen in it.
    static func append(
        _ instruction: X86Instruction,
        in function: X86Function,
        image: X86Image,
        features: inout UInt64,
        to events: inout [X86Event]
    ) {
        let offset = UInt32(truncatingIfNeeded: instruction.address &- function.start)
        if instruction.feature != 0, features & 1 << UInt64(instruction.feature) == 0 {
            features |= 1 << UInt64(instruction.feature)
            events.append(X86Event(target: 0, offset: offset, kind: .feature, feature: instruction.feature))
        }
        let isDirect = instruction.isDirect
        switch UInt32(instruction.kind) {
        case APUS_X86_CALL.rawValue where isDirect:
            events.append(X86Event(target: instruction.target, offset: offset, kind: .call))
        case APUS_X86_JUMP.rawValue, APUS_X86_BRANCH.rawValue:
            if !isDirect {
                events.append(X86Event(target: 0, offset: offset, kind: .indirectJump))
            } else if instruction.target < function.start || instruction.target >= function.end {
                let kind: Kind = instruction.isKind(APUS_X86_JUMP) ? .jump : .branch
                events.append(X86Event(target: instruction.target, offset: offset, kind: kind))
            }
        case APUS_X86_CPUID.rawValue, APUS_X86_XGETBV.rawValue:
            events.append(X86Event(target: 0, offset: offset, kind: .query))
        case APUS_X86_RETURN.rawValue: events.append(X86Event(target: 0, offset: offset, kind: .leave))
        case APUS_X86_INT80.rawValue where instruction.hasImmediate:
            events.append(X86Event(target: 0, offset: offset, kind: .int80))
        default: break
        }
        if instruction.isAbsolute, instruction.isRelative || image.isFixed, image.extent.contains(instruction.target) {
            let kind: Kind = instruction.isRelative ? .reference : .number
            events.append(X86Event(target: instruction.target, offset: offset, kind: kind))
        }
        if instruction.hasImmediate, image.isFixed, image.extent.contains(UInt64(bitPattern: instruction.immediate)) {
            events.append(X86Event(target: UInt64(bitPattern: instruction.immediate), offset: offset, kind: .number))
        }
        let next = instruction.address &+ UInt64(instruction.length)
        if next >= function.end, instruction.runsOn {
            events.append(X86Event(target: function.end, offset: offset, kind: .runOn))
        }
    }
}
