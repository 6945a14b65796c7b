import Foundation
import LambdaModel
import Testing

@testable import FunctionBuild

/// The calls of compilers for each architecture, mode and CPU, as values. Nothing is run.
@Suite struct CompilerCommandTests {
    struct Mode: Sendable {
        var architecture = Architecture.x86_64
        var isDebug = false
        var cpu: String?
        var environment: [String: String] = [:]
    }

    private func context(_ mode: Mode, binary: String? = nil) -> BuildContext {
        var request = BuildRequest(
            logicalID: "Hello",
            code: .directory(path: "src"),
            templateDirectory: "/p",
            architecture: mode.architecture,
            targetCPU: mode.cpu
        )
        request.binary = binary
        let environment = mode.environment.merging(mode.isDebug ? ["SAM_BUILD_MODE": "debug"] : [:]) { own, _ in own }
        return BuildContext(
            request: request,
            environment: environment,
            target: CompilationTarget(request, environment: environment),
            artifacts: "/a",
            scratch: "/s",
            excludedPaths: [],
            progress: { _ in }
        )
    }

    private static let own = CToolchain(c: ["/bin/cc"], cxx: ["/bin/c++"], isCross: false)
    private static let zig = CToolchain(
        c: ["/bin/zig", "cc", "-target", "aarch64-linux-musl"],
        cxx: ["/bin/zig", "c++", "-target", "aarch64-linux-musl"],
        isCross: true,
        isZig: true
    )

    @Test(
        arguments: [
            (Mode(), ["-O2", "-g1", "-march=x86-64-v2"]),
            (Mode(isDebug: true), ["-O0", "-g"]),
            (Mode(isDebug: true, cpu: "haswell"), ["-O0", "-g", "-march=haswell"]),
            (Mode(cpu: "x86-64-v1"), ["-O2", "-g1", "-march=x86-64"]),
            (Mode(architecture: .arm64), ["-O2", "-g1", "-mcpu=neoverse-n1"]),
            // The user's own flags win over defaults, --target-cpu wins over them.
            (
                Mode(environment: ["CFLAGS": "-O3 -march=native"]),
                ["-O2", "-g1", "-march=x86-64-v2", "-O3", "-march=native"]
            ),
            (Mode(cpu: "haswell", environment: ["CFLAGS": "-O3"]), ["-O2", "-g1", "-O3", "-march=haswell"]),
        ] as [(Mode, [String])]
    )
    func flagsOfC(mode: Mode, flags: [String]) throws {
        let command = try CBuild(directory: "/src", sources: ["a.c", "-b.c"]).command(Self.own, context(mode))
        #expect(command.program == "/bin/cc")
        #expect(command.title == "cc")
        #expect(command.directory == "/src")
        #expect(command.arguments == flags + ["-static", "-o", "/a/bootstrap", "./a.c", "./-b.c"])
    }

    @Test func linkingOfTheUsersOwn() throws {
        let mode = Mode(environment: ["LDFLAGS": "-L/x", "LDLIBS": "-lcurl -lm", "CXXFLAGS": "-std=c++20"])
        let command = try CBuild(directory: "/src", sources: ["a.cpp"]).command(Self.own, context(mode))
        #expect(command.program == "/bin/c++")
        #expect(
            command.arguments == [
                "-O2", "-g1", "-march=x86-64-v2", "-std=c++20", "-L/x", "-o", "/a/bootstrap", "./a.cpp", "-lcurl",
                "-lm",
            ]
        )
    }

    @Test func zigAsTheCompilerOfC() throws {
        let command = try CBuild(directory: "/src", sources: ["a.c"]).command(
            Self.zig,
            context(Mode(architecture: .arm64))
        )
        #expect(command.program == "/bin/zig")
        #expect(
            command.arguments == [
                "cc", "-target", "aarch64-linux-musl", "-O2", "-g1", "-mcpu=neoverse_n1", "-static", "-o",
                "/a/bootstrap",
                "./a.c",
            ]
        )
        #expect(command.environment == ["ZIG_LOCAL_CACHE_DIR": "/s/zig-cache"])
    }

    @Test func aMissingCompilerOfCPlusPlusIsNamed() {
        let toolchain = CToolchain(c: ["/bin/aarch64-linux-gnu-gcc"], cxx: [], isCross: true)
        let error = #expect(throws: ApusError.self) {
            try CBuild(directory: "/src", sources: ["a.cc"]).command(toolchain, context(Mode(architecture: .arm64)))
        }
        #expect(error?.code == .buildToolMissing)
        #expect(error?.hint?.contains("g++-aarch64-linux-gnu") == true)
    }

    struct ToolchainCase: Sendable {
        var isHost = true
        var environment: [String: String] = [:]
        var installed: Set<String>
        var hasZig = false
        var c: [String]?
        var cxx: [String] = []
    }

    private static let machine = Architecture.host == .arm64 ? "x86_64" : "aarch64"
    private static let toolchains: [ToolchainCase] = [
        ToolchainCase(installed: ["cc", "gcc", "c++"], c: ["/bin/cc"], cxx: ["/bin/c++"]),
        ToolchainCase(installed: ["clang"], c: ["/bin/clang"]),
        ToolchainCase(environment: ["CC": "ccache gcc"], installed: ["cc", "ccache"], c: ["/bin/ccache", "gcc"]),
        ToolchainCase(environment: ["CC": "absent"], installed: ["cc"], c: ["/bin/cc"]),
        ToolchainCase(installed: [], c: nil),
        ToolchainCase(isHost: false, environment: ["CC": "gcc"], installed: ["gcc", "cc"], c: nil),
        ToolchainCase(
            isHost: false,
            installed: ["cc", "\(machine)-linux-gnu-gcc", "\(machine)-linux-gnu-g++"],
            hasZig: true,
            c: ["/bin/\(machine)-linux-gnu-gcc"],
            cxx: ["/bin/\(machine)-linux-gnu-g++"]
        ),
        ToolchainCase(isHost: false, installed: ["\(machine)-linux-musl-gcc"], c: ["/bin/\(machine)-linux-musl-gcc"]),
        ToolchainCase(
            isHost: false,
            installed: ["cc"],
            hasZig: true,
            c: ["/bin/zig", "cc", "-target", "\(machine)-linux-musl"],
            cxx: ["/bin/zig", "c++", "-target", "\(machine)-linux-musl"]
        ),
    ]

    @Test(arguments: toolchains) func compilersAreFound(_ test: ToolchainCase) {
        let other = Architecture.host == .arm64 ? Architecture.x86_64 : .arm64
        let toolchain = CToolchain.choose(
            CompilationTarget(architecture: test.isHost ? .host : other),
            environment: test.environment,
            zig: test.hasZig ? ZigTool(program: "/bin/zig") : nil,
            find: { test.installed.contains($0) ? "/bin/" + $0 : nil }
        )
        #expect(toolchain?.c == test.c)
        #expect(toolchain?.cxx ?? [] == test.cxx)
        #expect(toolchain == nil || toolchain?.isCross == !test.isHost)
    }

    struct GoCase: Sendable {
        var mode: Mode
        var debugFlags: [String] = []
        var environment: [String: String]
    }

    private static let go: [GoCase] = [
        GoCase(mode: Mode(environment: ["HOME": "/h"]), environment: ["GOARCH": "amd64", "GOAMD64": "v2"]),
        GoCase(
            mode: Mode(isDebug: true, environment: ["HOME": "/h"]),
            debugFlags: ["-gcflags=all=-N -l"],
            environment: ["GOARCH": "amd64"]
        ),
        GoCase(
            mode: Mode(architecture: .arm64, environment: ["HOME": "/h"]),
            environment: ["GOARCH": "arm64", "GOARM64": "v8.2"]
        ),
        GoCase(mode: Mode(environment: ["HOME": "/h", "GOAMD64": "v1"]), environment: ["GOARCH": "amd64"]),
        GoCase(
            mode: Mode(cpu: "haswell", environment: ["HOME": "/h", "GOAMD64": "v1"]),
            environment: ["GOARCH": "amd64", "GOAMD64": "v3"]
        ),
        GoCase(
            mode: Mode(cpu: "x86-64-v1", environment: ["HOME": "/h", "CGO_ENABLED": "1"]),
            environment: ["GOARCH": "amd64", "GOAMD64": "v1", "CGO_ENABLED": "1"]
        ),
        GoCase(
            mode: Mode(),
            environment: ["GOARCH": "amd64", "GOAMD64": "v2", "GOCACHE": "/s", "GOPATH": "/s/path"]
        ),
    ]

    @Test(arguments: go) func callsOfGo(_ test: GoCase) throws {
        let project = try Project()
        try project.write("src/go.mod", "module x\n")
        let directory = try #require(Directory.realPath(project.path + "/src"))
        let build = GoBuild(directory: directory, names: ["main.go"], environment: [:])
        let command = try build.command("/bin/go", context(test.mode))
        #expect(
            command.arguments == ["build", "-trimpath", "-buildvcs=false"] + test.debugFlags + [
                "-o", "/a/bootstrap", ".",
            ]
        )
        #expect(command.environment == ["GOOS": "linux", "CGO_ENABLED": "0"].merging(test.environment) { $1 })
        #expect(command.directory == directory)
    }

    @Test func goTakesLevelsOnly() {
        let target = CompilationTarget(architecture: .x86_64, explicitCPU: "pentium")
        let error = #expect(throws: ApusError.self) { try GoLevel.variable(for: target) }
        #expect(error?.message == "--target-cpu pentium has no level of Go's")
        #expect(error?.hint?.contains("x86-64-v2") == true)
    }

    @Test func goFilesWithoutAModuleAndCommands() throws {
        let project = try Project()
        try project.write("src/cmd/a/main.go", "")
        let directory = try #require(Directory.realPath(project.path + "/src"))
        let build = GoBuild(directory: directory, names: ["b.go", "a.go", "a_test.go", "x"], environment: [:])
        #expect(try build.command("/bin/go", context(Mode())).arguments.suffix(2) == ["./b.go", "./a.go"])
        #expect(try build.command("/bin/go", context(Mode(), binary: "a")).arguments.last == "./cmd/a")
    }

    @Test func whatGoReadsBesides() throws {
        let project = try Project()
        for name in ["lib", "other", "tool", "app/cmd/x"] { try project.write(name + "/x.go", "") }
        try project.write(
            "app/go.mod",
            """
            module app
            replace example.com/lib v1.0.0 => ../lib // near
            replace (
                example.com/other => "../other"
                example.com/far => example.com/near v1.2.3
            )
            """
        )
        try project.write("go.work", "go 1.22\nuse ./app\nuse (\n\t./tool\n\t./absent\n)\n")
        let base = try #require(Directory.realPath(project.path))
        let found = GoProject(directory: base + "/app/cmd/x", environment: [:])
        #expect(found.module == base + "/app")
        #expect(Set(found.roots) == Set(["app", "lib", "other", "tool"].map { base + "/" + $0 }))
        let without = GoProject(directory: base + "/app", environment: ["GOWORK": "off"])
        #expect(Set(without.roots) == Set(["app", "lib", "other"].map { base + "/" + $0 }))
    }

    @Test(
        arguments: [
            (Mode(), true, ["-O", "-gline-tables-only", "-static-stdlib", "-target-cpu", "nehalem"]),
            (Mode(isDebug: true), false, ["-Onone", "-g"]),
            (
                Mode(architecture: .arm64), true,
                ["-O", "-gline-tables-only", "-static-stdlib", "-target-cpu", "neoverse-n1"]
            ),
        ] as [(Mode, Bool, [String])]
    )
    func optionsOfSwiftc(mode: Mode, isStatic: Bool, options: [String]) {
        #expect(SwiftBuild.options(context(mode).target, isStatic: isStatic) == options)
    }

    @Test(
        arguments: [
            (
                Mode(), nil,
                [
                    "-c", "release", "--static-swift-stdlib", "-Xswiftc", "-target-cpu", "-Xswiftc", "nehalem", "-Xcc",
                    "-march=nehalem",
                ]
            ),
            (Mode(isDebug: true), nil, ["-c", "debug", "--static-swift-stdlib"]),
            (
                Mode(architecture: .arm64), "aarch64-swift-linux-musl",
                [
                    "-c", "release", "--swift-sdk", "aarch64-swift-linux-musl", "--static-swift-stdlib", "-Xswiftc",
                    "-target-cpu", "-Xswiftc", "neoverse-n1", "-Xcc", "-mcpu=neoverse-n1",
                ]
            ),
        ] as [(Mode, String?, [String])]
    )
    func optionsOfSwiftBuild(mode: Mode, sdk: String?, options: [String]) {
        #expect(SwiftBuild.options(context(mode).target, sdk: sdk, isStatic: true) == options)
    }

    @Test func swiftSDKs() {
        let target = CompilationTarget(architecture: .arm64)
        #expect(SwiftBuild.sdk(in: "swift-6.3.1-RELEASE_static-linux-0.1.0\n", target) == "aarch64-swift-linux-musl")
        #expect(SwiftBuild.sdk(in: "a\n6.3-ubuntu_aarch64-linux\n", target) == "6.3-ubuntu_aarch64-linux")
        #expect(SwiftBuild.sdk(in: "No Swift SDKs are currently installed.\n", target) == nil)
    }

    @Test(
        arguments: [
            (Mode(), ["-OReleaseSafe", "-target", "x86_64-linux-musl", "-mcpu=x86_64_v2"]),
            (Mode(isDebug: true), ["-ODebug", "-target", "x86_64-linux-musl", "-mcpu=baseline"]),
            (Mode(architecture: .arm64), ["-OReleaseSafe", "-target", "aarch64-linux-musl", "-mcpu=neoverse_n1"]),
        ] as [(Mode, [String])]
    )
    func callsOfZig(mode: Mode, options: [String]) throws {
        let build = try ZigBuild(directory: "/src", names: ["main.zig", "more.zig"])
        let tool = ZigTool(program: "/bin/python3", leading: ["-m", "ziglang"])
        let command = build.command(tool, "/s", context(mode))
        #expect(
            command.arguments == ["-m", "ziglang", "build-exe"] + options + ["-femit-bin=/a/bootstrap", "main.zig"]
        )
        #expect(command.environment == ["ZIG_LOCAL_CACHE_DIR": "/s/zig-cache"])
    }

    @Test func zigProjects() throws {
        let build = try ZigBuild(directory: "/src", names: ["build.zig", "main.zig"])
        #expect(build.rootSource == nil)
        let command = build.projectCommand(ZigTool(program: "/bin/zig"), "/s", "/s/i", context(Mode()))
        #expect(
            command.arguments == [
                "build", "--prefix", "/s/i", "-Doptimize=ReleaseSafe", "-Dtarget=x86_64-linux-musl", "-Dcpu=x86_64_v2",
            ]
        )
        #expect(try ZigBuild(directory: "/src", names: ["app.zig"]).rootSource == "app.zig")
        #expect(throws: ApusError.self) { try ZigBuild(directory: "/src", names: ["a.zig", "b.zig"]) }
        #expect(throws: ApusError.self) { try ZigBuild(directory: "/src", names: ["a"]) }
    }

    @Test func callsOfCMake() {
        let build = CMakeBuild(directory: "/src")
        let mode = Mode(architecture: .arm64, environment: ["CFLAGS": "-Wall"])
        let command = build.configuration("/bin/cmake", Self.zig, "/s", context(mode))
        #expect(
            command.arguments == [
                "-S", "/src", "-B", "/s", "--no-warn-unused-cli", "-DCMAKE_BUILD_TYPE=Release",
                "-DCMAKE_RUNTIME_OUTPUT_DIRECTORY=/s/apus-programs",
                "-DCMAKE_C_COMPILER=/bin/zig;cc;-target;aarch64-linux-musl",
                "-DCMAKE_C_FLAGS=-O2 -g1 -mcpu=neoverse_n1 -Wall", "-DCMAKE_CXX_FLAGS=-O2 -g1 -mcpu=neoverse_n1",
                "-DCMAKE_CXX_COMPILER=/bin/zig;c++;-target;aarch64-linux-musl", "-DCMAKE_SYSTEM_NAME=Linux",
                "-DCMAKE_SYSTEM_PROCESSOR=aarch64",
            ]
        )
        let debug = build.configuration("/bin/cmake", Self.own, "/s", context(Mode(isDebug: true)))
        #expect(debug.arguments.contains("-DCMAKE_BUILD_TYPE=Debug"))
        #expect(!debug.arguments.contains { $0.hasPrefix("-DCMAKE_SYSTEM_NAME") })
    }

    @Test func callsOfMakeWithoutSAM() {
        let build = PlainMakeBuild(directory: "/src")
        let own = build.command("/bin/make", Self.own, "/c", context(Mode(environment: ["CFLAGS": "-Wall"])))
        #expect(own.arguments == [])
        #expect(own.environment["CC"] == "/bin/cc")
        #expect(own.environment["CFLAGS"] == "-O2 -g1 -march=x86-64-v2 -Wall")
        let cross = build.command("/bin/make", Self.zig, "/c", context(Mode(architecture: .arm64)))
        #expect(cross.arguments.first == "CC=/bin/zig cc -target aarch64-linux-musl")
        #expect(cross.environment["CC"] == nil)
    }

    @Test(arguments: [
        ("global _start", true), ("\tglobal main, _start ; entry", true), (".globl _start", true),
        ("[global _start]", false),
        (".global\t_start", true), ("; global _start", false), ("global main ; not _start", false), ("_start:", false),
    ])
    func entryPoints(text: String, isDefined: Bool) {
        #expect(AssemblyEntry.isDefined(in: ["x", "a\n" + text + "\nb"]) == isDefined)
    }

    @Test func callsOfAssemblers() throws {
        let project = try Project()
        try project.write("src/a.asm", "global _start\n")
        try project.write("src/b.S", ".globl main\n")
        let directory = project.path + "/src"
        let nasm = NASMBuild(directory: directory, sources: ["a.asm"])
        let assembling = nasm.assembling(
            "/bin/nasm",
            "a.asm",
            "/s/0.o",
            context(Mode(environment: ["ASFLAGS": "-w+all"]))
        )
        #expect(assembling.arguments == ["-f", "elf64", "-g", "-F", "dwarf", "-w+all", "-o", "/s/0.o", "./a.asm"])
        #expect(nasm.linking("/bin/ld", ["/s/0.o"], context(Mode())).arguments == ["-o", "/a/bootstrap", "/s/0.o"])
        #expect(
            nasm.linking(Self.own, ["/s/0.o"], context(Mode())).arguments
                == ["-static", "-no-pie", "-nostdlib", "-o", "/a/bootstrap", "/s/0.o"]
        )
        let gas = GASBuild(directory: directory, sources: ["b.S"])
        #expect(
            gas.command(Self.own, context(Mode())).arguments == ["-g", "-static", "-o", "/a/bootstrap", "./b.S"]
        )
    }

    @Test(
        arguments: [
            (["hello"], nil, "hello"), (["a", "bootstrap"], nil, "bootstrap"), (["a", "b"], "b", "b"),
        ] as [([String], String?, String)]
    )
    func programsAreChosen(names: [String], wanted: String?, chosen: String) throws {
        #expect(try ProgramChoice.choose(names, wanted: wanted, kind: "program", place: "/p") == chosen)
    }

    @Test(
        arguments: [
            (["b", "a"], nil, "several of kind program: a, b"), (["a"], "c", "no program 'c' in '/p'; it has a"),
            ([], nil, "has no program, so there is no bootstrap"),
        ] as [([String], String?, String)]
    )
    func programsThatCannotBeChosen(names: [String], wanted: String?, text: String) {
        let error = #expect(throws: ApusError.self) {
            try ProgramChoice.choose(names, wanted: wanted, kind: "program", place: "/p")
        }
        #expect(error?.message.contains(text) == true)
    }

    @Test func packagesBesideASwiftPackage() throws {
        let project = try Project()
        for name in ["app", "a b", "c"] { try project.write(name + "/Package.swift", "") }
        let base = try #require(Directory.realPath(project.path))
        let manifest = """
            dependencies: [
                .package(path: "../a b"), .package(name: "C", path: "../c"), .package(path: "../absent"),
                .package(url: "https://example.com/path:x", from: "1.0.0"), .package(path: computed),
            ],
            targets: [.target(name: "x", path: "../app")]
            """
        #expect(SwiftPackage.localPackages(manifest, base + "/app") == [base + "/a b", base + "/c"])
    }

    @Test func productsOfASwiftPackage() throws {
        let json = """
            {"name": "p", "products": [
              {"name": "hello", "targets": ["hello"], "type": {"executable": null}},
              {"name": "Lib", "targets": ["Lib"], "type": {"library": ["automatic"]}}]}
            """
        #expect(try SwiftPackage(json: json).executables == ["hello"])
        #expect(throws: ApusError.self) { try SwiftPackage(json: "{}") }
    }
}
