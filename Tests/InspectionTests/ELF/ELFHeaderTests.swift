import LambdaModel
import Testing

@testable import Inspection

@Suite struct ELFHeaderTests {
    static let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]

    @Test func readsBothClasses() throws {
        let wide = try ELFHeader(fileStart: MinimalELF(machine: 183, type: 3).bytes)
        #expect(wide.is64Bit && wide.isLittleEndian)
        #expect(wide.machine == .aarch64)
        #expect(wide.architecture == .arm64)
        #expect(wide.kind == .sharedObject)
        #expect(wide.programHeaderOffset == 64)
        #expect(wide.programHeaderCount == 1)

        let narrow = try ELFHeader(fileStart: MinimalELF(is64Bit: false, machine: 3, loader: "/lib/x").bytes)
        #expect(!narrow.is64Bit)
        #expect(narrow.architecture == nil)
        #expect(narrow.programHeaderOffset == 52)
        #expect(narrow.programHeaderSize == 32)
        #expect(narrow.programHeaderCount == 2)
    }

    @Test func readsBigEndian() throws {
        var bytes = [UInt8](repeating: 0, count: 64)
        bytes.replaceSubrange(0..<6, with: Self.magic + [2, 2])
        bytes[17] = 2
        bytes[19] = 22
        let header = try ELFHeader(fileStart: bytes)
        #expect(header.machine.rawValue == 22)
        #expect(header.kind == .executable)
        #expect(header.architecture == nil)
    }

    @Test(arguments: [true, false])
    func findsTheLoader(is64Bit: Bool) throws {
        let package = try PackageDirectory()
        for loader in ["/lib64/ld-linux-x86-64.so.2", nil] {
            let path = try package.write("file", MinimalELF(is64Bit: is64Bit, loader: loader).bytes)
            let file = try BinaryFile(path: path)
            let segments = try ELFProgramHeaders(of: ELFHeader(fileStart: file.prefix(64)), in: file)
            #expect(try segments.interpreter(in: file) == loader)
            #expect(segments.isComplete(in: file))
        }
    }

    @Test func readsThisProgram() throws {
        let file = try BinaryFile(path: "/proc/self/exe")
        guard case .elf(let header, let interpreter, let isComplete) = try BootstrapFormat(of: file) else {
            Issue.record("the running program is not ELF")
            return
        }
        #expect(header.architecture == .host)
        #expect(interpreter?.hasPrefix("/lib") == true)
        #expect(isComplete)
    }

    /// Every byte and every length of a valid file changed: an error or a value, never a trap.
    @Test func survivesDamage() throws {
        let package = try PackageDirectory()
        var failures = 0
        for is64Bit in [true, false] {
            let original = MinimalELF(is64Bit: is64Bit, loader: "/lib/x").bytes
            for length in 0..<original.count {
                let path = try package.write("file", Array(original.prefix(length)))
                if case .elf(_, _, true) = try BootstrapFormat(of: BinaryFile(path: path)) {} else { failures += 1 }
            }
            for index in original.indices {
                for value: UInt8 in [0, 0x80, 0xff] {
                    var bytes = original
                    bytes[index] = value
                    let path = try package.write("file", bytes)
                    if case .elf(_, _, true) = try BootstrapFormat(of: BinaryFile(path: path)) {} else { failures += 1 }
                }
            }
        }
        #expect(failures > 300)
    }

    @Test func binaryFileChecksEveryRange() throws {
        let package = try PackageDirectory()
        let file = try BinaryFile(path: try package.write("file", "0123456789"))
        #expect(try file.bytes(at: 3, count: 4) == Array("3456".utf8))
        #expect(try file.bytes(at: 10, count: 0) == [])
        #expect(try file.prefix(100).count == 10)
        for (offset, count): (UInt64, Int) in [(0, 11), (11, 0), (10, 1), (.max, 1), (.max, .max), (0, -1), (5, .max)] {
            #expect(throws: BinaryFile.Failure.outOfRange) { try file.bytes(at: offset, count: count) }
        }
        #expect(throws: BinaryFile.Failure.notRegular) { try BinaryFile(path: "/dev/null") }
        #expect(throws: BinaryFile.Failure.notRegular) { try BinaryFile(path: package.path) }
        #expect(throws: BinaryFile.Failure.system(2)) { try BinaryFile(path: package.path + "/none") }
    }
}
