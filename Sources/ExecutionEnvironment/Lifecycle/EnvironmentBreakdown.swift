import LambdaModel

/// Why an environment's processes were of no more use.
enum EnvironmentBreakdown {
    case exited(ProcessExit)
    case launch(LaunchFailure)
    case initError(type: String)
    /// An extension's process has ended; the state is the one before.
    case extensionExited(ExtensionState, ProcessExit)
    case extensionLaunch(LaunchFailure)
    /// An extension has reported an error, and there is no exit to wait for.
    case extensionReported(ExtensionRegistry.Entry)
    case tooManyExtensions

    var errorType: String {
        switch self {
        case .exited(let exit): exit.outOfMemory == nil ? "Runtime.ExitError" : "Runtime.OutOfMemory"
        case .launch(let failure): failure.errorType
        case .initError(let type): type
        case .extensionExited(let state, _): Self.errorType(ofExtension: state)
        case .extensionReported(let entry): Self.errorType(ofExtension: entry.state)
        case .extensionLaunch, .tooManyExtensions: "Extension.LaunchError"
        }
    }

    /// What the log says of it; a posted init error speaks for itself.
    var message: String? {
        switch self {
        case .exited(let exit): exit.lambdaMessage
        case .launch(let failure), .extensionLaunch(let failure): failure.lambdaMessage
        case .initError: nil
        case .extensionReported(let entry): "\(entry.name) reported \(entry.errorType ?? "an error")"
        case .extensionExited(_, let exit): Self.message(ofExtension: exit)
        case .tooManyExtensions: "Extension limit (\(ExtensionRegistry.limit)) reached"
        }
    }

    /// Of the main process alone.
    var exit: ProcessExit? {
        if case .exited(let exit) = self { exit } else { nil }
    }

    private static func errorType(ofExtension state: ExtensionState) -> String {
        switch state {
        case .initError: "Extension.InitError"
        case .exitError: "Extension.ExitError"
        case .started, .registered, .ready, .running, .launchError, .exited: "Extension.Crash"
        }
    }

    /// Lambda's words for the end of an extension: `exit code 0`, `exit status 1`, `signal: killed`.
    private static func message(ofExtension exit: ProcessExit) -> String {
        switch exit.status {
        case .exited(0): "exit code 0"
        case .exited(let code): "exit status \(code)"
        case .signaled(let number): "signal: \(SignalName.lambdaName(of: number))"
        }
    }
}
