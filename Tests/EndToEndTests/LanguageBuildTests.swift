import LambdaModel
import Testing

/// `apus build` without a build method, then `apus invoke`: each language that this machine can compile.
@Suite(.serialized, Prerequisite.curl) struct LanguageBuildTests {
    @Test(Prerequisite.program("cc")) func c() async throws {
        try await LanguageFixture(name: "c", language: "c", method: "c").check()
    }

    @Test(Prerequisite.program("c++")) func cPlusPlus() async throws {
        try await LanguageFixture(name: "cpp", language: "c++", method: "cpp").check()
    }

    @Test(Prerequisite.program("cc"), Prerequisite.program("cmake")) func cMake() async throws {
        try await LanguageFixture(name: "cmake", language: "c", method: "c").check()
    }

    @Test(Prerequisite.program("cc"), Prerequisite.program("make")) func cByAPlainMakefile() async throws {
        try await LanguageFixture(name: "plain-make", language: "c", method: "c").check()
    }

    @Test(Prerequisite.program("nasm"), Prerequisite.program("ld"), Prerequisite.x86Machine) func nasm() async throws {
        try await LanguageFixture(name: "nasm", language: "nasm", method: "nasm").check()
    }

    @Test(Prerequisite.program("nasm"), Prerequisite.program("cc"), Prerequisite.x86Machine)
    func nasmWithTheCLibrary() async throws {
        try await LanguageFixture(name: "nasm-main", language: "nasm", method: "nasm").check()
    }

    @Test(Prerequisite.program("cc")) func gas() async throws {
        try await LanguageFixture(name: "gas", language: "gas", method: "gas").check()
    }

    @Test(Prerequisite.program("go")) func go() async throws {
        try await LanguageFixture(name: "go", language: "go", method: "go1.x").check()
    }

    @Test(Prerequisite.program("cargo")) func rust() async throws {
        try await LanguageFixture(name: "rust", language: "rust", method: "rust-cargolambda").check()
    }

    @Test(Prerequisite.program("swift")) func swift() async throws {
        try await LanguageFixture(name: "swift", language: "swift", method: "swift").check()
    }

    @Test(Prerequisite.program("swiftc")) func swiftFiles() async throws {
        try await LanguageFixture(name: "swift-files", language: "swift", method: "swift").check()
    }

    @Test(Prerequisite.zig) func zig() async throws {
        try await LanguageFixture(name: "zig", language: "zig", method: "zig").check()
    }

    @Test(Prerequisite.zig) func zigByBuildZig() async throws {
        try await LanguageFixture(name: "zig-project", language: "zig", method: "zig").check()
    }

    @Test func shell() async throws {
        try await LanguageFixture(name: "shell", language: "shell", method: "shell").check()
    }

    /// Both modes, and a CPU by name.
    @Test(
        Prerequisite.program("cc"),
        arguments: [([], "debug"), (["--target-cpu", "x86-64-v3"], "release")] as [([String], String)]
    )
    func modesAndCPUs(options: [String], mode: String) async throws {
        let fixture = LanguageFixture(name: "c", language: "c", method: "c", architecture: .host)
        guard Architecture.host == .x86_64 || options.isEmpty else { return }
        try await fixture.check(options, environment: ["SAM_BUILD_MODE": mode])
    }
}

/// The same for the architecture that this machine is not; the answers come through qemu-user.
@Suite(.serialized, Prerequisite.curl, Prerequisite.emulator) struct CrossBuildTests {
    private static let other = Architecture.host == .arm64 ? Architecture.x86_64 : .arm64

    private func check(
        _ name: String,
        _ language: String,
        _ method: String,
        environment: [String: String] = [:]
    ) async throws {
        try await LanguageFixture(name: name, language: language, method: method, architecture: Self.other)
            .check(environment: environment)
    }

    @Test(Prerequisite.cross("gcc")) func c() async throws { try await check("c", "c", "c") }

    @Test(Prerequisite.cross("g++")) func cPlusPlus() async throws { try await check("cpp", "c++", "cpp") }

    @Test(Prerequisite.cross("gcc"), Prerequisite.program("make")) func cByAPlainMakefile() async throws {
        try await check("plain-make", "c", "c")
    }

    @Test(Prerequisite.cross("gcc")) func gas() async throws { try await check("gas", "gas", "gas") }

    @Test(Prerequisite.program("go")) func go() async throws { try await check("go", "go", "go1.x") }

    @Test(Prerequisite.zig) func zig() async throws { try await check("zig", "zig", "zig") }

    /// Without the distribution's cross compilers: zig compiles C.
    @Test(Prerequisite.zig) func cByZig() async throws {
        try await Fixture.with { tools in
            // A search path with Python, make and the system's tools, but without the cross compilers.
            try tools.makeDirectory("bin")
            for program in ["sh", "cc", "make", "as", "ld"] {
                guard let path = Paths.program(program) else { continue }
                try tools.makeLink("bin/" + program, to: path)
            }
            let zig = LanguageFixture.tools["PATH"]?.prefix { $0 != ":" } ?? ""
            let path =
                (Paths.program("zig").map { String($0.dropLast("/zig".count)) } ?? String(zig)) + ":"
                + tools.path("bin")
            try await check("c", "c", "c", environment: ["PATH": path])
            try await check("plain-make", "c", "c", environment: ["PATH": path])
        }
    }

    @Test(
        Prerequisite.rustTarget("\(other == .arm64 ? "aarch64" : "x86_64")-unknown-linux-gnu"),
        Prerequisite.cross("gcc")
    )
    func rust() async throws { try await check("rust", "rust", "rust-cargolambda") }

    /// Without the distribution's cross compilers: zig links Rust.
    @Test(Prerequisite.rustTarget("\(other == .arm64 ? "aarch64" : "x86_64")-unknown-linux-gnu"), Prerequisite.zig)
    func rustByZig() async throws {
        try await Fixture.with { tools in
            try tools.makeDirectory("bin")
            for program in ["sh", "cc", "cargo", "rustc", "rustup"] {
                guard let path = Paths.program(program) else { continue }
                try tools.makeLink("bin/" + program, to: path)
            }
            let zig = LanguageFixture.tools["PATH"]?.prefix { $0 != ":" } ?? ""
            try await check("rust", "rust", "rust-cargolambda", environment: ["PATH": zig + ":" + tools.path("bin")])
        }
    }

    /// The Makefile knows nothing of architectures and says `$(CC)`.
    @Test(Prerequisite.cross("gcc"), Prerequisite.program("make")) func aMakefileOfSAM() async throws {
        try await Fixture.with { fixture in
            try LanguageFixture(name: "c", language: "c", method: "makefile", architecture: Self.other).write(
                to: fixture
            )
            try fixture.write(
                "quelle für 1/Makefile",
                "build-Hello:\n\t$(CC) -static -o \"$(ARTIFACTS_DIR)/bootstrap\" main.c serve.c\n"
            )
            let build = try await fixture.apus(["build"])
            #expect(build.status == .exited(0), "\(build)")
            let outcome = try await fixture.apus(["invoke", "-e", "-"], stdin: Array("{}".utf8))
            #expect(outcome.text.contains(Self.other == .arm64 ? "aarch64" : "x86_64"), "\(outcome)")
        }
    }
}
