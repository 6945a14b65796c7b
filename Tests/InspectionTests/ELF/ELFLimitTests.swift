import InspectionExercise
import LambdaModel
import Testing

@testable import Inspection

/// Files that are built to cost more than they weigh.
@Suite struct ELFLimitTests {
    /// A table of section headers, each of which claims that the whole file is a symbol table.
    @Test func manySymbolTablesOverOneAnother() throws {
        let count = 20_000
        var bytes = SyntheticELF(hasSections: false).bytes
        bytes += [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
        let table = bytes.count
        let size = UInt64(table + count * 64)
        for _ in 0..<count {
            bytes += Self.little(UInt32(1)) + Self.little(UInt32(2)) + Self.little(UInt64(2)) + Self.little(UInt64(0))
            bytes += Self.little(UInt64(0)) + Self.little(size) + Self.little(UInt32(0)) + Self.little(UInt32(0))
            bytes += Self.little(UInt64(8)) + Self.little(UInt64(24))
        }
        bytes.replaceSubrange(40..<48, with: Self.little(UInt64(table)))
        bytes.replaceSubrange(
            58..<64,
            with: Self.little(UInt16(64)) + Self.little(UInt16(count)) + Self.little(UInt16(0))
        )
        let image = try ELFImage(bytes: bytes)
        #expect(image.sections.count == count)
        #expect(image.symbols.count <= bytes.count / 24 + image.dynamicSymbols.count)
    }

    /// Eight bytes of a RELR table stand for 63 relocations; not more come out than the file has words for.
    @Test func aRelocationTableThatNamesItselfAgainAndAgain() throws {
        var bytes = SyntheticELF(hasSections: false).bytes
        // An address, a map of 63 words after it, the same address, …
        for offset in stride(from: 0x600, to: 0xff0, by: 16) {
            bytes.replaceSubrange(offset..<offset + 16, with: Self.little(SyntheticELF.base) + Self.little(UInt64.max))
        }
        Self.replaceValue(ofTag: ELFDynamic.Tag.relr, with: SyntheticELF.base + 0x600, in: &bytes)
        Self.replaceValue(ofTag: ELFDynamic.Tag.relrSize, with: 0x9f0, in: &bytes)
        let hostile = try ELFImage(bytes: bytes)
        #expect(hostile.dynamic?[ELFDynamic.Tag.relr] == SyntheticELF.base + 0x600)
        #expect(hostile.relocations.count > 500)
        #expect(hostile.relocations.count <= bytes.count / 8 + 1)
    }

    @Test(arguments: [UInt64(0), 1, 0x7fff_ffff, 0xffff_ffff, .max >> 1, .max - 23, .max])
    func countsAndSizesThatLie(value: UInt64) throws {
        typealias Tag = ELFDynamic.Tag
        for tag in [
            Tag.strings, Tag.stringsSize, Tag.symbols, Tag.hash, Tag.relocations, Tag.relocationsSize, Tag.relr,
            Tag.relrSize, Tag.versionNeeds, Tag.versionNeedCount, Tag.soname, Tag.runpath,
        ] {
            var bytes = SyntheticELF(hasSections: false).bytes
            Self.replaceValue(ofTag: tag, with: value, in: &bytes)
            let image = try ELFImage(bytes: bytes)
            #expect(image.symbols.count <= 2)
            #expect(image.relocations.count <= 4)
            #expect(image.versionNeeds.count <= 1)
        }
        for offset in [32, 40, 64 + 8, 64 + 16, 64 + 32, 64 + 40, 120 + 8, 120 + 32, 176 + 8, 176 + 32] {
            var bytes = SyntheticELF().bytes
            bytes.replaceSubrange(offset..<offset + 8, with: Self.little(value))
            #expect(InspectionExercise.read(bytes) >= 0)
        }
    }

    // MARK: Changing a file

    private static func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        SyntheticELF.Builder.little(value)
    }

    private static func replaceValue(ofTag tag: UInt64, with value: UInt64, in bytes: inout [UInt8]) {
        guard let image = try? ELFImage(bytes: bytes),
            let segment = image.segments.first(where: { $0.kind == .dynamic })
        else { return }
        for offset in stride(from: Int(segment.fileOffset), to: Int(segment.fileOffset + segment.fileSize), by: 16)
        where image.integer(at: offset, as: UInt64.self) == tag {
            bytes.replaceSubrange(offset + 8..<offset + 16, with: little(value))
        }
    }
}
