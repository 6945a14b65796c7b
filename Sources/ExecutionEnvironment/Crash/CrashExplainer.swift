package import LambdaModel

/// Explains crash facts, given the last of what the processes have written. Runs off the event loop; takes as long as
/// it needs, but nobody waits for it longer than ``CrashLog/patience``.
package typealias CrashExplainer = @Sendable (_ facts: CrashFacts, _ outputTail: String) async -> CrashExplanation?
