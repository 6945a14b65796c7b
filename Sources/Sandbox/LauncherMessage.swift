package import LambdaModel

/// What the launcher tells about the processes that it starts, in the order in which it happens; end of file follows when
/// every process of the environment is dead. An index is that of `LaunchSpecification.extensions`.
package enum LauncherMessage: Sendable, Hashable {
    /// `execve` of the main process succeeded.
    case started(pid: Int32)
    /// The main process could not be forked, enter its directory or be executed. No other message about it follows.
    case execFailed(errno: Int32)
    /// The main process ended by itself or was killed, and its group with it. Without extensions all other descendants are
    /// killed next.
    case exited(ProcessExit)
    /// A signal is about to end any process of the environment; comes before the exit that it leads to.
    case crashed(CrashFacts)
    /// The room could not be made, so that nothing was started; see `RoomSpecification.description(ofStep:)`.
    case roomFailed(step: Int32, errno: Int32)
    /// The room is there; `EnvironmentProcesses.takeRoom` has what belongs to it.
    case roomReady
    /// A process other than the main one is killed because all together hold more memory than the limit allows. Of the
    /// main process its exit tells.
    case outOfMemory(OutOfMemory)
    case extensionStarted(index: Int, pid: Int32)
    /// As `execFailed`; the others go on.
    case extensionExecFailed(index: Int, errno: Int32)
    /// The extension ended by itself or was killed, and its group with it; the others go on.
    case extensionExited(index: Int, ProcessExit)
}
