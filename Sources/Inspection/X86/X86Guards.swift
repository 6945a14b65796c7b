/// Looks into the functions that ask the CPU, that read its answers, or that call such functions, until nothing new
/// turns up.
nonisolated(unsafe) package var verboseRounds = false
struct X86Guards {
    private(set) var context: X86Context
    private(set) var findings: [Int: X86Findings] = [:]
    /// Whether all that should be looked into was.
    private(set) var isComplete = true
    private var pending: Set<Int> = []

    /// Rounds, functions and bytes that are looked into; bounds the work on hostile files.
    private static let rounds = 24
    private static let functionLimit = 40_000
    private static let byteLimit = 48 << 20

    private var bytes = 0
    private var runs = 0

    static func run(_ program: X86Program, isGo: Bool) -> X86Guards {
        var guards = X86Guards(context: X86Context(program, isGo: isGo))
        guards.solve()
        return guards
    }

    private init(context: X86Context) {
        self.context = context
    }

    private mutating func solve() {
        let program = context.program
        pending = Set(program.functions.list.indices.filter { program.events(of: $0).contains { $0.kind == .query } })
        pending.formUnion(referents())
        pending.formUnion(context.program.image.resolvers.compactMap { program.functions.index(startingAt: $0) })
        pending.formUnion(callersOfAnswers())
        for _ in 0..<Self.rounds where !pending.isEmpty { round() }
        if !pending.isEmpty { isComplete = false }
    }

    private mutating func round() {
        let functions = pending.sorted()
        if verboseRounds { debugPrint("round", functions.count, functions.reduce(0) { $0 + Int(clamping: context.program.functions.list[$1].end - context.program.functions.list[$1].start) }, context.words.count, functions.prefix(12).map { context.program.name(of: $0) }) }
        pending = []
        var changed: Set<Int> = []
        var hasNewWords = false
        for function in functions {
            let entry = context.program.functions.list[function]
            bytes += Int(clamping: entry.end - entry.start)
            runs += 1
            guard bytes < Self.byteLimit, runs < Self.functionLimit else {
                isComplete = false
                continue
            }
            guard var found = X86TaintAnalysis.run(context, function) else { continue }
            // Whoever calls through a resolver gets the result of what it chose, not its own.
            if context.program.image.resolvers.contains(entry.start) { found.summary = X86Summary() }
            findings[function] = found
            if context.summaries[function] != found.summary {
                changed.insert(function)
                context.summaries[function] = found.summary
            }
            for word in found.words where context.words.insert(word.address, word.size) { hasNewWords = true }
            pending.formUnion(found.wanted.filter { context.summaries[$0] == nil && isSmall($0) })
        }
        if hasNewWords { pending.formUnion(referents()) }
        pending.formUnion(callers(of: changed))
    }

    private func isSmall(_ function: Int) -> Bool {
        let entry = context.program.functions.list[function]
        return entry.end - entry.start <= 4096
    }

    // MARK: Who is concerned

    /// Functions that refer to words with the CPU's answers.
    private func referents() -> [Int] {
        guard context.words.count > 0 else { return [] }
        let program = context.program
        return program.functions.list.indices.filter { function in
            findings[function]?.hasCheck != true && program.events(of: function).contains { event in
                guard event.kind == .reference else { return false }
                if context.words.isNear(event.target) { return true }
                // Over the GOT.
                return program.image.pointer(at: event.target).map { context.words.isNear($0) } ?? false
            }
        }
    }

    /// Functions whose calls tell them of the CPU by a changed summary.
    private func callers(of functions: Set<Int>) -> [Int] {
        let telling = functions.filter { context.summaries[$0]?.isEmpty == false }
        guard !telling.isEmpty else { return [] }
        let program = context.program
        return program.functions.list.indices.filter { function in
            // Without news of the CPU only functions that pass some on are concerned.
            program.events(of: function).contains { event in
                guard event.kind == .call || event.kind == .jump || event.kind == .branch, let callee = context.callee(at: event.target),
                    telling.contains(callee)
                else { return false }
                return context.summaries[callee]?.tellsOfCPU == true || findings[function] != nil
            }
        }
    }

    /// Functions that call an imported function which answers for the CPU.
    private func callersOfAnswers() -> [Int] {
        let program = context.program
        let slots = Set(program.image.imports.filter { X86Context.answersForCPU($0.value) }.map(\.key))
        guard !slots.isEmpty else { return [] }
        let stubs = Set(
            program.functions.list.indices.filter { function in
                program.functions.list[function].end - program.functions.list[function].start <= 16
                    && program.events(of: function).contains { slots.contains($0.target) }
            })
        return program.functions.list.indices.filter { function in
            program.events(of: function).contains { event in
                slots.contains(event.target)
                    || (event.kind == .call && program.functions.index(startingAt: event.target).map(stubs.contains) ?? false)
            }
        }
    }
}
