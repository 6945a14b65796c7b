#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The pages of this program's own file that are in memory.
package enum ProgramPages {
    /// Lets go of those that hold code; the ones that are used again come back from the file, or rather from the system's
    /// cache of it. A server whose start has read arguments, templates and its store needs few of them from then on.
    ///
    /// Blocks for less than a millisecond.
    package static func release() {
        #if os(Linux)
        guard let maps = contents(of: "/proc/self/maps"), let program = target(of: "/proc/self/exe") else { return }
        for range in codeRanges(ofFile: program, in: maps) {
            // Nobody writes there, so that nothing is lost.
            _ = madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, Int32(MADV_DONTNEED))
        }
        #endif
    }

    /// Addresses at which a file is mapped to be executed and cannot be written.
    ///
    /// - Parameter maps: lines such as `55d0c8e00000-55d0cb3e8000 r-xp 00000000 fe:00 131 /usr/bin/apus`.
    static func codeRanges(ofFile path: String, in maps: String) -> [Range<UInt>] {
        maps.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 5)
            guard fields.count == 6, fields[1] == "r-xp", fields[5].drop(while: { $0 == " " }) == path else {
                return nil
            }
            let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
        }
    }

    #if os(Linux)
    private static func contents(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: result, as: UTF8.self) }
            result += buffer[..<count]
        }
    }

    private static func target(of link: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(link, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
    #endif
}
