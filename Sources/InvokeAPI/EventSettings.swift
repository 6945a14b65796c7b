import FunctionStore
import LambdaModel

/// What becomes of a function's asynchronous invocations, as the store has it.
enum EventSettings {
    /// Those of the qualifier, else those of the function as a whole, else Lambda's defaults.
    static func of(_ function: StoredFunction, qualifier: String?) -> EventInvokeSettings {
        let qualifier = qualifier == "$LATEST" ? nil : qualifier
        let config = qualifier.flatMap { function[.eventInvokeConfig, $0] } ?? function[.eventInvokeConfig, ""]
        func destination(_ name: String) -> String? {
            config?["DestinationConfig"]?[name]?["Destination"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        }
        var result = EventInvokeSettings()
        if let attempts = config?["MaximumRetryAttempts"]?.intValue { result.maximumRetryAttempts = attempts }
        if let age = config?["MaximumEventAgeInSeconds"]?.intValue { result.maximumEventAge = age }
        result.onSuccess = destination("OnSuccess")
        result.onFailure = destination("OnFailure")
        result.deadLetterTarget = FunctionSettings(members: function.latest.settings).deadLetterTarget
        return result
    }

    /// The document for settings of a template; `nil` for Lambda's defaults.
    static func document(_ settings: EventInvokeSettings) -> JSONValue? {
        var plain = settings
        plain.deadLetterTarget = nil
        guard plain != EventInvokeSettings() else { return nil }
        func destination(_ arn: String?) -> JSONValue? { arn.map { .members(["Destination": .string($0)]) } }
        return .members([
            "MaximumRetryAttempts": .integer(settings.maximumRetryAttempts),
            "MaximumEventAgeInSeconds": .integer(settings.maximumEventAge),
            "DestinationConfig": .members([
                "OnSuccess": destination(settings.onSuccess), "OnFailure": destination(settings.onFailure),
            ]),
            "fromTemplate": .bool(true),
        ])
    }
}
