import HTTPServer

/// What the Extensions API refuses: status 403 always.
///
/// Types: AWS Lambda developer guide, "Extensions API reference".
extension APIRefusal {
    static let missingExtensionIdentifier = APIRefusal(
        status: .forbidden,
        type: "Extension.MissingExtensionIdentifier",
        message: "Missing Lambda-Extension-Identifier header"
    )
    static let invalidExtensionIdentifier = APIRefusal(
        status: .forbidden,
        type: "Extension.InvalidExtensionIdentifier",
        message: "Invalid Lambda-Extension-Identifier"
    )
    static let invalidExtensionName = APIRefusal(
        status: .forbidden,
        type: "Extension.InvalidExtensionName",
        message: "Empty extension name"
    )
    static let registrationClosed = APIRefusal(
        status: .forbidden,
        type: "Extension.RegistrationClosed",
        message: "Extension registration closed already"
    )
    static let nameTaken = APIRefusal(
        status: .forbidden,
        type: "Extension.InvalidExtensionState",
        message: "Extension with this name already registered"
    )
    static let tooManyExtensions = APIRefusal(
        status: .forbidden,
        type: "Extension.TooManyExtensions",
        message: "Extension limit (\(ExtensionRegistry.limit)) reached"
    )
    static let shutdownOfInternalExtension = APIRefusal(
        status: .forbidden,
        type: "Extension.InvalidEventType",
        message: "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension"
    )

    static func extensionNameTooLong(limit: Int) -> APIRefusal {
        APIRefusal(
            status: .forbidden,
            type: "Extension.InvalidExtensionName",
            message: "The extension name is longer than \(limit) bytes"
        )
    }

    static func unknownExtension(_ identifier: String) -> APIRefusal {
        APIRefusal(
            status: .forbidden,
            type: "Extension.UnknownExtensionIdentifier",
            message: "Unknown extension \(identifier)"
        )
    }

    static func invalidEventType(_ name: String) -> APIRefusal {
        APIRefusal(status: .forbidden, type: "Extension.InvalidEventType", message: "\(name): ErrorInvalidEventType")
    }

    static func invalidExtensionState(_ call: String, _ name: String, _ state: ExtensionState) -> APIRefusal {
        APIRefusal(
            status: .forbidden,
            type: "Extension.InvalidExtensionState",
            message: "extension \(name) may not \(call) in the state \(state.rawValue)"
        )
    }

    static func missingErrorType(_ header: String) -> APIRefusal {
        APIRefusal(status: .forbidden, type: "Extension.MissingHeader", message: "\(header) not found")
    }

    static func invalidRegistration(_ reason: String) -> APIRefusal {
        APIRefusal(status: .forbidden, type: "InvalidRequestFormat", message: reason)
    }
}
