import Testing

/// An extension played by a test: the calls of the Extensions and Telemetry APIs on one connection.
final class ExtensionClient {
    let connection: RawClient
    let port: Int
    private(set) var identifier: String?

    init(port: Int) throws {
        self.port = port
        connection = try RawClient(port: port)
    }

    @discardableResult
    func register(
        _ name: String?,
        body: String = #"{"events":["INVOKE"]}"#,
        headers: [String] = []
    ) throws -> RawResponse {
        let name = name.map { ["Lambda-Extension-Name: " + $0] } ?? []
        let answer = try call("POST", "/2020-01-01/extension/register", headers: name + headers, body: body)
        identifier = answer["lambda-extension-identifier"] ?? identifier
        return answer
    }

    func sendNext() {
        connection.send("GET", "/2020-01-01/extension/event/next", headers: own)
    }

    func next() throws -> RawResponse {
        sendNext()
        return try connection.readResponse()
    }

    func report(_ phase: String, type: String?) throws -> RawResponse {
        let type = type.map { ["Lambda-Extension-Function-Error-Type: " + $0] } ?? []
        return try call("POST", "/2020-01-01/extension/\(phase)/error", headers: own + type, body: "{}")
    }

    func subscribe(_ body: String, path: String = "/2022-07-01/telemetry") throws -> RawResponse {
        try call("PUT", path, headers: own, body: body)
    }

    func call(_ method: String, _ path: String, headers: [String], body: String? = nil) throws -> RawResponse {
        try connection.call(method, path, headers: headers, body: body)
    }

    private var own: [String] { identifier.map { ["Lambda-Extension-Identifier: " + $0] } ?? [] }
}
