import Testing

/// A runtime played by a test: the calls of the Runtime API on one connection.
final class RuntimeClient {
    let connection: RawClient
    let port: Int

    init(port: Int) throws {
        self.port = port
        connection = try RawClient(port: port)
    }

    /// Another connection to the same Runtime API.
    func another() throws -> RuntimeClient { try RuntimeClient(port: port) }

    static let prefix = "/2018-06-01/runtime"

    func sendNext() {
        connection.send("GET", Self.prefix + "/invocation/next")
    }

    /// Asks for the next event and waits for it.
    func next() throws -> RawResponse {
        sendNext()
        return try connection.readResponse()
    }

    @discardableResult
    func respond(_ body: String, to id: String = "r1", headers: [String] = []) throws -> RawResponse {
        try post("/invocation/\(id)/response", body, headers: headers)
    }

    @discardableResult
    func post(_ path: String, _ body: String, headers: [String] = []) throws -> RawResponse {
        try connection.call("POST", Self.prefix + path, headers: headers, body: body)
    }

    /// Begins a streamed, chunked response.
    func beginStream(to id: String = "r1", headers: [String] = []) {
        let fields = ["Lambda-Runtime-Function-Response-Mode: streaming", "Transfer-Encoding: chunked"] + headers
        connection.send("POST", Self.prefix + "/invocation/\(id)/response", headers: fields)
    }

    func sendChunk(_ text: String) {
        connection.send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
    }

    func endStream(trailers: [String] = []) throws -> RawResponse {
        connection.send("0\r\n" + trailers.map { $0 + "\r\n" }.joined() + "\r\n")
        return try connection.readResponse()
    }
}
