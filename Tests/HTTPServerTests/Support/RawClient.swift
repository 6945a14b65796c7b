import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A client that sends any bytes whatever and reads HTTP answers: a blocking socket, so that a test reads top-down.
/// Nothing waits longer than thirty seconds.
final class RawClient {
    private var descriptor: Int32
    private var received: [UInt8] = []
    /// Whether the server has closed its sending side, in order.
    private(set) var sawEnd = false

    init(port: Int, receiveBuffer: Int32? = nil) throws {
        #if canImport(Darwin)
        descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #else
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        try #require(descriptor >= 0)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close()
            throw ClientError.cannotConnect
        }
    }

    /// Whether nobody listens on a port any more. A process that is being started beside the test may hold a copy of a
    /// closed listener for a moment, until its exec.
    static func isRefused(port: Int) -> Bool {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            if (try? RawClient(port: port)) == nil { return true }
        }
        return false
    }

    enum ClientError: Error { case cannotConnect, ended, malformed(String) }

    deinit { close() }

    func close() {
        guard descriptor >= 0 else { return }
        #if canImport(Darwin)
        _ = Darwin.close(descriptor)
        #elseif canImport(Glibc)
        _ = Glibc.close(descriptor)
        #elseif canImport(Musl)
        _ = Musl.close(descriptor)
        #endif
        descriptor = -1
    }

    /// Closes with a reset instead of an orderly end, which has arrived when this returns.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        hangUp()
    }

    /// Closes, and waits until that has arrived: on a loaded machine another connection's bytes may overtake it.
    func hangUp() {
        let port = ownPort
        close()
        #if os(Linux)
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end, Self.peerIsConnected(to: port) { usleep(1000) }
        #endif
    }

    private var ownPort: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    #if os(Linux)
    /// Whether the kernel's table has a connection in the state "established" (1) whose other side is the port.
    private static func peerIsConnected(to port: UInt16) -> Bool {
        guard let file = fopen("/proc/net/tcp", "re") else { return false }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                .split(separator: " ")
            guard words.count > 3, words[3] == "01", let number = words[2].split(separator: ":").last else { continue }
            if UInt16(number, radix: 16) == port { return true }
        }
        return false
    }
    #endif

    /// Says that nothing more will be sent, and can still read.
    func closeSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    // MARK: Sending

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// `false` when the server has cut the connection.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        RawSocket.send(bytes, to: descriptor)
    }

    /// Sends a request of HTTP/1.1 with a Host and, for a body, its length.
    func send(_ method: String, _ target: String, headers: [String] = [], body: String? = nil) {
        send(method, target, headers: headers, bytes: body.map { Array($0.utf8) })
    }

    func send(_ method: String, _ target: String, headers: [String] = [], bytes: [UInt8]?) {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for header in headers { head += header + "\r\n" }
        if let bytes { head += "Content-Length: \(bytes.count)\r\n" }
        send(Array((head + "\r\n").utf8) + (bytes ?? []))
    }

    /// Sends a request and reads its answer.
    func call(_ method: String, _ target: String, headers: [String] = [], body: String? = nil) throws -> RawResponse {
        send(method, target, headers: headers, body: body)
        return try readResponse(toHead: method == "HEAD")
    }

    // MARK: Receiving

    /// Reads one answer; those of the 100s are answers of their own.
    func readResponse(toHead: Bool = false) throws -> RawResponse {
        let statusLine = try readLine()
        let words = statusLine.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw ClientError.malformed(statusLine)
        }
        var response = RawResponse(status: status, fields: try readFields())
        if toHead || status < 200 || status == 204 { return response }
        if response["transfer-encoding"] == "chunked" {
            while let chunk = try readChunk() { response.body += chunk }
            response.trailers = try readFields()
        } else if let length = response["content-length"].flatMap({ Int($0) }) {
            response.body = try read(length)
        } else {
            response.body = readToEnd()
        }
        return response
    }

    /// The rest, up to the end or the reset of the connection.
    func readToEnd() -> [UInt8] {
        while receive() {}
        defer { received = [] }
        return received
    }

    /// The next chunk of a chunked body; `nil` for the last, whose trailers follow.
    func readChunk() throws -> [UInt8]? {
        let line = try readLine()
        guard let size = Int(line, radix: 16) else { throw ClientError.malformed(line) }
        guard size > 0 else { return nil }
        let chunk = try read(size)
        guard try readLine().isEmpty else { throw ClientError.malformed("chunk without an end") }
        return chunk
    }

    func readLine() throws -> String {
        var searched = 0
        while true {
            if let end = received[searched...].firstIndex(of: 0x0A) {
                let line = Array(received[..<end])
                received.removeFirst(end + 1)
                return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            }
            searched = received.count
            guard receive() else { throw ClientError.ended }
        }
    }

    private func readFields() throws -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        while case let line = try readLine(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { throw ClientError.malformed(line) }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            fields.append((line[..<colon].lowercased(), String(value)))
        }
        return fields
    }

    private func read(_ count: Int) throws -> [UInt8] {
        while received.count < count {
            guard receive() else { throw ClientError.ended }
        }
        defer { received.removeFirst(count) }
        return Array(received.prefix(count))
    }

    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        sawEnd = count == 0
        guard count > 0 else { return false }
        received += buffer.prefix(count)
        return true
    }
}

/// An answer as it came.
struct RawResponse {
    var status: Int
    var fields: [(name: String, value: String)]
    var body: [UInt8] = []
    var trailers: [(name: String, value: String)] = []

    var text: String { String(decoding: body, as: UTF8.self) }

    /// A header field's value; the name in lower case.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    func trailer(_ name: String) -> String? { trailers.first { $0.name == name }?.value }
}
