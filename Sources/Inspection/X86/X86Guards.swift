/// Looks into the functions that ask the CPU, that read its answers, or that call such functions, until nothing new
/// turns up.
struct X86Guards {
    private(set) var context: X86Context
    private(set) var findings: [Int: X86Findings] = [:]
    /// Whether all that should be looked into was.
    private(set) var isComplete = true
    private var pending: Set<Int> = []
    private let index: X86ReferenceIndex

    /// Rounds and functions that are looked into; bounds the work on hostile files.
    private static let roundLimit = 40
    private static let functionLimit = 40_000

    /// Instructions looked at, over all passes; in proportion to the file, so that a small one cannot take long.
    private var work = 0
    private var workLimit: Int { min(60_000_000, 3_000_000 + 3 * context.program.image.file.bytes.count) }
    private var runs = 0
    private var rounds = 0

    static func run(_ program: X86Program, isGo: Bool) -> X86Guards {
        var guards = X86Guards(context: X86Context(program, isGo: isGo))
        guards.solve()
        return guards
    }

    private init(context: X86Context) {
        self.context = context
        index = X86ReferenceIndex(context)
    }

    private mutating func solve() {
        let program = context.program
        pending = Set(program.functions.list.indices.filter { program.events(of: $0).contains { $0.kind == .query } })
        pending.formUnion(referents(of: context.words))
        pending.formUnion(context.program.image.resolvers.compactMap { program.functions.index(startingAt: $0) })
        pending.formUnion(callersOfAnswers())
        for _ in 0..<Self.roundLimit where !pending.isEmpty { round() }
        if !pending.isEmpty { isComplete = false }
    }

    private mutating func round() {
        let functions = pending.filter(isWorthLookingInto).sorted()
        pending = []
        rounds += 1
        var changed: Set<Int> = []
        var newWords = X86FeatureWords()
        for function in functions {
            let entry = context.program.functions.list[function]
            runs += 1
            guard work < workLimit, runs < Self.functionLimit else {
                isComplete = false
                continue
            }
            guard var found = X86TaintAnalysis.run(context, function) else { continue }
            // Whoever calls through a resolver gets the result of what it chose, not its own.
            if context.program.image.resolvers.contains(entry.start) { found.summary = X86Summary() }
            work += found.work
            if !found.isComplete { isComplete = false }
            findings[function] = found
            if let before = context.summaries[function] { found.summary.add(before) }
            if context.summaries[function] != found.summary {
                changed.insert(function)
                context.summaries[function] = found.summary
            }
            for word in found.words where isAccepted(word, found) && context.words.insert(word.address, word.size) {
                _ = newWords.insert(word.address, word.size)
            }
            pending.formUnion(found.wanted.filter { context.summaries[$0] == nil && isSmall($0) })
        }
        pending.formUnion(referents(of: newWords))
        pending.formUnion(callers(of: changed))
        pending.formUnion(functionsWithNewParameters())
    }

    /// Answers are kept as flags and bit sets by the function that asked or soon after it. What is computed from them
    /// later, or stored by code that runs only with a feature, is the program's own data.
    private func isAccepted(_ word: X86Findings.Word, _ found: X86Findings) -> Bool {
        if found.hasQuery { return true }
        return word.size <= 4 && rounds < (word.isChosen ? 4 : 8)
    }

    /// What Go's library does behind its checks is left out of the report, so that only its questions matter.
    private func isWorthLookingInto(_ function: Int) -> Bool {
        guard context.isGo, context.program.functions.list[function].label < 0,
            let name = context.program.knownName(of: function), X86GoNames.isStandard(name)
        else { return true }
        return X86GoNames.asksForCPU(name)
    }

    private func isSmall(_ function: Int) -> Bool {
        let entry = context.program.functions.list[function]
        return entry.end - entry.start <= 4096
    }

    // MARK: Who is concerned

    /// Functions that refer to words with the CPU's answers, or to what begins shortly before them.
    private func referents(of words: X86FeatureWords) -> [Int] {
        words.count > 0 ? index.referents(of: words) : []
    }

    /// Functions all of whose calls pass answers of the CPU in the same parameter.
    private mutating func functionsWithNewParameters() -> [Int] {
        var sites: [Int: (count: Int, parameters: UInt8)] = [:]
        for found in findings.values {
            for (_, argument) in found.arguments {
                let before = sites[argument.function] ?? (0, 0xff)
                sites[argument.function] = (before.count + 1, before.parameters & argument.parameters)
            }
        }
        sites = sites.filter { $0.value.parameters & ~(context.taintedParameters[$0.key] ?? 0) != 0 }
        guard !sites.isEmpty else { return [] }
        var result: [Int] = []
        for (function, site) in sites where index.uses(of: function) == site.count {
            context.taintedParameters[function, default: 0] |= site.parameters
            result.append(function)
        }
        return result
    }

    /// Functions whose calls tell them of the CPU by a changed summary.
    private func callers(of functions: Set<Int>) -> [Int] {
        functions.flatMap { function -> [Int] in
            guard let summary = context.summaries[function], !summary.isEmpty else { return [] }
            let callers = index.callers(of: function)
            // Without news of the CPU only functions that pass some on are concerned.
            return summary.tellsOfCPU || summary.address != nil ? callers : callers.filter { findings[$0] != nil }
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
            }
        )
        return program.functions.list.indices.filter { function in
            program.events(of: function).contains { event in
                slots.contains(event.target)
                    || (event.kind == .call
                        && program.functions.index(startingAt: event.target).map(stubs.contains) ?? false)
            }
        }
    }
}
