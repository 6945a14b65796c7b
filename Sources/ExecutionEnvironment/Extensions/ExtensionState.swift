/// Where one extension stands. The raw values are those of Lambda's `EXTENSION` log line.
enum ExtensionState: String, Hashable {
    /// Its process runs, or is about to; it has not registered. → `registered`, `launchError`, `exited`.
    case started = "Started"
    /// → `ready` on its first request for an event, `initError`, `exitError`, `exited`.
    case registered = "Registered"
    /// It waits for an event, or would if its connection had not broken. → `running`, `exitError`, `exited`.
    case ready = "Ready"
    /// It has an event, or one that it will be given when it asks. → `ready`, `exitError`, `exited`.
    case running = "Running"
    /// It has reported that it cannot start, and should end. → `exited`.
    case initError = "InitError"
    /// It has reported that it has to end, and should. → `exited`.
    case exitError = "ExitError"
    /// Its file could not be executed. Final.
    case launchError = "LaunchError"
    /// Its process has ended. Final.
    case exited = "Exited"
}
