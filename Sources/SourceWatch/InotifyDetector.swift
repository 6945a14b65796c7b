#if os(Linux)
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Changes as the kernel tells them: a watch for each directory, new ones included.
///
/// Source: inotify(7).
final class InotifyDetector: ChangeDetector {
    private struct Place {
        var root: Int
        /// From the root; empty for the root itself.
        var path: String
    }

    private static let events =
        UInt32(IN_CLOSE_WRITE) | UInt32(IN_CREATE) | UInt32(IN_DELETE) | UInt32(IN_MOVED_FROM) | UInt32(IN_MOVED_TO)
        | UInt32(IN_ATTRIB) | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF)

    private let descriptor: Int32
    private let roots: [WatchedRoot]
    private let rules: [IgnoreRules]
    private var places: [Int32: Place] = [:]
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    /// - Returns: `nil` where the system gives no more watches; the caller looks at the files itself then.
    init?(_ roots: [WatchedRoot], rules: [IgnoreRules]) {
        self.roots = roots
        self.rules = rules
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        for (index, root) in roots.enumerated() {
            // A file is watched in its directory: editors replace it by another one.
            let isWatched =
                root.isDirectory
                ? add(Place(root: index, path: "")) : watch(Self.parent(of: root.path), Place(root: index, path: ""))
            guard isWatched else {
                close(descriptor)
                return nil
            }
        }
    }

    deinit { close(descriptor) }

    func wait(milliseconds: Int32?, wake: Int32) -> Bool {
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, 2, milliseconds ?? -1) > 0, descriptors[0].revents != 0 else { return false }
        return readEvents()
    }

    // MARK: Events

    private func readEvents() -> Bool {
        var hasChanged = false
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return hasChanged }
            var offset = 0
            let header = MemoryLayout<inotify_event>.size
            while offset + header <= count {
                let event = buffer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: inotify_event.self) }
                let nameStart = offset + header
                let nameEnd = min(nameStart + Int(event.len), count)
                let name = String(decoding: buffer[nameStart..<nameEnd].prefix { $0 != 0 }, as: UTF8.self)
                if take(event, name) { hasChanged = true }
                offset = nameEnd
            }
        }
    }

    /// - Returns: whether it is a change that counts.
    private func take(_ event: inotify_event, _ name: String) -> Bool {
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { return true }
        guard let place = places[event.wd] else { return false }
        if event.mask & UInt32(IN_IGNORED) != 0 {
            places[event.wd] = nil
            return false
        }
        let root = roots[place.root]
        guard root.isDirectory else { return name == root.path.split(separator: "/").last.map(String.init) }
        if name.isEmpty { return event.mask & (UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF)) != 0 }
        let path = place.path.isEmpty ? name : place.path + "/" + name
        let isDirectory = event.mask & UInt32(IN_ISDIR) != 0
        guard !rules[place.root].ignores(path, isDirectory: isDirectory) else { return false }
        if isDirectory, event.mask & (UInt32(IN_CREATE) | UInt32(IN_MOVED_TO)) != 0 {
            add(Place(root: place.root, path: path))
        }
        return true
    }

    // MARK: Watches

    /// A directory and those in it.
    @discardableResult private func add(_ place: Place) -> Bool {
        let path = absolute(place)
        guard watch(path, place) else { return false }
        guard let stream = opendir(path) else { return true }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != "..", isDirectory(path + "/" + name, entry.pointee.d_type) else { continue }
            let inner = place.path.isEmpty ? name : place.path + "/" + name
            guard !rules[place.root].ignores(inner, isDirectory: true) else { continue }
            guard add(Place(root: place.root, path: inner)) else { return false }
        }
        return true
    }

    private func watch(_ path: String, _ place: Place) -> Bool {
        let number = inotify_add_watch(descriptor, path, Self.events | UInt32(IN_ONLYDIR))
        // One that has gone meanwhile is no reason to give up.
        guard number >= 0 else { return errno != ENOSPC && errno != ENOMEM }
        places[number] = place
        return true
    }

    private func absolute(_ place: Place) -> String {
        place.path.isEmpty ? roots[place.root].path : roots[place.root].path + "/" + place.path
    }

    /// Links are not followed.
    private func isDirectory(_ path: String, _ type: UInt8) -> Bool {
        guard type == UInt8(DT_UNKNOWN) else { return type == UInt8(DT_DIR) }
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
#endif
