#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Emulator {
    /// Where a port is: a numeric address, since a static program has no resolver, and a port.
    package struct Address: Sendable, Hashable {
        package var host: String
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        /// Reads `HOST:PORT`, `[V6]:PORT` or `:PORT` (all interfaces); `nil` for anything else. HOST is an IPv4 address
        /// or `localhost`.
        package init?(_ text: String) {
            guard let colon = text.lastIndex(of: ":") else { return nil }
            let digits = text[text.index(after: colon)...]
            guard digits.first != "+", let port = UInt16(digits) else { return nil }
            let host = text[..<colon]
            if host.hasPrefix("["), host.hasSuffix("]") {
                let inner = String(host.dropFirst().dropLast())
                guard Self.isNumeric(inner, AF_INET6) else { return nil }
                self.init(host: inner, port: Int(port))
            } else {
                let numeric = host.isEmpty ? "0.0.0.0" : host == "localhost" ? "127.0.0.1" : String(host)
                guard Self.isNumeric(numeric, AF_INET) else { return nil }
                self.init(host: numeric, port: Int(port))
            }
        }

        private static func isNumeric(_ host: String, _ family: Int32) -> Bool {
            var address = in6_addr()
            return !host.utf8.contains(0) && inet_pton(family, host, &address) == 1
        }
    }
}

extension Emulator.Address: CustomStringConvertible {
    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
