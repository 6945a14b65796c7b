#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What clients and listeners of tests do with a socket.
enum RawSocket {
    /// Sends all the bytes; `false` when the other side has cut the connection.
    static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes {
                #if canImport(Darwin)
                Darwin.send(descriptor, $0.baseAddress, $0.count, 0)
                #elseif canImport(Glibc)
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                #else
                Musl.send(descriptor, $0.baseAddress, $0.count, MSG_NOSIGNAL)
                #endif
            }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }
}
