internal import CLauncher

/// What Apus asks of the launcher of an environment.
package enum LauncherCommand: Sendable, Hashable, CaseIterable {
    /// SIGTERM to the main process's group.
    case terminate
    /// SIGKILL to every process.
    case kill
    /// Freezes every process (SIGSTOP).
    case stop
    /// Thaws every process (SIGCONT).
    case `continue`

    var byte: UInt8 {
        switch self {
        case .terminate: UInt8(APUS_COMMAND_TERMINATE)
        case .kill: UInt8(APUS_COMMAND_KILL)
        case .stop: UInt8(APUS_COMMAND_STOP)
        case .continue: UInt8(APUS_COMMAND_CONTINUE)
        }
    }
}
