/// Versions of symbols that a file needs of one library.
package struct ELFVersionNeed: Sendable, Hashable {
    /// `libc.so.6`.
    package var library: String
    /// `GLIBC_2.34`, in the file's order.
    package var versions: [String]
}

extension ELFImage {
    /// What `.gnu.version_r` asks for. At most 1,000 libraries and 10,000 versions.
    package var versionNeeds: [ELFVersionNeed] {
        guard let dynamic, let address = dynamic[ELFDynamic.Tag.versionNeeds],
            let count = dynamic[ELFDynamic.Tag.versionNeedCount], count <= 1000,
            let names = ELFDynamic.strings(dynamic.values, loads, ELFBytes(bytes)),
            var offset = fileOffset(ofAddress: address)
        else { return [] }
        var result: [ELFVersionNeed] = []
        for _ in 0..<count {
            guard let library = integer(at: offset + 4, as: UInt32.self),
                let entries = integer(at: offset + 8, as: UInt32.self),
                let next = integer(at: offset + 12, as: UInt32.self)
            else { break }
            let versions = self.versions(at: offset &+ Int(entries), atMost: versionCount(offset), names)
            result.append(ELFVersionNeed(library: name(library, in: names), versions: versions))
            guard next != 0, result.reduce(0, { $0 + $1.versions.count }) < 10_000 else { break }
            offset &+= Int(next)
        }
        return result
    }

    private func versionCount(_ offset: Int) -> Int {
        integer(at: offset + 2, as: UInt16.self).map(Int.init) ?? 0
    }

    private func versions(at start: Int, atMost count: Int, _ names: Range<Int>) -> [String] {
        var result: [String] = []
        var offset = start
        for _ in 0..<min(count, 1000) {
            guard let flags = integer(at: offset + 4, as: UInt16.self),
                let version = integer(at: offset + 8, as: UInt32.self),
                let next = integer(at: offset + 12, as: UInt32.self)
            else { break }
            // VER_FLG_WEAK: the loader goes on without such a version.
            if flags & 2 == 0 { result.append(name(version, in: names)) }
            guard next != 0 else { break }
            offset &+= Int(next)
        }
        return result
    }

    private func name(_ offset: UInt32, in names: Range<Int>) -> String {
        ELFBytes(bytes).text(at: names.lowerBound &+ Int(offset), limit: names, most: 256)
    }
}
