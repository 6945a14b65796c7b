internal import CZydis

/// Whether a program chooses code by the CPU itself, beyond what every C library does for its own functions.
struct X86OwnCheck {
    let program: X86Program
    let guards: X86Guards
    /// Data from which the loader's resolvers choose: the C library's own, or that of a compiler's function clones.
    private let resolverData: X86FeatureWords

    init(program: X86Program, guards: X86Guards) {
        self.program = program
        self.guards = guards
        var data = X86FeatureWords()
        for resolver in program.image.resolvers {
            guard let function = program.functions.index(startingAt: resolver) else { continue }
            for event in program.events(of: function) {
                if event.isReference, !program.image.isCode(event.target) { _ = data.insert(event.target, 8) }
                if event.kind == .call, let callee = program.functions.index(startingAt: event.target),
                    let address = guards.context.summaries[callee]?.address
                {
                    _ = data.insert(address, X86FeatureWords.longest)
                }
            }
        }
        resolverData = data
    }

    /// - Parameter needed: features that the program needs without a check, as bits by their numbers.
    func isPresent(reached: [Int], needed: UInt64) -> Bool {
        // Only where nothing else is needed do the checks of libraries for such features count.
        let ignored = needed & ~Self.minor != 0 ? Self.minor : 0
        return keepsElsewhere(reached)
            || reached.contains { function in
                guard let found = guards.findings[function], isOwn(function, found) else { return false }
                return found.hasCheck && decides(found, ignored)
            }
    }

    /// Whether answers go where they could not be followed, so that checks were not seen.
    func keepsElsewhere(_ reached: [Int]) -> Bool {
        reached.contains { function in
            guard let found = guards.findings[function], found.keepsElsewhere, isOwn(function, found) else {
                return false
            }
            return found.hasQuery || found.callsQuery
        }
    }

    /// Neither a resolver nor a function that works on the data from which the C library's resolvers choose.
    private func isOwn(_ function: Int, _ found: X86Findings) -> Bool {
        !program.image.resolvers.contains(program.functions.list[function].start)
            && !found.words.contains { resolverData.contains($0.address, $0.size) }
            && !program.events(of: function).contains { $0.isReference && resolverData.contains($0.target, 8) }
    }

    /// Runs or calls code that needs a feature only behind the check.
    private func decides(_ found: X86Findings, _ ignored: UInt64) -> Bool {
        if found.guardedFeatures & ~ignored != 0 { return true }
        return found.guarded.contains { event in
            guard event.isEdge, let target = program.functions.index(startingAt: event.target) else { return false }
            return program.events(of: target).contains {
                $0.kind == .feature && 1 << UInt64($0.feature) & ~ignored != 0
            }
        }
    }

    /// What libraries ask for even in programs that have no code for newer CPUs: lock elision, saving of registers,
    /// random numbers.
    private static let minor: UInt64 = [APUS_X86_RTM, APUS_X86_XSAVE, APUS_X86_RDRAND, APUS_X86_RDSEED].reduce(0) {
        $0 | 1 << UInt64($1.rawValue)
    }
}
