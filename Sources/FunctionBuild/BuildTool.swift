import Dispatch
import LambdaModel
import Subprocess
import Synchronization
import SystemPackage

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Runs one build tool in a session of its own, so that nothing it started outlives it, whether it ends, fails or is
/// cancelled.
struct BuildTool {
    /// Absolute path of the program.
    let path: String

    struct Outcome {
        /// Minus the signal's number where a signal ended the tool.
        var exitStatus: Int
        /// The end of what it wrote to standard output and standard error.
        var output: String
    }

    /// Time between SIGTERM and SIGKILL for a cancelled tool.
    private static let grace = Duration.milliseconds(500)

    /// The program `name` in the directories of `PATH`, or at its own path if that is absolute.
    init(named name: String, path: String?, hint: String) throws(ApusError) {
        if name.hasPrefix("/"), access(name, X_OK) == 0 {
            self.path = name
            return
        }
        for directory in (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") where directory.hasPrefix("/") {
            let candidate = directory + "/" + name
            if access(String(candidate), X_OK) == 0, !Directory.isDirectory(String(candidate)) {
                self.path = String(candidate)
                return
            }
        }
        throw ApusError(.buildToolMissing, "the build tool '\(name)' is not installed, or not in PATH", hint: hint)
    }

    /// Runs the tool to its end. Lines of its output arrive at `line` as they are written.
    func run(
        _ arguments: [String],
        environment: [String: String],
        directory: String,
        line: @escaping @Sendable (String) -> Void
    ) async throws(ApusError) -> Outcome {
        let output = try ToolOutput(line: line)
        let group = Mutex<pid_t>(0)
        let result: TerminationStatus
        do {
            result = try await Subprocess.run(
                .path(FilePath(path)),
                arguments: Arguments(arguments),
                environment: .custom(Self.subprocessEnvironment(environment)),
                workingDirectory: FilePath(directory),
                platformOptions: Self.options,
                input: .none,
                output: .fileDescriptor(FileDescriptor(rawValue: output.writer), closeAfterSpawningProcess: false),
                error: .fileDescriptor(FileDescriptor(rawValue: output.writer), closeAfterSpawningProcess: false)
            ) { execution in
                let identifier = execution.processIdentifier.value
                group.withLock { $0 = identifier }
            }.terminationStatus
        } catch {
            Self.end(group.withLock { $0 })
            _ = output.finish()
            guard !Task.isCancelled else { throw ApusError(.buildCancelled, "cancelled") }
            throw ApusError(.buildInputOutput, "cannot run '\(path)': \(error)")
        }
        Self.end(group.withLock { $0 })
        let text = output.finish()
        guard !Task.isCancelled else { throw ApusError(.buildCancelled, "cancelled") }
        switch result {
        case .exited(let code): return Outcome(exitStatus: Int(code), output: text)
        case .signaled(let signal): return Outcome(exitStatus: -Int(signal), output: text)
        }
    }

    static var options: PlatformOptions {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: grace)]
        return options
    }

    static func subprocessEnvironment(_ variables: [String: String]) -> [Environment.Key: String] {
        var result: [Environment.Key: String] = [:]
        for (key, value) in variables where !key.isEmpty && !key.utf8.contains(0) && !value.utf8.contains(0) {
            result[Environment.Key(stringLiteral: key)] = value
        }
        return result
    }

    /// Ends what the tool left running in its process group; its leader is gone already.
    private static func end(_ group: pid_t) {
        if group > 1 { _ = kill(-group, SIGKILL) }
    }
}
