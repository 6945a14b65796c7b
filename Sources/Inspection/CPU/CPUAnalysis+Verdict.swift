package import LambdaModel

extension CPUAnalysis {
    /// Whether the file will fail on a CPU.
    ///
    /// `will`: it needs, without a check before it, what the CPU lacks, and either never asks the CPU itself or does so
    /// without saving more than one function in a hundred. `may`: the rest of what was found.
    package func verdict(on profile: CPUProfile) -> CPUVerdict {
        guard profile.architecture == architecture else {
            return CPUVerdict(level: .none, reason: "\(profile.name) is a CPU of another architecture")
        }
        guard profile.features != nil else {
            return CPUVerdict(
                level: needs.isEmpty ? .none : .may,
                functionCount: needs.reduce(0) { $0 + $1.functionCount },
                reason: "the features of \(profile.name) are not known"
            )
        }
        if let verdict = goVerdict(on: profile) { return verdict }
        let failing = needs.filter { !profile.missing(from: $0.features).isEmpty }
        guard !failing.isEmpty else { return quiet(on: profile) }
        let missing = failing.reduce(into: Set<CPUFeature>()) { $0.formUnion(profile.missing(from: $1.features)) }
        let count = failing.reduce(0) { $0 + $1.functionCount }
        // One function in a hundred of those that are reached, measured on programs whose fate is known; one in ten where
        // checks may have gone unseen.
        let share = blindSpots.contains(Self.answersOnHeap) ? 10 : 100
        let isCommon = count * share >= max(reachedFunctions, 1)
        return CPUVerdict(
            level: !hasOwnCheck || isCommon ? .will : .may,
            missing: missing,
            functionCount: count,
            witnesses: witnesses(of: failing, missing),
            reason: reason(count, missing, isCommon: isCommon)
        )
    }

    /// A blind spot that makes the verdict more careful.
    package static let answersOnHeap =
        "what the CPU answered is kept in objects that could not be followed, so checks may have gone unseen"

    /// The first witness of each missing feature.
    private func witnesses(of failing: [CPUNeed], _ missing: Set<CPUFeature>) -> [CPUWitness] {
        var seen: Set<CPUFeature> = []
        return failing.flatMap(\.witnesses).filter { witness in
            guard let feature = witness.feature, missing.contains(feature) else { return false }
            return seen.insert(feature).inserted
        }
    }

    private func reason(_ count: Int, _ missing: Set<CPUFeature>, isCommon: Bool) -> String {
        let names = missing.ordered.map(\.name).joined(separator: ", ")
        let functions = count == 1 ? "1 function uses" : "\(count) functions use"
        if !hasOwnCheck { return "\(functions) \(names) and the program never asks whether the CPU has it" }
        if isCommon { return "\(functions) \(names) without a check, so the build itself is for a newer CPU" }
        return "\(functions) \(names) and no check was seen before it, in a program that has checks"
    }

    private func quiet(on profile: CPUProfile) -> CPUVerdict {
        let guarded = profile.missing(from: guardedFeatures)
        if guarded.isEmpty { return CPUVerdict(level: .none, reason: "it needs nothing that \(profile.name) lacks") }
        let names = guarded.ordered.map(\.name).joined(separator: ", ")
        return CPUVerdict(level: .none, reason: "it uses \(names) only after it has asked the CPU")
    }

    // MARK: Go

    /// Go's runtime compares the CPU with the level it was built for (runtime/asm_amd64.s) before anything else runs, and
    /// exits.
    private func goVerdict(on profile: CPUProfile) -> CPUVerdict? {
        guard architecture == .x86_64, let goLevel, goLevel > 1 else { return nil }
        let missing = profile.missing(from: CPUProfile.features(ofX86Level: goLevel))
        guard !missing.isEmpty else { return nil }
        return CPUVerdict(
            level: .will,
            missing: missing,
            functionCount: reachedFunctions,
            reason: "it was built with GOAMD64=v\(goLevel), and Go's runtime exits on a CPU below that level"
        )
    }
}
