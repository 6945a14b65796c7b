/// What is known of the whole program while single functions are looked into.
struct X86Context {
    let program: X86Program
    let isGo: Bool
    var words = X86FeatureWords()
    var summaries: [Int: X86Summary] = [:]
    /// For functions that get the CPU's answers from all their callers: a bit for each parameter.
    var taintedParameters: [Int: UInt8] = [:]
    /// Functions that never return to their caller.
    let endless: Set<Int>
    /// The function that the C library calls with the program's arguments.
    let main: Int?

    /// Registers of the first parameters, by the psABI or by Go's own convention (since 1.17).
    var parameterRegisters: [Int] { isGo ? [0, 3, 1, 7, 6, 8] : [7, 6, 2, 1, 8, 9] }
    var resultRegisters: [Int] { isGo ? [0, 3, 1, 7, 6, 8, 9, 10, 11] : [0, 2] }
    /// Registers that a call may change.
    var clobbered: [Int] { isGo ? [0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 15] : [0, 1, 2, 6, 7, 8, 9, 10, 11] }

    init(_ program: X86Program, isGo: Bool) {
        self.program = program
        self.isGo = isGo
        endless = X86Endless.functions(of: program)
        main = Self.main(of: program)
        for symbol in program.image.symbols where symbol.kind == .object || symbol.kind == .none {
            guard symbol.isDefined, symbol.address != 0, X86FeatureWords.isKnown(program.image.file.name(of: symbol))
            else { continue }
            _ = words.insert(symbol.address, max(4, symbol.size))
        }
    }

    /// The start-up code of C passes its address in the first parameter's register: the only function that it refers to.
    private static func main(of program: X86Program) -> Int? {
        guard let entry = program.functions.index(holding: program.image.file.header.entry) else { return nil }
        for event in program.events(of: entry) where event.isReference {
            if let function = program.functions.index(startingAt: event.target) { return function }
            if let target = program.image.pointer(at: event.target),
                let function = program.functions.index(startingAt: target)
            {
                return function
            }
        }
        return nil
    }

    /// The function that a call to an address reaches, through a linkage stub where there is one.
    func callee(at address: UInt64) -> Int? {
        guard let function = program.functions.index(holding: address) else { return nil }
        return resolved(function)
    }

    func resolved(_ function: Int) -> Int {
        let entry = program.functions.list[function]
        guard entry.end - entry.start <= 16, X86Image.holds(program.functions.stubs, entry.start) else {
            return function
        }
        for event in program.events(of: function) where event.isReference {
            if let target = program.image.pointer(at: event.target),
                let found = program.functions.index(startingAt: target)
            {
                return found
            }
        }
        return function
    }

    /// Imported functions that answer what the CPU has.
    static func answersForCPU(_ name: String) -> Bool {
        ["cpuid", "cpu_supports", "cpu_flags", "cpu_feature", "HasAVX", "HasSSE", "cpu_detect"].contains {
            name.contains($0)
        }
    }

    /// Imported functions of C and C++ that never return; those of the image itself are found by their code.
    static func isEndless(_ name: String) -> Bool {
        switch name {
        case "exit", "_exit", "_Exit", "quick_exit", "abort", "__assert_fail", "__stack_chk_fail", "__fortify_fail",
            "__chk_fail",
            "longjmp", "_longjmp", "siglongjmp", "__longjmp_chk", "pthread_exit", "err", "errx", "verr", "verrx",
            "error_at_line",
            "_Unwind_Resume", "__cxa_throw", "__cxa_rethrow", "_ZSt9terminatev", "__cxa_bad_cast", "__libc_start_main",
            "$ss17_assertionFailure__4file4line5flagss5NeverOs12StaticStringV_SSAHSus6UInt32VtF",
            "swift_unexpectedError":
            true
        default:
            name.hasPrefix("_ZSt") && name.contains("__throw_")
        }
    }
}

/// Functions out of which no path leads.
enum X86Endless {
    static func functions(of program: X86Program) -> Set<Int> {
        var result: Set<Int> = []
        // Such functions call each other at their ends, so a few rounds find them all.
        for _ in 0..<4 {
            let before = result.count
            for function in program.functions.list.indices where !result.contains(function) {
                if isEndless(program, function, known: result) { result.insert(function) }
            }
            if result.count == before { break }
        }
        return result
    }

    private static func isEndless(_ program: X86Program, _ function: Int, known: Set<Int>) -> Bool {
        let entry = program.functions.list[function]
        if entry.end - entry.start <= 16, let name = program.importedName(of: function) {
            return X86Context.isEndless(name)
        }
        for event in program.events(of: function) {
            switch event.kind {
            case .leave, .indirectJump: return false
            case .jump, .branch, .runOn:
                guard let target = program.functions.index(startingAt: event.target), known.contains(target) else {
                    return false
                }
            default: break
            }
        }
        return true
    }
}
