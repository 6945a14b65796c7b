#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

enum HostProcess {
    /// Whether a process runs no more. One that waits to be collected by a foreign parent counts as gone.
    static func isGone(_ pid: Int32) -> Bool {
        if kill(pid, 0) != 0 { return errno == ESRCH }
        guard let fields = fields(of: pid) else { return false }
        return fields.first.map { $0 == "Z" } ?? true
    }

    /// Its parent's number, from /proc.
    static func parent(of pid: Int32) -> Int32? {
        fields(of: pid)?.dropFirst().first.flatMap { Int32($0) }
    }

    /// Those of /proc/PID/stat behind the name: its state, its parent's number and so on. Empty for a process that has
    /// gone meanwhile.
    private static func fields(of pid: Int32) -> [Substring]? {
        guard let file = fopen("/proc/\(pid)/stat", "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = fread(&bytes, 1, bytes.count, file)
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        return text.split(separator: ")").last?.split(separator: " ") ?? []
    }
}
