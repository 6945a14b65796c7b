package import LambdaModel

/// A crash explained: its parts, for text and for JSON.
package struct CrashDiagnosis: Sendable, Hashable {
    package var facts: CrashFacts
    package var cause: CrashCause
    /// `nil` where the code could not be read.
    package var instruction: CrashInstruction?
    /// Where the process died; `nil` where the program counter is in no file.
    package var location: CrashLocation?
    /// The innermost frame of the user's own code, where `location` is not that itself.
    package var caller: CrashLocation?
    /// The CPU that the process ran on.
    package var cpu: CPUProfile
    package var phase: CrashFacts.Phase?
    package var language: BuildLanguage
    /// What the program said before it died, without control characters; `nil` when it said nothing of it.
    package var words: String?
    /// Names of the CPUs with the missing feature, Lambda's first; empty for every other cause.
    package var runsOn: [String]
    /// How many functions of the program reach the missing feature without a check of the CPU; `nil` when not known.
    package var unguardedFunctions: Int?
    /// Plain sentences: why, in the order in which they are shown.
    package var reasons: [String]
    /// What to do; empty when there is nothing better than to look at the place.
    package var fixes: [CPUFix]

    /// For the log stream and for tools.
    package var explanation: CrashExplanation {
        CrashExplanation(lines: CrashText(diagnosis: self).lines, json: CrashJSON(diagnosis: self).text)
    }

    /// Explains the facts of a crash. Asks the symbolizers of this machine, for at most 8 s; whatever is missing makes
    /// the explanation shorter, never fails it.
    package static func diagnose(_ facts: CrashFacts, context: CrashContext) async -> CrashDiagnosis {
        await CrashInvestigation(facts: facts, context: context).diagnosis()
    }

    /// Explains Go's own report of a signal, which ends with exit status 2 instead of the signal; `nil` when the output
    /// holds none.
    ///
    /// - Parameter executable: the program on this machine.
    package static func diagnoseGoReport(
        executable: String?,
        architecture: Architecture,
        emulatedModel: String?,
        context: CrashContext
    ) async -> CrashDiagnosis? {
        guard let report = GoCrashReport(outputTail: context.outputTail) else { return nil }
        // Go links at fixed addresses unless it is told to be position-independent; then only the report's own trace
        // can tell the place.
        let isFixed = executable.flatMap { try? ELFImage(path: $0) }?.header.kind == .executable
        let facts = report.facts(
            executable: isFixed ? executable : nil,
            loadBias: 0,
            architecture: architecture,
            emulatedModel: emulatedModel
        )
        var investigation = CrashInvestigation(facts: facts, context: context)
        investigation.report = report
        investigation.program = executable
        return await investigation.diagnosis()
    }
}
