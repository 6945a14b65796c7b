import Glibc
import LambdaModel
import Testing

@testable import Inspection

/// Each finding about a bootstrap that the kernel would refuse, with a file that earns it and one that does not.
@Suite struct StartupInspectionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var mode: mode_t = 0o755
        var architecture = Architecture.x86_64
        var codes: [String]

        init(
            _ name: String,
            _ bytes: [UInt8],
            mode: mode_t = 0o755,
            architecture: Architecture = .x86_64,
            _ codes: String...
        ) {
            testDescription = name
            self.bytes = bytes
            self.mode = mode
            self.architecture = architecture
            self.codes = codes
        }
    }

    private static let program = MinimalELF().bytes
    private static let dynamic = MinimalELF(loader: "/lib64/ld-linux-x86-64.so.2").bytes

    private static let cases = [
        Case("static program", program),
        Case("dynamic program", dynamic),
        Case("position-independent program", MinimalELF(type: 3, loader: "/lib64/ld-linux-x86-64.so.2").bytes),
        Case("program for arm64", MinimalELF(machine: 183).bytes, architecture: .arm64),
        Case("shell script", Array("#!/bin/sh\necho\n".utf8)),
        Case("no x bit", program, mode: 0o644, "error file.not-executable"),
        Case("x bit for the owner alone", program, mode: 0o744, "warning file.not-executable-by-all"),
        Case("x without r for others", program, mode: 0o751, "warning file.not-executable-by-all"),
        Case("empty", [], "error file.empty"),
        Case("wrong architecture", MinimalELF(machine: 183).bytes, "error architecture.mismatch"),
        Case("the other way round", program, architecture: .arm64, "error architecture.mismatch"),
        Case("another machine", MinimalELF(machine: 243).bytes, "error architecture.mismatch"),
        Case("32 bits, static", MinimalELF(is64Bit: false, machine: 3).bytes, "warning system-calls.32-bit"),
        Case(
            "32 bits, dynamic",
            MinimalELF(is64Bit: false, machine: 3, loader: "/lib/ld-linux.so.2").bytes,
            "error loader.missing",
            "warning system-calls.32-bit"
        ),
        Case(
            "32 bits on arm64",
            MinimalELF(is64Bit: false, machine: 3).bytes,
            architecture: .arm64,
            "error architecture.mismatch"
        ),
        Case("32-bit arm", MinimalELF(is64Bit: false, machine: 40).bytes, "error architecture.mismatch"),
        Case("cut off", Array(dynamic.dropLast(8)), "error file.damaged"),
        Case("cut off after its tables", MinimalELF(loadSize: 1 << 20).bytes, "error file.truncated"),
        Case("cut off in the header", Array(program.prefix(40)), "error file.damaged"),
        Case("without program headers", withoutSegments, "error file.damaged"),
        Case("object file", MinimalELF(type: 1).bytes, "error file.object"),
        Case("core file", MinimalELF(type: 4).bytes, "error file.object"),
        Case("text", Array("echo hello\n".utf8), "error script.no-interpreter"),
        Case("macOS", [0xcf, 0xfa, 0xed, 0xfe, 0, 0, 0, 0], "error file.macos"),
        Case("Windows", [0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0], "error file.windows"),
        Case("zip", [0x50, 0x4b, 3, 4, 0, 0, 0, 0], "error file.archive"),
        Case("bytes", [1, 2, 3, 4], "error file.unknown"),
        Case("musl's loader", MinimalELF(loader: "/lib/ld-musl-x86_64.so.1").bytes, "error loader.missing"),
        Case("Nix's loader", MinimalELF(loader: "/nix/store/x/ld-linux-x86-64.so.2").bytes, "error loader.missing"),
        Case("x bit and content", [], mode: 0o644, "error file.not-executable", "error file.empty"),
    ]

    private static var withoutSegments: [UInt8] {
        var bytes = program
        bytes[56] = 0
        return bytes
    }

    @Test(arguments: cases)
    func judgesTheBootstrap(_ example: Case) throws {
        var package = try InspectedPackage()
        package.architecture = example.architecture
        try package.directory.write("bootstrap", example.bytes)
        chmod(package.directory.path + "/bootstrap", example.mode)
        #expect(package.codes == example.codes.map { $0 + " /var/task/bootstrap" })
        for finding in package.findings {
            // A temporary directory of this machine means nothing to the reader.
            #expect(!finding.message.contains(package.directory.path))
            #expect(!finding.message.isEmpty && !finding.message.hasSuffix("."))
            #expect(finding.code == "file.unreadable" || !finding.fixes.isEmpty)
        }
    }

    @Test func aLibraryIsNoBootstrap() throws {
        let package = try InspectedPackage()
        var bytes = SyntheticELF(needed: ["libc.so.6"]).bytes
        bytes.replaceSubrange(24..<32, with: [UInt8](repeating: 0, count: 8))
        try package.directory.write("bootstrap", bytes)
        #expect(package.codes == ["error file.shared-object /var/task/bootstrap"])
    }

    @Test func aMissingBootstrapIsOneFinding() throws {
        var package = try InspectedPackage()
        try package.directory.write("app/bootstrap", Self.program)
        #expect(package.codes.first == "error bootstrap.missing")
        #expect(package.findings.first?.fixes.first?.contains("app/bootstrap is one level too deep") == true)
        #expect(package.findings.first?.message.contains(package.directory.path) == false)
        // A layer may bring it.
        let layer = try PackageDirectory()
        try layer.write("bootstrap", Self.program)
        package.layers = [layer]
        #expect(package.codes.isEmpty)
    }

    @Test func extensionsAreStartedToo() throws {
        var package = try InspectedPackage()
        try package.directory.write("bootstrap", Self.program)
        let layer = try PackageDirectory()
        try layer.write("extensions/one", Self.program, mode: 0o644)
        try layer.write("extensions/two", MinimalELF(machine: 183).bytes)
        try layer.write("extensions/three", Self.program)
        package.layers = [layer]
        #expect(
            package.codes == [
                "error file.not-executable /opt/extensions/one", "error architecture.mismatch /opt/extensions/two",
            ]
        )
    }

    /// Nobody says that any other file is ever executed; a directory that names its platform is one of several.
    @Test func otherFilesEarnWarningsAtMost() throws {
        let package = try InspectedPackage()
        try package.directory.write("bootstrap", Self.program)
        try package.directory.write("bin/tool", MinimalELF(machine: 183).bytes)
        try package.directory.write("bin/32", MinimalELF(is64Bit: false, machine: 3).bytes)
        try package.directory.write("prebuilds/linux-arm64/x.node", MinimalELF(machine: 183, type: 3).bytes)
        #expect(
            package.codes == [
                "warning system-calls.32-bit /var/task/bin/32", "warning architecture.mismatch /var/task/bin/tool",
                "note architecture.mismatch /var/task/prebuilds/linux-arm64/x.node",
            ]
        )
    }

    @Test func aFileAloneNeedsNoXBit() throws {
        let directory = try PackageDirectory()
        let inspection = StartupInspection(architecture: .x86_64)
        let plain = try PackageContents(file: directory.write("a", Self.program, mode: 0o644))
        #expect(InspectedPackage.findings(on: plain, inspection).isEmpty)
        let library = try PackageContents(file: directory.write("x.so", SyntheticELF().bytes, mode: 0o644))
        #expect(InspectedPackage.findings(on: library, inspection).isEmpty)
        let other = try PackageContents(file: directory.write("b", MinimalELF(machine: 183).bytes))
        #expect(InspectedPackage.findings(on: other, inspection).map(\.code) == ["architecture.mismatch"])
    }

    @Test func theWorstComesFirst() {
        let severities = StartupFinding.Severity.allCases.sorted(by: >)
        #expect(severities == [.error, .warning, .note])
    }

    @Test func namesCannotCommandTheTerminal() throws {
        let package = try InspectedPackage()
        try package.directory.write("bootstrap", Self.program)
        try package.directory.write("a\u{1B}[2J\u{202E}.so", MinimalELF(machine: 183, type: 3).bytes)
        let finding = try #require(package.findings.first)
        #expect(finding.file == "/var/task/a\\u{1b}[2J\\u{202e}.so")
        #expect(!finding.message.unicodeScalars.contains { $0.value < 32 || $0.value == 0x202E })
    }
}
