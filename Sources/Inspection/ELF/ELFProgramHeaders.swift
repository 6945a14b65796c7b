/// The program headers of an ELF file: what the kernel maps, and the loader that it starts.
package struct ELFProgramHeaders: Sendable, Hashable {
    package struct Segment: Sendable, Hashable {
        /// `p_type`: 1 load, 2 dynamic, 3 interpreter.
        package var type: UInt32
        package var fileOffset: UInt64
        package var fileSize: UInt64
    }

    package var segments: [Segment]

    /// Linux's own limit for the path of a loader (PATH_MAX).
    private static let longestInterpreter: UInt64 = 4096

    /// Reads the table that the header points to.
    package init(of header: ELFHeader, in file: BinaryFile) throws(ELFHeader.Failure) {
        let least = header.is64Bit ? 56 : 32
        guard header.programHeaderCount > 0 else {
            segments = []
            return
        }
        guard header.programHeaderSize >= least else {
            throw .malformed("program header of \(header.programHeaderSize) bytes")
        }
        let reader: ByteReader
        do {
            // At most 65,535 × 65,535 by the header, and never more than the file holds.
            let size = header.programHeaderSize * header.programHeaderCount
            reader = ByteReader(
                bytes: try file.bytes(at: header.programHeaderOffset, count: size),
                isLittleEndian: header.isLittleEndian
            )
        } catch {
            throw .truncated
        }
        segments = []
        for index in 0..<header.programHeaderCount {
            guard let segment = Self.segment(reader, at: index * header.programHeaderSize, is64Bit: header.is64Bit)
            else {
                throw .truncated
            }
            segments.append(segment)
        }
    }

    /// The path in PT_INTERP; `nil` for a static program.
    package func interpreter(in file: BinaryFile) throws(ELFHeader.Failure) -> String? {
        guard let segment = segments.first(where: { $0.type == 3 }) else { return nil }
        guard segment.fileSize > 0, segment.fileSize <= Self.longestInterpreter else {
            throw .malformed("loader path of \(segment.fileSize) bytes")
        }
        do {
            let bytes = try file.bytes(at: segment.fileOffset, count: Int(segment.fileSize))
            return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        } catch {
            throw .truncated
        }
    }

    /// Whether the bytes of every segment to load lie inside the file.
    package func isComplete(in file: BinaryFile) -> Bool {
        segments.allSatisfy { segment in
            segment.type != 1
                || (segment.fileOffset <= file.size && segment.fileSize <= file.size - segment.fileOffset)
        }
    }

    private static func segment(_ reader: ByteReader, at offset: Int, is64Bit: Bool) -> Segment? {
        guard let type = reader.integer(at: offset, as: UInt32.self) else { return nil }
        if is64Bit {
            guard let position = reader.integer(at: offset + 8, as: UInt64.self),
                let size = reader.integer(at: offset + 32, as: UInt64.self)
            else { return nil }
            return Segment(type: type, fileOffset: position, fileSize: size)
        }
        guard let position = reader.integer(at: offset + 4, as: UInt32.self),
            let size = reader.integer(at: offset + 16, as: UInt32.self)
        else { return nil }
        return Segment(type: type, fileOffset: UInt64(position), fileSize: UInt64(size))
    }
}
