/// Why the process of an execution environment did not start.
package enum LaunchFailure: Error, Sendable, Hashable {
    /// No file `bootstrap` in the task root or in a layer.
    case noEntrypoint
    /// `execve` refused the bootstrap; `code` is the errno, `path` the path as the function would see it on Lambda.
    case exec(code: Int32, path: String)
    /// The machine could not provide the process (fork failed, out of descriptors): a fault here, not the function's.
    case host(code: Int32, operation: String)
    /// A container engine did not run the function's container; `words` are its own.
    case engine(name: String, words: String)

    /// Lambda's error type for it.
    package var errorType: String {
        switch self {
        case .noEntrypoint, .exec: "Runtime.InvalidEntrypoint"
        case .host, .engine: "Runtime.LaunchError"
        }
    }

    /// The message that follows `RequestId: ID Error: `.
    package var lambdaMessage: String {
        switch self {
        case .noEntrypoint:
            "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"
        case .exec(let code, let path):
            "fork/exec \(path): \(ErrnoName.lambdaName(of: code))"
        case .host(let code, let operation):
            "\(operation): \(ErrnoName.lambdaName(of: code))"
        case .engine(let name, let words):
            "\(name): \(words)"
        }
    }
}
