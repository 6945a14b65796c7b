import LambdaModel

/// The body of `POST /extension/register`.
struct ExtensionRegistration {
    var events: [String] = []

    /// Reads `{"events":["INVOKE","SHUTDOWN"]}`; the list may be empty or missing.
    init(json: [UInt8]) throws(APIRefusal) {
        let value: JSONValue
        do {
            value = try JSONValue(json: json)
        } catch {
            throw .invalidRegistration("the body \(error.reason)")
        }
        guard case .object = value else { throw .invalidRegistration("the body is no JSON object") }
        if let keys = value["configurationKeys"]?.arrayValue, !keys.isEmpty {
            throw .invalidRegistration("configurationKeys are deprecated; use environment variables instead")
        }
        switch value["events"] {
        case nil, .null: break
        case .array(let items):
            for item in items {
                guard let event = item.stringValue else { throw .invalidRegistration("events holds more than strings") }
                events.append(event)
            }
        case .some: throw .invalidRegistration("events is no list")
        }
    }
}
