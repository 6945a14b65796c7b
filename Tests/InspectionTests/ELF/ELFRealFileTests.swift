import Glibc
import LambdaModel
import Testing

@testable import Inspection

/// Files of this machine, as compilers and linkers write them, against what readelf says of them.
@Suite struct ELFRealFileTests {
    /// Those that there are.
    static let paths: [String] = [
        "/usr/bin/bash", "/usr/bin/true", "/lib/x86_64-linux-gnu/libc.so.6", "/lib/aarch64-linux-gnu/libc.so.6",
        "/usr/aarch64-linux-gnu/lib/libc.so.6", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6",
    ].filter { (path: String) in access(path, R_OK) == 0 }

    private static let hasReadelf = access("/usr/bin/readelf", X_OK) == 0

    @Test(.enabled(if: hasReadelf, "readelf (binutils) is not installed"), arguments: paths)
    func agreesWithReadelf(path: String) throws {
        let image = try ELFImage(path: path)
        let dynamic = try Self.readelf("-d", path)
        #expect(image.dynamic?.needed == Self.values("(NEEDED)", in: dynamic))
        #expect(image.dynamic?.soname == Self.values("(SONAME)", in: dynamic).first)

        let segments = try Self.readelf("-l", path).count { $0.contains("  LOAD  ") }
        #expect(image.segments.count { $0.kind == .load } == segments)
        let sections = try Self.readelf("-S", path).filter { $0.hasPrefix("  [") && !$0.contains("[Nr]") }
        #expect(image.sections.count == sections.count)

        // The first symbol is empty; readelf prints it, the image leaves it out.
        let symbols = try Self.readelf("--dyn-syms", path).count {
            $0.contains("DEFAULT") || $0.contains("HIDDEN") || $0.contains("PROTECTED")
        }
        #expect(image.dynamicSymbols.count == symbols - 1)

        let versions = try Self.readelf("-V", path).filter {
            $0.contains("  Name: ") && $0.contains("Flags:") && $0.contains("Version: ") && !$0.contains("Cnt: ")
        }
        #expect(image.versionNeeds.flatMap(\.versions).count == versions.count)
        let identifier = try Self.readelf("-n", path).first { $0.contains("Build ID: ") }
        let digits = (image.buildID ?? []).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(identifier?.contains(digits) ?? digits.isEmpty)
    }

    @Test(.enabled(if: hasReadelf, "readelf (binutils) is not installed"), arguments: paths)
    func countsTheRelocations(path: String) throws {
        let image = try ELFImage(path: path)
        let lines = try Self.readelf("-r", path).filter { $0.contains("R_X86_64_") || $0.contains("R_AARCH64_") }
        // readelf prints the places of a RELR table without a type.
        let explicit = image.relocations.count - Self.relativePlaces(of: image)
        #expect(explicit == lines.count)
    }

    /// Without section headers the loader's own tables must say the same.
    @Test(arguments: paths)
    func needsNoSectionHeaders(path: String) throws {
        let whole = try ELFImage(path: path)
        var bytes = whole.bytes
        for offset in (40..<48) { bytes[offset] = 0 }
        for offset in (58..<64) { bytes[offset] = 0 }
        let bare = try ELFImage(bytes: bytes)
        #expect(bare.sections.isEmpty && !whole.sections.isEmpty)
        #expect(bare.dynamic == whole.dynamic)
        #expect(bare.versionNeeds == whole.versionNeeds)
        #expect(bare.relocations == whole.relocations)
        let used = Set(whole.relocations.map(\.symbol))
        let names = whole.dynamicSymbols.map { whole.name(of: $0) }
        let found = bare.dynamicSymbols.map { bare.name(of: $0) }
        #expect(Array(names.prefix(found.count)) == found)
        #expect(found.count >= (used.max() ?? 0))
    }

    private static func relativePlaces(of image: ELFImage) -> Int {
        guard let dynamic = image.dynamic, let address = dynamic[ELFDynamic.Tag.relr],
            let size = dynamic[ELFDynamic.Tag.relrSize],
            let range = image.fileRange(ofAddress: address, count: Int(size))
        else { return 0 }
        return stride(from: range.lowerBound, to: range.upperBound, by: 8).reduce(0) { count, offset in
            let word = image.integer(at: offset, as: UInt64.self) ?? 0
            return count + (word & 1 == 0 ? 1 : (word >> 1).nonzeroBitCount)
        }
    }

    /// What stands in brackets in the lines with a tag.
    private static func values(_ tag: String, in lines: [String]) -> [String] {
        lines.filter { $0.contains(tag) }.compactMap { line in
            line.split(separator: "[").last.map { String($0.prefix { $0 != "]" }) }
        }
    }

    private static func readelf(_ option: String, _ path: String) throws -> [String] {
        let pipe = try #require(popen("LC_ALL=C /usr/bin/readelf -W \(option) \(path) 2>/dev/null", "r"))
        defer { pclose(pipe) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            guard count > 0 else { break }
            output += buffer[..<count]
        }
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
