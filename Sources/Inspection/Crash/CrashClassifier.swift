internal import LambdaModel

/// Tells the cause of a crash from its facts; a pure function, so that tables can test it.
struct CrashClassifier {
    var facts: CrashFacts
    /// The instruction at the program counter; `nil` where its bytes could not be read.
    var instruction: CrashInstruction?
    /// The instruction that ends just before the program counter, where the file tells it: `int3` and `int 0x80` leave
    /// the program counter behind themselves.
    var instructionBefore: CrashInstruction?
    var cpu: CPUProfile
    var words: ProgramWords?

    /// Linux reserves what lies below: vm.mmap_min_addr.
    private static let nullRegion: UInt64 = 65_536
    /// `si_code` of faults whose address the CPU does not tell (SI_KERNEL).
    private static let fromKernel: Int32 = 0x80
    /// `si_code` of what tkill and tgkill send (SI_TKILL).
    private static let fromThread: Int32 = -6
    /// How far below the stack pointer a function may touch the stack first: call, push, the red zone, and probes
    /// of a page (4096) up to 64 KB.
    private static let belowStack: UInt64 = 65_536
    /// How far above it: a large frame was made, and its first use is what faults.
    private static let aboveStack: UInt64 = 1 << 20

    /// Old CPUs execute these as something else, so no CPU refuses them.
    private static let neverFaults: Set<CPUFeature> = [.lzcnt, .prefetchw]

    var cause: CrashCause {
        // abort() raises its signal itself, with the program counter in libc.
        if facts.signal == 6 { return words?.kind == .stackOverflow ? .stackOverflow : .abort }
        // Apus's own answer to a call of the 32-bit ABI where it is to be as on Lambda.
        if facts.signal == 11, facts.signalCode == Self.fromThread, instructionBefore?.kind == .int80 { return .int80 }
        // kill, tgkill, sigqueue: what the instruction is has nothing to do with it.
        if let code = facts.signalCode, code <= 0 { return .sent }
        return switch facts.signal {
        case 4: illegalInstruction
        case 5: trap
        case 7: busError
        case 8: arithmetic
        case 11: segmentation
        case 31: .systemCallRefused
        default: .unknown
        }
    }

    /// The trap first: a program that ended itself must never be explained by the CPU.
    private var illegalInstruction: CrashCause {
        guard let instruction else { return .undecoded }
        if instruction.kind == .trap { return .programTrap }
        guard instruction.isValid != false else { return .invalidInstruction }
        guard instruction.isValid == true else { return .undecoded }
        guard let feature = instruction.feature, !Self.neverFaults.contains(feature) else { return .refused(nil) }
        // A CPU of unknown features has answered the question itself.
        guard let features = cpu.features else { return .featureMissing(feature) }
        return features.contains(feature) ? .refused(feature) : .featureMissing(feature)
    }

    private var trap: CrashCause {
        if instruction?.kind == .trap || instructionBefore?.kind == .trap { return .programTrap }
        return .unknown
    }

    private var arithmetic: CrashCause {
        // Neither FPE_INTDIV nor FPE_INTOVF is told by every emulator; the instruction is.
        if case .division(let signed)? = instruction?.kind { return .division(signed: signed) }
        return facts.signalCode == 1 ? .division(signed: false) : .unknown
    }

    private var busError: CrashCause {
        switch facts.signalCode {
        case 1: .misaligned
        case 2: .mappedFileTruncated
        default: .unknown
        }
    }

    private var segmentation: CrashCause {
        // What the instructions themselves prove comes before what an address suggests: musl's abort and glibc's last
        // resort are `hlt`, which x86 reports as a fault without an address.
        if facts.architecture == .x86_64 {
            if instruction?.kind == .int80 || instructionBefore?.kind == .int80 { return .int80 }
            if instruction?.kind == .trap { return .programTrap }
        }
        if words?.kind == .stackOverflow { return .stackOverflow }
        guard let address = facts.faultAddress, !isAddressless else { return segmentationWithoutAddress }
        if address == facts.programCounter { return address < Self.nullRegion ? .nullCall : .notExecutable }
        if isNearStack(address) { return .stackOverflow }
        if address < Self.nullRegion { return .nullDereference(address: address) }
        return facts.signalCode == 2 ? .protected(address: address) : .unmapped(address: address)
    }

    /// A general protection fault: the kernel has no address to tell and says 0.
    private var isAddressless: Bool {
        facts.signalCode == Self.fromKernel && facts.faultAddress ?? 0 == 0
    }

    private var segmentationWithoutAddress: CrashCause {
        if facts.programCounter < Self.nullRegion { return .nullCall }
        if instruction?.kind == .privileged { return .privileged }
        guard isAddressless else { return .unknown }
        return instruction?.kind == .aligned ? .misaligned : .invalidPointer
    }

    private func isNearStack(_ address: UInt64) -> Bool {
        let pointer = facts.stackPointer
        guard pointer >= Self.nullRegion else { return false }
        return address < pointer ? pointer - address <= Self.belowStack : address - pointer <= Self.aboveStack
    }
}
