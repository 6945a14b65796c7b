import Glibc
import LambdaModel
import Testing

@testable import Inspection

/// One file `bootstrap` and what has to be said about it.
struct RefusedBootstrap: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var mode: mode_t = 0o755
    var code: Int32
    var architecture: Architecture = .x86_64
    /// Texts that the explanation must hold.
    var expected: [String]
    var testDescription: String { name }

    init(
        _ name: String,
        _ bytes: [UInt8],
        mode: mode_t = 0o755,
        code: Int32,
        architecture: Architecture = .x86_64,
        _ expected: String...
    ) {
        self.name = name
        self.bytes = bytes
        self.mode = mode
        self.code = code
        self.architecture = architecture
        self.expected = expected
    }

    init(_ name: String, _ text: String, mode: mode_t = 0o755, code: Int32, _ expected: String...) {
        self.init(name, Array(text.utf8), mode: mode, code: code)
        self.expected = expected
    }
}

@Suite struct StartupExplanationTests {
    static let refused: [RefusedBootstrap] = [
        RefusedBootstrap(
            "mode",
            "#!/bin/sh\n",
            mode: 0o644,
            code: EACCES,
            "not executable (mode 0644)",
            "chmod +x bootstrap",
            "git update-index --chmod=+x bootstrap",
            "zip"
        ),
        RefusedBootstrap("empty", "", code: ENOEXEC, "is empty (0 bytes)"),
        RefusedBootstrap("magic alone", ELFHeaderTests.magic, code: ENOEXEC, "cut off"),
        RefusedBootstrap("half a header", Array(MinimalELF().bytes.prefix(40)), code: ENOEXEC, "cut off"),
        RefusedBootstrap("half a program", MinimalELF(loadSize: 1 << 20).bytes, code: ENOEXEC, "cut off"),
        RefusedBootstrap(
            "damaged",
            ELFHeaderTests.magic + [9, 1] + [UInt8](repeating: 0, count: 60),
            code: ENOEXEC,
            "damaged"
        ),
        RefusedBootstrap(
            "arm64 for x86_64",
            MinimalELF(machine: 183).bytes,
            code: ENOEXEC,
            "built for arm64, but the function is configured for x86_64",
            "Architectures: [arm64]",
            "GOARCH=amd64",
            "cargo lambda build --release  "
        ),
        RefusedBootstrap(
            "x86_64 for arm64",
            MinimalELF().bytes,
            code: ENOEXEC,
            architecture: .arm64,
            "built for x86_64, but the function is configured for arm64",
            "Architectures: [x86_64]",
            "GOARCH=arm64",
            "cargo lambda build --release --arm64"
        ),
        RefusedBootstrap(
            "arm64 as configured",
            MinimalELF(machine: 183).bytes,
            code: ENOEXEC,
            architecture: .arm64,
            "but this machine is x86_64",
            "emulator"
        ),
        RefusedBootstrap("RISC-V", MinimalELF(machine: 243).bytes, code: ENOEXEC, "RISC-V", "GOARCH=amd64"),
        RefusedBootstrap(
            "32 bits",
            MinimalELF(is64Bit: false, machine: 3).bytes,
            code: ENOENT,
            "32-bit program (x86 (32-bit))"
        ),
        RefusedBootstrap("object file", MinimalELF(type: 1).bytes, code: ENOEXEC, "object file", "-c"),
        RefusedBootstrap(
            "musl",
            MinimalELF(loader: "/lib/ld-musl-of-a-test.so.1").bytes,
            code: ENOENT,
            "/lib/ld-musl-of-a-test.so.1",
            "musl",
            "static"
        ),
        RefusedBootstrap(
            "Nix",
            MinimalELF(loader: "/nix/store/none/ld.so").bytes,
            code: ENOENT,
            "/nix/store/none/ld.so",
            "Nix"
        ),
        RefusedBootstrap(
            "other loader",
            MinimalELF(loader: "/lib/none.so").bytes,
            code: ENOENT,
            "/lib/none.so",
            "fix:"
        ),
        RefusedBootstrap("text", "echo hello\n", code: ENOEXEC, "without a first line such as #!/bin/sh"),
        RefusedBootstrap(
            "mark",
            "\u{FEFF}#!/bin/sh\necho\n",
            code: ENOEXEC,
            "byte order mark",
            "sed -i '1s/^\\xEF\\xBB\\xBF//' bootstrap"
        ),
        RefusedBootstrap(
            "CRLF",
            "#!/bin/sh\r\necho\r\n",
            code: ENOENT,
            "\"/bin/sh\\r\"",
            "sed -i 's/\\r$//' bootstrap",
            ".gitattributes",
            "eol=lf"
        ),
        RefusedBootstrap("CRLF after an argument", "#!/usr/bin/env bash\r\n", code: ENOENT, "\"/usr/bin/env bash\\r\""),
        RefusedBootstrap(
            "no interpreter",
            "#!/opt/none/python\n",
            code: ENOENT,
            "/opt/none/python, which is not on this machine"
        ),
        RefusedBootstrap("relative interpreter", "#!python3\n", code: ENOENT, "#!/usr/bin/env python3"),
        RefusedBootstrap(
            "interpreter that is none",
            "#!/etc/passwd\n",
            code: EACCES,
            "/etc/passwd, which is not an executable file"
        ),
        RefusedBootstrap("bare mark of a script", "#!\n", code: ENOEXEC, "names no interpreter"),
        RefusedBootstrap(
            "macOS",
            [0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1],
            code: ENOEXEC,
            "program for macOS",
            "GOOS=linux"
        ),
        RefusedBootstrap("Windows", [0x4d, 0x5a, 0x90, 0], code: ENOEXEC, "program for Windows", "GOOS=linux"),
        RefusedBootstrap("zip", [0x50, 0x4b, 3, 4, 0, 0], code: ENOEXEC, "zip archive", "unpack"),
        RefusedBootstrap("garbage", [0, 1, 2, 3], code: ENOEXEC, "neither a Linux program nor a script"),
        RefusedBootstrap("busy", "#!/bin/sh\n", code: ETXTBSY, "text file busy", "still writing"),
        RefusedBootstrap("nothing wrong", "#!/bin/sh\n", code: EACCES, "permission denied", "noexec"),
        RefusedBootstrap("hostile", "#!/bin/\u{1B}[2J\n", code: ENOENT, "/bin/\\u{1b}[2J"),
    ]

    @Test(arguments: refused)
    func explainsARefusedBootstrap(_ bootstrap: RefusedBootstrap) throws {
        let package = try PackageDirectory()
        try package.write("bootstrap", bootstrap.bytes, mode: bootstrap.mode)
        let lines = StartupExplanation.explain(
            .exec(code: bootstrap.code, path: "/var/task/bootstrap"),
            taskRoot: package.path,
            architecture: bootstrap.architecture,
            host: .x86_64
        )
        let text = lines.joined(separator: "\n")
        for expected in bootstrap.expected { #expect(text.contains(expected), "\(text)") }
        #expect(text.contains("fix: "))
        #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
    }

    @Test func explainsTheFileThatWasStarted() throws {
        let package = try PackageDirectory()
        let path = try package.write("layer/bootstrap", "", mode: 0o755)
        let lines = StartupExplanation.explain(
            .exec(code: ENOEXEC, path: "/opt/bootstrap"),
            taskRoot: package.path,
            bootstrapPath: path,
            architecture: .host
        )
        #expect(lines.first == "\(path) is empty (0 bytes)")
    }

    @Test func explainsADirectoryAndAMissingFile() throws {
        let package = try PackageDirectory()
        try package.write("bootstrap/x", "")
        let failure = LaunchFailure.exec(code: EACCES, path: "/var/task/bootstrap")
        let lines = StartupExplanation.explain(failure, taskRoot: package.path, architecture: .host)
        #expect(lines.first?.contains("a directory") == true)
        let gone = StartupExplanation.explain(failure, taskRoot: package.path + "/x", architecture: .host)
        #expect(gone.first?.contains("not there any more") == true)
    }

    @Test(arguments: [(7, "environment variables"), (11, "ulimit -u"), (24, "ulimit -n"), (99, "errno 99")])
    func explainsFaultsOfTheMachine(code: Int32, expected: String) {
        let lines = StartupExplanation.explain(.host(code: code, operation: "pipe"), taskRoot: "/", architecture: .host)
        #expect(lines.joined().contains(expected))
        #expect(lines.first?.hasPrefix("this machine could not start the process: pipe: ") == true)
    }
}
