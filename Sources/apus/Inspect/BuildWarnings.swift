import FunctionBuild
import Inspection
import LambdaModel

/// After a build: a line for each artifact that will fail on Lambda's CPUs. What is found out is kept for `apus invoke`.
struct BuildWarnings {
    /// Bytes of machine code in one artifact that are looked at; more would take longer than many a build.
    private static let limit: UInt64 = 64 << 20

    let requests: [BuildRequest]

    func lines(for results: [BuildResult]) -> [String] {
        let cache = AnalysisCache.standard(variables: HostEnvironment.variables)
        return results.compactMap { result in
            guard let request = requests.first(where: { $0.logicalID == result.logicalID }) else { return nil }
            let analyses = Self.analyses(of: result.directory, cache)
            return CPUWarning(title: result.logicalID, architecture: request.architecture).line(analyses)
        }
    }

    private static func analyses(of directory: String, _ cache: AnalysisCache?) -> [CPUAnalysis] {
        var left = limit
        return PackageContents(taskRoot: directory).artifacts.compactMap { artifact in
            guard artifact.kind == .program || artifact.kind == .sharedObject else { return nil }
            if let known = cache?.analysis(ofFile: artifact.path) { return known }
            guard artifact.size <= left else { return nil }
            left -= artifact.size
            return try? CPUInspection.analyse(file: artifact.path, cache: cache)
        }
    }
}
