#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Reads what a trial of a process has to say.
enum DescriptorText {
    /// At most 64 KB of a non-blocking pipe, until its end or until nothing has come for so many milliseconds.
    static func readToEnd(_ descriptor: Int32, patience: Int32) -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while result.count < 65_536 {
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                result += buffer.prefix(count)
                continue
            }
            if count == 0 { break }
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard errno == EAGAIN || errno == EINTR, poll(&request, 1, patience) > 0 else { break }
        }
        return result
    }
}
