internal import CLauncher

/// What Apus asks of the launcher of an environment. Whatever is asked of a process that does not run (not yet, not any
/// more, no such index) is ignored.
package enum LauncherCommand: Sendable, Hashable {
    /// Executes the extensions, one after the other in their order. Needed once, where there are any.
    case startExtensions
    /// Executes the main process, after extensions that were to be started before. Needed once, where there are extensions;
    /// without them it starts by itself.
    case startMain
    /// SIGTERM to the main process and its group.
    case terminate
    /// SIGKILL to the main process and its group. With extensions these go on.
    case killMain
    /// SIGKILL to the extension, and its group, of this index in `LaunchSpecification.extensions`.
    case killExtension(Int)
    /// SIGKILL to every process: the end of the environment.
    case kill
    /// Freezes every process (SIGSTOP). What is to be started waits as well.
    case stop
    /// Thaws every process (SIGCONT).
    case `continue`
    /// Asks for a socket of the room's own network.
    case sendSocket

    /// `nil` for an index that no extension can have.
    var byte: UInt8? {
        switch self {
        case .startExtensions: UInt8(APUS_COMMAND_START_EXTENSIONS)
        case .startMain: UInt8(APUS_COMMAND_START_MAIN)
        case .terminate: UInt8(APUS_COMMAND_TERMINATE)
        case .killMain: UInt8(APUS_COMMAND_KILL_CHILD)
        case .killExtension(let index):
            (0..<LaunchSpecification.maximumExtensions).contains(index)
                ? UInt8(Int(APUS_COMMAND_KILL_CHILD) + 1 + index) : nil
        case .kill: UInt8(APUS_COMMAND_KILL)
        case .stop: UInt8(APUS_COMMAND_STOP)
        case .continue: UInt8(APUS_COMMAND_CONTINUE)
        case .sendSocket: UInt8(APUS_COMMAND_SOCKET)
        }
    }
}
