import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A port of this machine where a test takes connections as a subscriber does: blocking sockets, so that a test reads
/// top-down. Nothing waits longer than ten seconds.
final class Listener {
    private var descriptor: Int32
    private(set) var port = 0

    /// - Parameters:
    ///   - ipv6: on `::1` instead of `127.0.0.1`.
    ///   - listens: otherwise the port is taken, but refuses connections until ``listen()``.
    init(ipv6: Bool = false, listens: Bool = true) throws {
        #if canImport(Darwin)
        descriptor = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0)
        #else
        descriptor = socket(ipv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        try #require(descriptor >= 0)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        limitWaiting(of: descriptor)
        try ipv6 ? bindIPv6() : bindIPv4()
        if listens { listen() }
    }

    deinit { closeDescriptor(descriptor) }

    func listen() {
        #if canImport(Darwin)
        _ = Darwin.listen(descriptor, 16)
        #elseif canImport(Glibc)
        _ = Glibc.listen(descriptor, 16)
        #else
        _ = Musl.listen(descriptor, 16)
        #endif
    }

    /// Waits for the next connection.
    func next() throws -> ListenerConnection {
        let accepted = accept(descriptor, nil, nil)
        try #require(accepted >= 0, "no connection came within ten seconds")
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        limitWaiting(of: accepted)
        return ListenerConnection(descriptor: accepted)
    }

    /// Whether a connection waits to be taken, or comes soon.
    func hasNext(within milliseconds: Int32) -> Bool {
        var interest = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&interest, 1, milliseconds) == 1
    }

    private func bindIPv4() throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try bind(&address)
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    private func bindIPv6() throws {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        try bind(&address)
        port = Int(UInt16(bigEndian: address.sin6_port))
    }

    /// Lets the system choose the port and reads it back.
    private func bind<Address>(_ address: inout Address) throws {
        var length = socklen_t(MemoryLayout<Address>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                #if canImport(Darwin)
                let bound = Darwin.bind(descriptor, address, length)
                #elseif canImport(Glibc)
                let bound = Glibc.bind(descriptor, address, length)
                #else
                let bound = Musl.bind(descriptor, address, length)
                #endif
                return bound == 0 ? getsockname(descriptor, address, &length) : bound
            }
        }
        try #require(result == 0)
    }
}

private func limitWaiting(of descriptor: Int32) {
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
}

private func closeDescriptor(_ descriptor: Int32) {
    #if canImport(Darwin)
    _ = Darwin.close(descriptor)
    #elseif canImport(Glibc)
    _ = Glibc.close(descriptor)
    #else
    _ = Musl.close(descriptor)
    #endif
}

/// One connection that a ``Listener`` has taken.
final class ListenerConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    enum Failure: Error { case ended }

    fileprivate init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { closeDescriptor(descriptor) }

    // MARK: Receiving

    struct Request {
        var line: String
        /// As they came, without the ends of lines.
        var fields: [String]
        var body: String
    }

    func readRequest() throws -> Request {
        let line = try readLine()
        var fields: [String] = []
        while case let field = try readLine(), !field.isEmpty { fields.append(field) }
        let name = "content-length: "
        let length = fields.first { $0.lowercased().hasPrefix(name) }.flatMap { Int($0.dropFirst(name.count)) }
        let count = try #require(length)
        while received.count < count { try receive() }
        defer { received.removeFirst(count) }
        return Request(line: line, fields: fields, body: String(decoding: received.prefix(count), as: UTF8.self))
    }

    /// Without its end.
    func readLine() throws -> String {
        var searched = 0
        while true {
            if let end = received[searched...].firstIndex(of: 0x0A) {
                let line = Array(received[..<end])
                received.removeFirst(end + 1)
                return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            }
            searched = received.count
            try receive()
        }
    }

    /// Waits for the other side's end of the connection; `false` when none comes.
    func seesEnd() -> Bool {
        while (try? receive()) != nil {}
        return hasEnded
    }

    private var hasEnded = false

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        hasEnded = count == 0 || (count < 0 && errno == ECONNRESET)
        guard count > 0 else { throw Failure.ended }
        received += buffer.prefix(count)
    }

    // MARK: Sending

    /// `false` when the other side has cut the connection.
    @discardableResult
    func send(_ text: String) -> Bool {
        RawSocket.send(Array(text.utf8), to: descriptor)
    }

    /// Sends a text again and again until the other side cuts the connection; `false` when it takes 64 MB.
    func sendsUntilCut(_ text: String) -> Bool {
        let piece = String(repeating: text, count: max(1, 16_384 / text.utf8.count))
        for _ in 0..<(64 << 20) / piece.utf8.count where !send(piece) { return true }
        return false
    }

    func answer(_ status: String = "200 OK") {
        send("HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n")
    }
}
