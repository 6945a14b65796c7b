/// What a file that should be executed really is, as far as its first bytes tell.
package enum BootstrapFormat: Sendable, Hashable {
    case empty
    /// An ELF file; `interpreter` is the loader that it asks for, `isComplete` whether all of it is there.
    case elf(ELFHeader, interpreter: String?, isComplete: Bool)
    /// Begins like an ELF file, but is cut off or damaged.
    case brokenELF(ELFHeader.Failure)
    case script(ScriptHeader)
    /// A program for macOS.
    case machO
    /// A program for Windows.
    case windows
    case zip
    /// Text without `#!`.
    case text
    case unknown

    package init(of file: BinaryFile) throws(BinaryFile.Failure) {
        let start = try file.prefix(ScriptHeader.longestPrefix)
        if start.starts(with: ELFHeader.magic) {
            self = Self.elf(file, start: start)
        } else {
            self = Self.withoutELF(start)
        }
    }

    private static func elf(_ file: BinaryFile, start: [UInt8]) -> BootstrapFormat {
        do throws(ELFHeader.Failure) {
            let header = try ELFHeader(fileStart: start)
            let segments = try ELFProgramHeaders(of: header, in: file)
            let interpreter = try segments.interpreter(in: file)
            let isProgram = header.kind == .executable || header.kind == .sharedObject
            // binfmt_elf: without program headers there is nothing to map, and the file is refused.
            if isProgram, header.programHeaderCount == 0 { return .brokenELF(.malformed("no program headers")) }
            return .elf(header, interpreter: interpreter, isComplete: segments.isComplete(in: file))
        } catch {
            return .brokenELF(error)
        }
    }

    private static func withoutELF(_ start: [UInt8]) -> BootstrapFormat {
        let machO: [[UInt8]] = [
            [0xcf, 0xfa, 0xed, 0xfe], [0xce, 0xfa, 0xed, 0xfe], [0xca, 0xfe, 0xba, 0xbe], [0xca, 0xfe, 0xba, 0xbf],
        ]
        if start.isEmpty { return .empty }
        if machO.contains(where: start.starts) { return .machO }
        if start.starts(with: [0x50, 0x4b, 0x03, 0x04]) { return .zip }
        if start.starts(with: [0x4d, 0x5a]) && start.contains(0) { return .windows }
        let header = ScriptHeader(fileStart: start)
        if header.interpreter != nil { return .script(header) }
        return start.allSatisfy(isText) ? .text : .unknown
    }

    private static func isText(_ byte: UInt8) -> Bool {
        byte >= 0x20 || [0x09, 0x0a, 0x0d].contains(byte)
    }
}
