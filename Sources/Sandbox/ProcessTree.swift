#if os(Linux)

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Who is whose child, from /proc.
enum ProcessTree {
    /// The living children of all threads of a process. Empty when it is gone or the kernel tells nothing.
    static func children(of pid: Int32) -> [Int32] {
        var result: [Int32] = []
        for thread in threads(of: pid) {
            guard let text = ProcFile.read("/proc/\(pid)/task/\(thread)/children") else { continue }
            result += ProcFile.numbers(in: text).map { Int32(truncatingIfNeeded: $0) }
        }
        return result
    }

    /// A child belongs to the thread that forked it.
    private static func threads(of pid: Int32) -> [Int32] {
        guard let directory = opendir("/proc/\(pid)/task") else { return [] }
        defer { closedir(directory) }
        var result: [Int32] = []
        while let entry = readdir(directory) {
            let id = withUnsafeBytes(of: &entry.pointee.d_name) { name in
                ProcFile.numbers(in: name.prefix { $0 != 0 })
            }
            result += id.map { Int32(truncatingIfNeeded: $0) }
        }
        return result
    }
}

#endif
