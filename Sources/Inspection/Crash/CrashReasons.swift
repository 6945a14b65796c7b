internal import LambdaModel

/// Why it happened, in sentences, and what to do.
struct CrashReasons {
    var words: ProgramWords?
    var frames: [SymbolizedFrame]
    var analysis: CPUAnalysis?
    var context: CrashContext

    /// Fills the reasons, the fixes and what belongs to a missing feature.
    func complete(_ diagnosis: inout CrashDiagnosis) {
        if case .featureMissing(let feature) = diagnosis.cause {
            diagnosis.runsOn = CPUProfile.named.filter { $0.features?.contains(feature) == true }.map(\.name)
            diagnosis.unguardedFunctions = unguardedFunctions(feature)
            diagnosis.reasons = featureReasons(feature, diagnosis)
            diagnosis.fixes = CPUFixAdvice.fixes(
                language: diagnosis.language,
                build: context.build,
                missing: [feature],
                architecture: diagnosis.facts.architecture,
                cpu: context.cpu
            )
            return
        }
        diagnosis.reasons = reasons(diagnosis)
        if let said = diagnosis.words { diagnosis.reasons.append("it said: \(said)") }
        diagnosis.fixes = fixes(diagnosis)
        addHint(&diagnosis)
    }

    // MARK: A missing feature

    private func featureReasons(_ feature: CPUFeature, _ diagnosis: CrashDiagnosis) -> [String] {
        let cpu = context.cpu
        let lambda = CPUProfile.lambda(diagnosis.facts.architecture)
        var sentence =
            cpu.features == nil
            ? "this CPU (\(cpu.name)) refused the instruction, so it has no \(feature.name)"
            : "this CPU (\(cpu.name)) has no \(feature.name)"
        if cpu.name != lambda.name {
            sentence +=
                lambda.features?.contains(feature) == true
                ? "; \(lambda.name) has"
                : "; nor has \(lambda.name): it would die on Lambda too"
        }
        return [sentence] + [buildSentence(feature)].compactMap(\.self)
    }

    private func unguardedFunctions(_ feature: CPUFeature) -> Int? {
        analysis.map { $0.needs.filter { $0.features.contains(feature) }.reduce(0) { $0 &+ $1.functionCount } }
    }

    /// What the whole program tells: one function may be hand-written, many are the compiler's doing.
    private func buildSentence(_ feature: CPUFeature) -> String? {
        guard let analysis, let count = unguardedFunctions(feature) else { return nil }
        guard count > 0 else {
            guard analysis.guardedFeatures.contains(feature) else { return nil }
            return "the program holds \(feature.name) behind checks of the CPU; this one let it through"
        }
        let functions = count == 1 ? "1 function reaches" : "\(count) functions reach"
        let sentence = "\(functions) \(feature.name) without a CPU check"
        return count < 3 ? sentence : sentence + ", so the build itself targets \(Self.likelyTarget(analysis.needs))"
    }

    /// The oldest CPU that compilers have a name for and that has all that the program needs.
    private static func likelyTarget(_ needs: [CPUNeed]) -> String {
        let all = needs.reduce(into: Set<CPUFeature>()) { $0.formUnion($1.features) }
        let targets: [(name: String, features: Set<CPUFeature>)] = [
            ("x86-64-v2", CPUProfile.features(ofX86Level: 2)), ("haswell", CPUProfile.lambdaX86.features ?? []),
            ("x86-64-v4", CPUProfile.features(ofX86Level: 4)), ("neoverse-n1", CPUProfile.lambdaARM64.features ?? []),
        ]
        return targets.first { all.isSubset(of: $0.features) }?.name ?? "a newer CPU"
    }

    // MARK: Everything else

    private func reasons(_ diagnosis: CrashDiagnosis) -> [String] {
        let instruction = diagnosis.instruction
        return switch diagnosis.cause {
        case .featureMissing: []
        case .refused(let feature): refused(feature, diagnosis)
        case .invalidInstruction:
            ["these bytes are no instruction: the code was overwritten, or a wrong address was jumped to"]
        case .undecoded: [undecoded(diagnosis)]
        case .programTrap: programTrap(diagnosis)
        case .nullDereference(let address):
            [
                address == 0
                    ? "it used a null pointer"
                    : "it used address 0x\(Self.hex(address)): a null pointer, or a field or element that far behind one"
            ]
        case .nullCall: ["it called a function pointer that is null"]
        case .stackOverflow:
            ["the stack is used up: " + (recursion ?? "endless recursion, or a very large local variable")]
        case .notExecutable:
            [
                "it jumped to memory that holds no code (0x\(Self.hex(diagnosis.facts.programCounter))): a damaged function "
                    + "pointer or return address"
            ]
        case .unmapped(let address):
            ["it used address 0x\(Self.hex(address)), where no memory is: a pointer that is damaged, or freed"]
        case .protected(let address):
            [
                "it used address 0x\(Self.hex(address)), which is there but must not be used so: constants and code are read-only"
            ]
        case .invalidPointer: ["it used a pointer that is no address at all: it was overwritten, or never set"]
        case .misaligned:
            [
                "\(instruction?.text ?? "the instruction") needs an aligned address, and this one is not: a stack that is not "
                    + "aligned to 16 bytes, or a cast to a type with greater alignment"
            ]
        case .int80:
            [
                "int 0x80 is the system call of 32-bit programs; this kernel offers none to 64-bit ones",
                "on Lambda it is reported to die the same way, though it runs in a local container",
            ]
        case .privileged:
            ["only the kernel may execute \(instruction?.text ?? "this"): mostly a jump to memory that holds no code"]
        case .mappedFileTruncated: ["it used a part of a mapped file that is no longer there: the file got shorter"]
        case .division(let signed):
            [
                signed
                    ? "it divided an integer by zero, or the smallest integer by -1"
                    : "it divided an integer by zero, or the quotient did not fit"
            ]
        case .abort: [abortReason]
        case .systemCallRefused: ["a filter (seccomp) refused a system call"]
        case .sent: ["the signal was sent by a program, by kill() or raise(); no instruction failed"]
        case .unknown: ["the cause is not known"]
        }
    }

    private func refused(_ feature: CPUFeature?, _ diagnosis: CrashDiagnosis) -> [String] {
        let owner =
            feature.map { "this CPU (\(context.cpu.name)) has \($0.name)" }
            ?? "every \(diagnosis.facts.architecture.rawValue) CPU has this instruction"
        if feature == .amx {
            return [owner + ", but a process must ask the kernel for it first (arch_prctl, ARCH_REQ_XCOMP_PERM)"]
        }
        let reason =
            diagnosis.facts.emulatedModel == nil
            ? "so the code was damaged, a wrong address was jumped to, or the system has it switched off"
            : "so the emulator does not implement it, the code was damaged, or a wrong address was jumped to"
        return [owner, reason]
    }

    private func undecoded(_ diagnosis: CrashDiagnosis) -> String {
        if diagnosis.facts.code.isEmpty { return "the code there could not be read" }
        guard diagnosis.facts.architecture == .x86_64 else {
            return "the instruction is none of those that newer arm64 CPUs brought"
        }
        do throws(X86Decoder.Failure) {
            _ = try X86Decoder()
            return "too little of the code there could be read"
        } catch {
            return error.description
        }
    }

    private func programTrap(_ diagnosis: CrashDiagnosis) -> [String] {
        let name = diagnosis.instruction?.kind == .trap ? diagnosis.instruction?.text ?? "a trap" : "int3"
        var reasons = ["the program stopped itself: \(name) is there for that, and the CPU is not to blame"]
        let mark = "Swift runtime failure: "
        let failure = frames.first?.sources.lazy.compactMap(\.function).first { $0.hasPrefix(mark) }
        if let failure {
            reasons.append("a check of Swift failed: " + failure.dropFirst(mark.count))
        } else if words == nil {
            reasons.append(Self.trapHabit(diagnosis.language))
        }
        return reasons
    }

    private static func trapHabit(_ language: BuildLanguage) -> String {
        switch language {
        case .swift: "Swift does so when a check fails: overflow, an index out of range, nil unwrapped, a precondition"
        case .rust: "Rust does so for an abort: a panic with panic=abort, a panic while panicking"
        case .go: "Go does so when its runtime finds itself in a state that must not be"
        case .c, .cPlusPlus:
            "compilers write it for __builtin_trap(), for code that must not be reached, and for -fsanitize-trap"
        case .zig: "Zig does so for unreachable code and for failed safety checks"
        case .assembly, .unknown:
            "compilers write it for failed checks, for aborts, and for code that must not be reached"
        }
    }

    /// A function that returns to itself, over and over.
    private var recursion: String? {
        let names = frames.compactMap { $0.symbol?.name }
        let counts = names.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        guard let most = counts.max(by: { $0.value < $1.value }), most.value >= 4 else { return nil }
        return "\(SymbolName.readable(most.key)) calls itself without an end"
    }

    private var abortReason: String {
        switch words?.kind {
        case .swiftTrap: "Swift stopped the program"
        case .rustPanic: "a Rust panic ended the process (panic=abort, or a panic while panicking)"
        case .assertion: "an assertion failed"
        case .heapDamage: "the C library found its heap damaged: something was written past its end, or freed twice"
        case .stackSmashing, .bufferOverflow: "something was written past the end of a buffer"
        case .uncaughtException: "an exception was thrown and nobody caught it"
        case .outOfMemory: "there was no memory left to allocate"
        case .stackOverflow, .other, nil: "the program called abort(); the CPU is not to blame"
        }
    }

    private func fixes(_ diagnosis: CrashDiagnosis) -> [CPUFix] {
        switch diagnosis.cause {
        case .int80: [CPUFix("use the syscall instruction with the 64-bit call numbers", "write is 1, exit is 60")]
        case .abort where words?.kind == .heapDamage || words?.kind == .stackSmashing || words?.kind == .bufferOverflow:
            [CPUFix("build with -fsanitize=address and run it once", "names the line that wrote")]
        default: []
        }
    }

    /// How to see a source line, where none is known.
    private func addHint(_ diagnosis: inout CrashDiagnosis) {
        let place = diagnosis.caller ?? diagnosis.location
        guard let place, place.file == nil, place.module.map({ !FrameOrigin.isForeign(module: $0) }) == true else {
            return
        }
        if Symbolizer(toolPath: context.toolPath) == nil {
            diagnosis.reasons.append("for source lines install llvm (llvm-symbolizer) or binutils (addr2line)")
            return
        }
        let option: String? =
            switch diagnosis.language {
            case .rust: "CARGO_PROFILE_RELEASE_DEBUG=line-tables-only"
            case .go: "no -ldflags '-s -w'"
            case .c, .cPlusPlus, .swift, .assembly: "-g"
            case .zig: "no -fstrip"
            case .unknown: nil
            }
        diagnosis.reasons.append("for the source line build with " + (option ?? "debug information"))
    }

    private static func hex(_ value: UInt64) -> String { String(value, radix: 16) }
}
