internal import Subprocess
internal import SystemPackage

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A program of the developer's machine that a diagnosis asks, with bounded time and output. It may be missing, hang or
/// fail: then the diagnosis goes without.
struct AnalysisTool: Sendable, Hashable {
    /// Absolute path of the program.
    let path: String

    /// More than the names and lines of 32 addresses ever need.
    private static let maximumOutput = 256 * 1024

    /// The first of the programs in the directories of `PATH`, a directory at a time for each name.
    init?(named names: [String], searchPath: String?, also directories: [String] = []) {
        let searched =
            (searchPath ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init) + directories
        for name in names {
            for directory in searched where directory.hasPrefix("/") {
                let candidate = directory + "/" + name
                guard let facts = FileFacts(path: candidate), facts.kind == .regular, facts.isExecutable else {
                    continue
                }
                path = candidate
                return
            }
        }
        return nil
    }

    /// The directory that holds the real `swift`, whose toolchain brings a symbolizer and a demangler that are often not
    /// in `PATH` themselves.
    static func toolchainDirectories(searchPath: String?) -> [String] {
        guard let swift = AnalysisTool(named: ["swift"], searchPath: searchPath) else { return [] }
        guard let real = realpath(swift.path, nil) else { return [] }
        defer { free(real) }
        let path = String(cString: real)
        return path.lastIndex(of: "/").map { [String(path[..<$0])] } ?? []
    }

    /// What the program writes to standard output; `nil` when it cannot be run, fails, or is not done in time: it is
    /// killed then.
    func output(_ arguments: [String], within limit: Duration) async -> String? {
        await withTaskGroup(of: String?.self) { group in
            group.addTask { await run(arguments) }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private func run(_ arguments: [String]) async -> String? {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        // A bare environment: a symbolizer must not ask a debug information server, nor obey the user's options for it.
        let outcome = try? await Subprocess.run(
            .path(FilePath(path)),
            arguments: Arguments(arguments),
            environment: .custom(["LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"]),
            workingDirectory: "/",
            platformOptions: options,
            input: .none,
            output: .bytes(limit: Self.maximumOutput),
            error: .discarded
        )
        guard let outcome, outcome.terminationStatus.isSuccess else { return nil }
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }
}
