import LambdaModel
import Testing

@testable import Inspection

@Suite struct ELFImageTests {
    private static let base = SyntheticELF.base

    @Test(arguments: [true, false], [SyntheticELF.Hash.sysv, .gnu])
    func readsEveryTable(hasSections: Bool, hash: SyntheticELF.Hash) throws {
        let image = try ELFImage(bytes: SyntheticELF(hash: hash, hasSections: hasSections).bytes)
        #expect(image.architecture == .x86_64)
        #expect(image.segments.map(\.kind) == [.load, .dynamic, .note])
        #expect(image.sections.count == (hasSections ? 3 : 0))
        let dynamic = try #require(image.dynamic)
        #expect(dynamic.needed == ["libc.so.6", "libx.so.1"])
        #expect(dynamic.soname == "libme.so")
        #expect(dynamic.runpath == "$ORIGIN/lib")
        #expect(dynamic.rpath == nil)
        #expect(
            image.versionNeeds == [ELFVersionNeed(library: "libc.so.6", versions: ["GLIBC_2.34", "GLIBC_2.2.5"])]
        )
        #expect(image.buildID == [0xde, 0xad, 0xbe, 0xef])
        let symbols = image.symbols
        #expect(symbols.map { image.name(of: $0) } == ["first", "second"])
        #expect(symbols.map(\.isDefined) == [true, false])
        #expect(symbols.map(\.kind) == [.function, .function])
        #expect(symbols.first?.address == Self.base + 0x400)
    }

    @Test(arguments: [(UInt16(62), UInt32(8)), (183, 1027)])
    func readsBothKindsOfRelocations(machine: UInt16, relative: UInt32) throws {
        let image = try ELFImage(bytes: SyntheticELF(machine: machine).bytes)
        let data = Self.base + 0x500
        #expect(
            image.relocations == [
                ELFRelocation(address: data, type: 1, symbol: 2, addend: 7),
                ELFRelocation(address: data + 8, type: relative, symbol: 0, addend: 1),
                ELFRelocation(address: data + 16, type: relative, symbol: 0, addend: 2),
                ELFRelocation(address: data + 32, type: relative, symbol: 0, addend: 4),
            ]
        )
    }

    @Test func mapsAddresses() throws {
        let bytes = SyntheticELF().bytes
        let image = try ELFImage(bytes: bytes)
        let end = Self.base + UInt64(image.segments[0].fileSize)
        #expect(image.fileOffset(ofAddress: Self.base) == 0)
        #expect(image.fileOffset(ofAddress: Self.base + 0x400) == 0x400)
        #expect(image.fileRange(ofAddress: end - 8, count: 8) != nil)
        for (address, count): (UInt64, Int) in [
            (end - 8, 9), (end, 1), (Self.base - 1, 1), (0, 1), (.max, 1), (Self.base, -1), (Self.base, .max),
        ] {
            #expect(image.fileRange(ofAddress: address, count: count) == nil, "\(address) \(count)")
        }
        #expect(image.isExecutable(address: Self.base + 0x400))
        #expect(!image.isWritable(address: Self.base + 0x400))
        #expect(!image.isExecutable(address: end))
        #expect(image.integer(at: 0, as: UInt32.self) == 0x464c_457f)
        for offset in [-1, bytes.count - 3, bytes.count, .max, .min] {
            #expect(image.integer(at: offset, as: UInt32.self) == nil, "\(offset)")
        }
    }

    @Test func leavesOtherMachinesAlone() throws {
        let narrow = try ELFImage(bytes: MinimalELF(is64Bit: false, machine: 3, loader: "/lib/x").bytes)
        #expect(narrow.architecture == nil && narrow.segments.isEmpty && narrow.interpreter == nil)
        #expect(throws: ELFImage.Failure.header(.notELF)) { try ELFImage(bytes: []) }
        #expect(throws: ELFImage.Failure.header(.truncated)) { try ELFImage(bytes: MinimalELF.magic) }
        #expect(throws: ELFImage.Failure.file(.system(2))) { try ELFImage(path: "/nowhere/at/all") }
    }

    @Test func readsThisProgram() throws {
        let image = try ELFImage(path: "/proc/self/exe")
        #expect(image.architecture == .host)
        #expect(image.interpreter?.hasPrefix("/lib") == true)
        #expect(image.dynamic?.needed.contains("libc.so.6") == true)
        #expect(image.versionNeeds.contains { $0.library == "libc.so.6" && !$0.versions.isEmpty })
        let entry = image.header.entry
        #expect(image.isExecutable(address: entry) && image.fileOffset(ofAddress: entry) != nil)
        let symbols = image.symbols
        #expect(symbols.contains { $0.kind == .function && $0.isDefined && image.name(of: $0) == "main" })
        #expect(image.section(named: ".text").flatMap { image.range(of: $0) }?.isEmpty == false)
    }

    /// Tables that lie about their size cost no more than the file has bytes for.
    @Test func tablesThatNameOneTextAgainAndAgainStaySmall() throws {
        let text = String(repeating: "x", count: 60_000)
        let image = try ELFImage(bytes: SyntheticELF(needed: Array(repeating: text, count: 3000)).bytes)
        let needed = try #require(image.dynamic).needed
        #expect(needed.count < 3000)
        #expect(needed.allSatisfy { $0.utf8.count <= 4096 })
    }
}
