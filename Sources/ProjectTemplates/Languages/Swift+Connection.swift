extension ProjectTemplate {
    static let swiftHTTPConnection = ProjectFile(
        "Sources/Hello/HTTPConnection.swift",
        about: "HTTP for the runtime",
        text: #"""
            /// HTTP/1.1 with Lambda's Runtime API over one kept connection.
            struct HTTPConnection {
                struct Response {
                    var status = 0
                    var requestID: String?
                    var body: [UInt8] = []
                }

                private let authority: String
                private var socket: Socket?
                /// What has been received, and how much of it has been read.
                private var received: [UInt8] = []
                private var read = 0

                private static let maximumLine = 64 * 1024
                /// Lambda's own limit of an event is 6 MB.
                private static let maximumBody = 8 * 1024 * 1024

                /// - Parameter authority: host:port.
                init(authority: String) {
                    self.authority = authority
                }

                /// One request and its response.
                mutating func call(
                    _ method: String,
                    _ path: String,
                    header: (name: String, value: String)? = nil,
                    body: [UInt8] = []
                ) throws -> Response {
                    let socket = try self.socket ?? Socket(connectedTo: authority)
                    self.socket = socket
                    // One write, so that the head does not travel without the body.
                    var head = "\(method) /2018-06-01/runtime/\(path) HTTP/1.1\r\nHost: \(authority)\r\n"
                    if let header { head += "\(header.name): \(header.value)\r\n" }
                    head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
                    try socket.send(Array(head.utf8) + body)
                    return try readResponse(from: socket)
                }

                private mutating func readResponse(from socket: Socket) throws -> Response {
                    var response = Response()
                    let statusLine = try readLine(from: socket).split(separator: " ")
                    guard statusLine.count > 1, statusLine[0].hasPrefix("HTTP/1."), let status = Int(statusLine[1]) else {
                        throw RuntimeError("the Runtime API does not speak HTTP/1")
                    }
                    response.status = status

                    var length = 0
                    var isChunked = false
                    var closes = false
                    while case let line = try readLine(from: socket), !line.isEmpty {
                        guard let colon = line.firstIndex(of: ":") else { throw RuntimeError("a header without a colon") }
                        let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                        switch line[..<colon].lowercased() {
                        case "content-length": length = try Self.number(value, radix: 10)
                        case "transfer-encoding": isChunked = value.lowercased() == "chunked"
                        case "connection": closes = value.lowercased() == "close"
                        case "lambda-runtime-aws-request-id": response.requestID = String(value)
                        default: break
                        }
                    }
                    if isChunked {
                        try readChunks(into: &response.body, from: socket)
                    } else {
                        try readBytes(length, into: &response.body, from: socket)
                    }
                    if closes { self.socket = nil }
                    return response
                }

                private mutating func readChunks(into body: inout [UInt8], from socket: Socket) throws {
                    while true {
                        let size = try readLine(from: socket).prefix { $0 != ";" && $0 != " " }
                        let length = try Self.number(size, radix: 16)
                        if length == 0 { break }
                        try readBytes(length, into: &body, from: socket)
                        guard try readLine(from: socket).isEmpty else { throw RuntimeError("a chunk longer than its size") }
                    }
                    while try !readLine(from: socket).isEmpty {}  // trailers
                }

                private mutating func readBytes(_ count: Int, into body: inout [UInt8], from socket: Socket) throws {
                    guard count <= Self.maximumBody - body.count else { throw RuntimeError("the event is too large") }
                    var missing = count
                    while missing > 0 {
                        let part = try available(from: socket).prefix(missing)
                        body += part
                        read += part.count
                        missing -= part.count
                    }
                }

                /// A line without its end.
                private mutating func readLine(from socket: Socket) throws -> String {
                    var line: [UInt8] = []
                    while line.count <= Self.maximumLine {
                        let bytes = try available(from: socket)
                        if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                            line += bytes[..<end]
                            read = end + 1
                            if line.last == UInt8(ascii: "\r") { line.removeLast() }
                            return String(decoding: line, as: UTF8.self)
                        }
                        line += bytes
                        read = received.count
                    }
                    throw RuntimeError("a line of the Runtime API's is too long")
                }

                /// What has not been read; if there is nothing, what comes next.
                private mutating func available(from socket: Socket) throws -> ArraySlice<UInt8> {
                    if read == received.count {
                        received = try socket.receive()
                        read = 0
                    }
                    return received[read...]
                }

                private static func number(_ text: some StringProtocol, radix: Int) throws -> Int {
                    guard let value = Int(text, radix: radix), value >= 0 else { throw RuntimeError("'\(text)' is no length") }
                    return value
                }
            }
            """#
    )

    static let swiftSocket = ProjectFile(
        "Sources/Hello/Socket.swift",
        about: "TCP for HTTP",
        text: #"""
            #if canImport(Glibc)
            import Glibc
            #elseif canImport(Musl)
            import Musl
            #else
            import Darwin
            #endif

            /// A connected TCP socket, closed when nobody holds it any longer.
            final class Socket {
                private let descriptor: Int32

                /// - Parameter authority: an IPv4 address in numbers and a port, as Lambda gives them.
                init(connectedTo authority: String) throws {
                    let parts = authority.split(separator: ":")
                    var address = sockaddr_in()
                    address.sin_family = sa_family_t(AF_INET)
                    let host = parts.first == "localhost" ? "127.0.0.1" : String(parts.first ?? "")
                    guard parts.count == 2, let port = UInt16(parts[1]), inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
                        throw RuntimeError("AWS_LAMBDA_RUNTIME_API is not an IPv4 address and a port: \(authority)")
                    }
                    address.sin_port = port.bigEndian

                    #if canImport(Glibc)
                    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                    #else
                    descriptor = socket(AF_INET, SOCK_STREAM, 0)
                    #endif
                    guard descriptor >= 0 else { throw Self.failure("socket") }
                    signal(SIGPIPE, SIG_IGN)  // a broken connection is an error of `send`, not the end
                    var on: Int32 = 1
                    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
                    let status = withUnsafePointer(to: address) { pointer in
                        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                        }
                    }
                    guard status == 0 else {
                        let error = Self.failure("connecting to the Runtime API at \(authority)")
                        close(descriptor)
                        throw error
                    }
                }

                deinit { close(descriptor) }

                func send(_ bytes: [UInt8]) throws {
                    var rest = bytes[...]
                    while !rest.isEmpty {
                        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                        if count < 0 && errno == EINTR { continue }
                        guard count > 0 else { throw Self.failure("sending to the Runtime API") }
                        rest = rest.dropFirst(count)
                    }
                }

                /// What comes next; at least one byte.
                func receive() throws -> [UInt8] {
                    try Array(unsafeUninitializedCapacity: 64 * 1024) { buffer, count in
                        var received: Int
                        repeat { received = read(descriptor, buffer.baseAddress, buffer.count) } while received < 0 && errno == EINTR
                        guard received >= 0 else { throw Self.failure("receiving from the Runtime API") }
                        guard received > 0 else { throw RuntimeError("the Runtime API hung up") }
                        count = received
                    }
                }

                private static func failure(_ what: String) -> RuntimeError {
                    RuntimeError("\(what): \(String(cString: strerror(errno)))")
                }
            }
            """#
    )
}
