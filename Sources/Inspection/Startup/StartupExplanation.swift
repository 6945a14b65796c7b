package import LambdaModel

/// Why a function did not start, in plain words: lines for stderr, the cause first, then what to do.
package enum StartupExplanation {
    /// Explains a launch that failed.
    ///
    /// - Parameters:
    ///   - taskRoot: the directory on this machine that is /var/task on Lambda.
    ///   - bootstrapPath: the file that was to be executed, where one was found (a layer's, for instance);
    ///     `<taskRoot>/bootstrap` by default.
    ///   - handler: the function's handler, which tells what the author meant to run.
    ///   - architecture: the architecture that the function is configured for.
    ///   - surroundings: where it was to start.
    /// - Returns: at least one line; none of them holds control characters, whatever the package holds.
    package static func explain(
        _ failure: LaunchFailure,
        taskRoot: String,
        bootstrapPath: String? = nil,
        handler: String = "",
        architecture: Architecture,
        surroundings: StartSurroundings = .host
    ) -> [String] {
        explain(
            failure,
            taskRoot: taskRoot,
            bootstrapPath: bootstrapPath,
            handler: handler,
            architecture: architecture,
            surroundings: surroundings,
            host: .host
        )
    }

    /// The same for a machine of any architecture.
    static func explain(
        _ failure: LaunchFailure,
        taskRoot: String,
        bootstrapPath: String? = nil,
        handler: String = "",
        architecture: Architecture,
        surroundings: StartSurroundings = .host,
        host: Architecture
    ) -> [String] {
        let path = bootstrapPath ?? taskRoot + "/bootstrap"
        let lines: [String]
        switch failure {
        case .noEntrypoint:
            lines = MissingBootstrap(taskRoot: taskRoot, handler: handler).lines
        case .exec(let code, _):
            let refusal = ExecRefusal(path: path, code: code, architecture: architecture, host: host)
            let room = RoomRefusal(path: path, code: code, surroundings: surroundings)
            lines = room.lines ?? refusal.lines
        case .host(let code, let operation):
            lines = hostLines(code: code, operation: operation)
        case .engine(let name, let words):
            lines = [
                "\(name) could not run the container: \(words)",
                "fix: `apus doctor` tells what container engines are there",
            ]
        }
        return lines.map(Printable.text)
    }

    private static func hostLines(code: Int32, operation: String) -> [String] {
        let cause = "this machine could not start the process: \(operation): \(ErrnoName.lambdaName(of: code))"
        return switch code {
        case 7: [cause, "fix: the function's environment variables are too large; Lambda allows 4 KB in all"]
        case 11: [cause, "fix: the limit of processes is reached; see `ulimit -u`"]
        case 12: [cause, "fix: free some memory"]
        case 23, 24: [cause, "fix: the limit of open files is reached; see `ulimit -n`"]
        default: [cause]
        }
    }
}
