#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The few questions about files that starting a process asks.
enum HostFile {
    enum Kind { case regular, directory, other }

    /// What a path leads to, symbolic links followed; `nil` when that is nothing.
    static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .regular
        case S_IFDIR: return .directory
        default: return .other
        }
    }

    /// Whether the path itself is a symbolic link, wherever it leads.
    static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// What a symbolic link says; `nil` for anything else.
    static func linkTarget(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink(path, &buffer, buffer.count)
        guard length > 0 else { return nil }
        return String(decoding: buffer.prefix(length).lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether every user may list and enter the directory.
    static func isOpenToAll(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o005 == 0o005
    }

    /// Whether `execve` would accept the file's mode.
    static func isExecutable(_ path: String) -> Bool {
        kind(path) == .regular && access(path, X_OK) == 0
    }

    /// The path without symbolic links; `nil` when there is no such file.
    static func realPath(_ path: String) -> String? {
        guard let result = realpath(path, nil) else { return nil }
        defer { free(result) }
        return String(cString: result)
    }

    /// Whether a path leads to something in a directory, symbolic links followed.
    static func isInside(_ directory: String, _ path: String) -> Bool {
        guard let place = realPath(path), let directory = realPath(directory) else { return false }
        return place.hasPrefix(directory + "/")
    }

    /// The names in a directory, without `.` and `..`, in no order. Names that are no UTF-8 are left out. Empty when there is no
    /// such directory or it cannot be read.
    static func names(in path: String, atMost limit: Int) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var result: [String] = []
        // One pass over so many entries, the two dots included.
        for _ in 0..<limit + 2 {
            guard result.count < limit, let entry = readdir(directory) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name, name != ".", name != ".." { result.append(name) }
        }
        return result
    }

    /// Whether a program (ELF, 64-bit, little-endian) asks for no dynamic loader.
    static func isStaticProgram(_ path: String) -> Bool {
        // The header of 64 bytes, at 32 the place of the program headers and at 56 their number; one has 56 bytes, its
        // kind first, and 3 is PT_INTERP (elf(5)). They follow the header at once in all that linkers make.
        guard let bytes = prefix(of: path, count: 4096), bytes.count > 64,
            bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
        else { return false }
        let place = (0..<8).reduce(0) { $0 | Int(bytes[32 + $1] & 0x7F) << (8 * $1) }
        let count = Int(bytes[56]) | Int(bytes[57]) << 8
        guard place == 64, count > 0, place + count * 56 <= bytes.count else { return false }
        return !(0..<count).contains { bytes[place + $0 * 56] == 3 }
    }

    /// The first bytes of a regular file; `nil` when it is none or cannot be read.
    static func prefix(of path: String, count: Int) -> [UInt8]? {
        // Non-blocking, for the path that has become a FIFO since the check.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { Descriptors.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        let got = pread(descriptor, &bytes, count, 0)
        return got < 0 ? nil : Array(bytes.prefix(got))
    }
}
