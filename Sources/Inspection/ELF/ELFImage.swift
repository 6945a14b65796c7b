/// A whole ELF file in memory. What it says of itself is checked against its bytes before it is believed; a table that
/// does not lie inside the file is left out.
///
/// Tables are read for the two architectures of Lambda only; of any other file there is the header.
package final class ELFImage: Sendable {
    package enum Failure: Error, Sendable, Hashable {
        case file(BinaryFile.Failure)
        case header(ELFHeader.Failure)
        /// More than `ELFImage.maximumSize` bytes.
        case tooLarge(UInt64)
    }

    /// In bytes. Lambda takes packages of 250 MB.
    package static let maximumSize: UInt64 = 512 << 20

    package let bytes: [UInt8]
    package let header: ELFHeader
    package let segments: [ELFSegment]
    /// Empty where the file has no section headers that can be used.
    package let sections: [ELFSection]
    package let dynamic: ELFDynamic?
    /// The segments to load, by address.
    let loads: [ELFSegment]

    package convenience init(path: String) throws(Failure) {
        let content: [UInt8]
        let size: UInt64
        do throws(BinaryFile.Failure) {
            let file = try BinaryFile(path: path)
            size = file.size
            content = size <= Self.maximumSize ? try file.bytes(at: 0, count: Int(size)) : []
        } catch {
            throw .file(error)
        }
        guard size <= Self.maximumSize else { throw .tooLarge(size) }
        try self.init(bytes: content)
    }

    package init(bytes: [UInt8]) throws(Failure) {
        self.bytes = bytes
        do throws(ELFHeader.Failure) {
            header = try ELFHeader(fileStart: Array(bytes.prefix(ELFHeader.maximumSize)))
        } catch {
            throw .header(error)
        }
        let source = ELFBytes(bytes)
        if header.architecture != nil {
            segments = ELFSegment.all(of: header, in: source)
            sections = ELFSection.all(of: header, in: source)
        } else {
            segments = []
            sections = []
        }
        loads = segments.filter { $0.kind == .load && $0.memorySize > 0 }.sorted { $0.address < $1.address }
        dynamic = ELFDynamic(segments: segments, loads: loads, in: source)
    }
}
