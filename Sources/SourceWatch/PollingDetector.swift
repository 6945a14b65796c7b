#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Changes as they are found by looking at all files again and again, where the kernel does not tell them.
final class PollingDetector: ChangeDetector {
    /// Between two looks, in milliseconds.
    private static let interval: Int32 = 300

    private let roots: [WatchedRoot]
    private let rules: [IgnoreRules]
    private var seen: Int

    init(_ roots: [WatchedRoot], rules: [IgnoreRules]) {
        self.roots = roots
        self.rules = rules
        seen = Self.look(roots, rules)
    }

    func wait(milliseconds: Int32?, wake: Int32) -> Bool {
        var descriptor = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, min(milliseconds ?? Self.interval, Self.interval)) == 0 else { return false }
        let now = Self.look(roots, rules)
        defer { seen = now }
        return now != seen
    }

    /// A hash of all names, times and sizes.
    private static func look(_ roots: [WatchedRoot], _ rules: [IgnoreRules]) -> Int {
        var hasher = Hasher()
        for (root, rules) in zip(roots, rules) { look(root.path, "", rules, &hasher) }
        return hasher.finalize()
    }

    private static func look(_ root: String, _ path: String, _ rules: IgnoreRules, _ hasher: inout Hasher) {
        let absolute = path.isEmpty ? root : root + "/" + path
        var status = stat()
        guard lstat(absolute, &status) == 0 else { return }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        guard path.isEmpty || !rules.ignores(path, isDirectory: isDirectory) else { return }
        hasher.combine(path)
        hasher.combine(status.st_mode)
        guard isDirectory else {
            hasher.combine(status.st_size)
            hasher.combine(status.st_ino)
            #if canImport(Darwin)
            hasher.combine(status.st_mtimespec.tv_sec)
            hasher.combine(status.st_mtimespec.tv_nsec)
            #else
            hasher.combine(status.st_mtim.tv_sec)
            hasher.combine(status.st_mtim.tv_nsec)
            #endif
            return
        }
        for name in names(in: absolute) { look(root, path.isEmpty ? name : path + "/" + name, rules, &hasher) }
    }

    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
