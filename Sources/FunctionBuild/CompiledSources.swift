import LambdaModel

/// A build method that compiles in place: sources that were looked at, and how their artifact is made. The sources are
/// only read; what is kept from build to build is in the context's scratch directory.
protocol CompiledSources: Sendable {
    /// Goes into the fingerprint: what decides about the build besides files and variables.
    var identity: [String] { get }
    /// Real paths of the directories whose files go into the build.
    var roots: [String] { get }
    /// Real paths below them that hold what tools leave there.
    var outputDirectories: [String] { get }
    /// Names of the programs that make it; when one is replaced, the function is built again.
    var tools: [String] { get }

    /// Fills the artifact directory.
    func build(in context: BuildContext) async throws
}

extension CompiledSources {
    var outputDirectories: [String] { [] }

    /// What changes when a tool is replaced.
    func toolStamps(_ environment: [String: String]) -> [String] {
        tools.compactMap { name in
            guard let tool = try? BuildTool(named: name, path: environment["PATH"], hint: ""),
                let stamp = FileStamp(path: tool.path)
            else { return nil }
            return "\(tool.path) \(stamp.text)"
        }
    }
}
