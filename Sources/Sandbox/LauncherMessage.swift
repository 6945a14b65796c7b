package import LambdaModel

/// What the launcher tells about the main process, in the order in which it happens; end of file follows when every
/// process of the environment is dead.
package enum LauncherMessage: Sendable, Hashable {
    /// `execve` succeeded.
    case started(pid: Int32)
    /// The process could not be forked, enter its directory or be executed. No other message follows.
    case execFailed(errno: Int32)
    /// The main process ended by itself or was killed; its descendants are killed next.
    case exited(ProcessExit)
    /// A signal is about to end the main process or another one; comes before the `exited` that it leads to.
    case crashed(CrashFacts)
}
