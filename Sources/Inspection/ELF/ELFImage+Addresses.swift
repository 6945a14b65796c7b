package import LambdaModel

extension ELFImage {
    /// Lambda's architecture that runs the file; `nil` for any other.
    package var architecture: Architecture? { header.architecture }

    /// The section of a name, the first where there are several.
    package func section(named name: String) -> ELFSection? {
        sections.first { $0.name == name }
    }

    /// The section's bytes in the file; `nil` when it has none (`.bss`) or lies beyond the end of the file.
    package func range(of section: ELFSection) -> Range<Int>? {
        guard section.kind != .noBits else { return nil }
        return ELFBytes(bytes).range(at: section.fileOffset, count: section.size)
    }

    /// Where an address lies in the file; `nil` when it is not mapped or has no bytes there.
    package func fileOffset(ofAddress address: UInt64) -> Int? {
        loads.fileRange(ofAddress: address, count: 1, in: ELFBytes(bytes))?.lowerBound
    }

    /// Where `count` bytes from an address lie in the file; `nil` when not all of them do.
    package func fileRange(ofAddress address: UInt64, count: Int) -> Range<Int>? {
        count < 0 ? nil : loads.fileRange(ofAddress: address, count: UInt64(count), in: ELFBytes(bytes))
    }

    package func isMapped(address: UInt64) -> Bool { loads.holding(address: address) != nil }
    package func isExecutable(address: UInt64) -> Bool { loads.holding(address: address)?.isExecutable ?? false }
    package func isWritable(address: UInt64) -> Bool { loads.holding(address: address)?.isWritable ?? false }

    /// The integer at a file offset; `nil` when it does not lie wholly inside the file.
    @inline(__always)
    package func integer<Value: FixedWidthInteger & UnsignedInteger>(at offset: Int, as type: Value.Type) -> Value? {
        ELFBytes(bytes).integer(at: offset, as: type)
    }

    /// Text at a file offset up to a NUL, at most 64 KB.
    package func text(at offset: Int) -> String {
        ELFBytes(bytes).text(at: offset, limit: 0..<bytes.count)
    }

    /// The loader that the file asks for (`PT_INTERP`).
    package var interpreter: String? {
        guard let segment = segments.first(where: { $0.kind == .interpreter }),
            let range = ELFBytes(bytes).range(at: segment.fileOffset, count: min(segment.fileSize, 4096))
        else { return nil }
        return ELFBytes(bytes).text(at: range.lowerBound, limit: range)
    }
}
