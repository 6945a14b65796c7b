package import LambdaModel

/// What the end of an environment's main process says of its function.
package enum ProcessEnd: Sendable, Hashable {
    case exited(ProcessExit)
    /// The function has never run.
    case failed(LaunchFailure)
}
