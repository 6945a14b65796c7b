import LambdaModel

/// Why an environment's processes were of no more use.
enum EnvironmentBreakdown {
    case exited(ProcessExit)
    case launch(LaunchFailure)
    case initError(type: String)
    /// An extension's process has ended; the state is the one before.
    case extensionExited(ExtensionState, ProcessExit)
    case extensionLaunch(LaunchFailure)
    case tooManyExtensions

    var errorType: String {
        switch self {
        case .exited: "Runtime.ExitError"
        case .launch(let failure): failure.errorType
        case .initError(let type): type
        case .extensionExited(.initError, _): "Extension.InitError"
        case .extensionExited(.exitError, _): "Extension.ExitError"
        case .extensionExited: "Extension.Crash"
        case .extensionLaunch, .tooManyExtensions: "Extension.LaunchError"
        }
    }

    /// What the log says of it; a posted init error speaks for itself.
    var message: String? {
        switch self {
        case .exited(let exit): exit.lambdaMessage
        case .launch(let failure), .extensionLaunch(let failure): failure.lambdaMessage
        case .initError: nil
        case .extensionExited(_, let exit): Self.message(ofExtension: exit)
        case .tooManyExtensions: "Extension limit (\(ExtensionRegistry.limit)) reached"
        }
    }

    /// Of the main process alone.
    var exit: ProcessExit? {
        if case .exited(let exit) = self { exit } else { nil }
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
