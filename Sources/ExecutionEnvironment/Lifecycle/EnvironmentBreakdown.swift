import LambdaModel

/// Why an environment's processes were of no more use.
enum EnvironmentBreakdown {
    case exited(ProcessExit)
    case launch(LaunchFailure)
    case initError(type: String)

    var errorType: String {
        switch self {
        case .exited: "Runtime.ExitError"
        case .launch(let failure): failure.errorType
        case .initError(let type): type
        }
    }

    /// What the log says of it; a posted init error speaks for itself.
    var message: String? {
        switch self {
        case .exited(let exit): exit.lambdaMessage
        case .launch(let failure): failure.lambdaMessage
        case .initError: nil
        }
    }

    var exit: ProcessExit? {
        if case .exited(let exit) = self { exit } else { nil }
    }
}
