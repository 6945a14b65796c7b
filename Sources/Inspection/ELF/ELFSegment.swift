/// One entry of the program header table: what the kernel and the loader go by.
package struct ELFSegment: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case load, dynamic, interpreter, note, tls, exceptionFrames, stack, property
        case other(UInt32)
    }

    package var kind: Kind
    /// Bit 0: executable, bit 1: writable, bit 2: readable.
    package var flags: UInt32
    package var fileOffset: UInt64
    package var address: UInt64
    package var fileSize: UInt64
    package var memorySize: UInt64

    package var isExecutable: Bool { flags & 1 != 0 }
    package var isWritable: Bool { flags & 2 != 0 }

    /// All entries that lie inside the file. Only for 64 bits.
    static func all(of header: ELFHeader, in source: ELFBytes) -> [ELFSegment] {
        guard header.programHeaderSize >= 56, let table = Int(exactly: header.programHeaderOffset),
            table <= source.bytes.count
        else { return [] }
        return (0..<header.programHeaderCount).compactMap { index in
            segment(at: table + index * header.programHeaderSize, in: source)
        }
    }

    private static func segment(at offset: Int, in source: ELFBytes) -> ELFSegment? {
        guard let type = source.integer(at: offset, as: UInt32.self),
            let flags = source.integer(at: offset + 4, as: UInt32.self),
            let fileOffset = source.integer(at: offset + 8, as: UInt64.self),
            let address = source.integer(at: offset + 16, as: UInt64.self),
            let fileSize = source.integer(at: offset + 32, as: UInt64.self),
            let memorySize = source.integer(at: offset + 40, as: UInt64.self)
        else { return nil }
        // Nothing can be mapped beyond the end of the address space.
        guard !address.addingReportingOverflow(max(fileSize, memorySize)).overflow else { return nil }
        return ELFSegment(
            kind: kind(type),
            flags: flags,
            fileOffset: fileOffset,
            address: address,
            fileSize: fileSize,
            memorySize: memorySize
        )
    }

    private static func kind(_ type: UInt32) -> Kind {
        switch type {
        case 1: .load
        case 2: .dynamic
        case 3: .interpreter
        case 4: .note
        case 7: .tls
        case 0x6474_e550: .exceptionFrames
        case 0x6474_e551: .stack
        case 0x6474_e553: .property
        default: .other(type)
        }
    }
}
