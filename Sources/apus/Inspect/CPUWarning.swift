import Dispatch
import Inspection
import LambdaModel

/// One line for code that will fail on a CPU that it is meant for. Doubts are left to `apus inspect`.
struct CPUWarning: Sendable {
    /// What the user calls it, and can give to `apus inspect`.
    let title: String
    let architecture: Architecture

    /// - Parameter others: CPUs besides Lambda's; looked at only when the code needs more than the baseline.
    func line(_ analyses: [CPUAnalysis], others: () -> [CPUProfile] = { [] }) -> String? {
        // Go's level is a need without a witness.
        let demanding = analyses.filter { !$0.needs.isEmpty || ($0.goLevel ?? 1) > 1 }
        guard !demanding.isEmpty else { return nil }
        var failing: [String] = []
        var reason: String?
        for profile in [.lambda(architecture)] + others() where profile.architecture == architecture {
            let verdict = demanding.map { $0.verdict(on: profile) }.first { $0.level == .will }
            guard let verdict else { continue }
            failing.append(profile.name)
            reason = reason ?? verdict.reason
        }
        guard let reason else { return nil }
        let place = PlainText.line(title)
        return "\(place) will fail on \(failing.joined(separator: " and ")): \(reason) (more: apus inspect \(place))"
    }
}

/// Finds out about a bootstrap while it runs.
///
/// What is known of the file is read from the cache. Else it is analysed beside the function, on a thread of its own, and kept;
/// large files are left to `apus build` and `apus inspect`.
struct BootstrapCheck: Sendable {
    /// In bytes.
    private static let largest: UInt64 = 4 << 20

    private let analysis: Task<CPUAnalysis?, Never>

    /// - Parameter path: of the bootstrap; `nil` where there is none.
    init(of path: String?) {
        guard let path, let cache = AnalysisCache.standard(variables: HostEnvironment.variables) else {
            analysis = Task { nil }
            return
        }
        analysis = Task {
            await withCheckedContinuation { continuation in
                // It blocks its thread, which the tasks of the invocation need.
                DispatchQueue.global(qos: .utility).async {
                    continuation.resume(returning: Self.analyse(path, cache))
                }
            }
        }
    }

    private static func analyse(_ path: String, _ cache: AnalysisCache) -> CPUAnalysis? {
        if let known = cache.analysis(ofFile: path) { return known }
        guard let file = try? BinaryFile(path: path), file.size <= largest else { return nil }
        return try? CPUInspection.analyse(file: path, cache: cache)
    }

    /// Waits until the analysis is over, if it is not yet.
    func line(for warning: CPUWarning, on cpu: SelectedCPU) async -> String? {
        guard let analysis = await analysis.value else { return nil }
        return warning.line([analysis]) { [cpu.profile] }
    }
}
