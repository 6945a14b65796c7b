import Foundation
import LambdaModel
import Testing

@testable import FunctionBuild

/// The call of cargo that is put together: flags and variables for each mode, architecture, CPU and for the user's own
/// settings. Nothing is run.
@Suite struct CargoCommandTests {
    private static let own = "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS"
    private static let build = "CARGO_BUILD_RUSTFLAGS"
    private static let release = [
        "CARGO_PROFILE_RELEASE_LTO": "thin", "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "1",
        "CARGO_PROFILE_RELEASE_PANIC": "abort", "CARGO_PROFILE_RELEASE_DEBUG": "line-tables-only",
    ]

    private func command(
        _ project: Project,
        architecture: Architecture = .x86_64,
        isDebug: Bool = false,
        targetCPU: String? = nil,
        linking: RustLinking = .own,
        environment: [String: String] = [:]
    ) throws -> CargoCommand {
        if !project.exists("src/Cargo.toml") { try project.write("src/Cargo.toml", "[package]\nname = \"f\"\n") }
        var request = project.request(method: .rust)
        request.architecture = architecture
        let variables = ["HOME": project.path].merging(environment) { $1 }
        let source = try #require(Directory.realPath(project.path + "/src"))
        let inputs = CargoCommand.Inputs(
            project: try CargoProject(request, source: source, environment: variables),
            target: RustTarget.candidates(architecture)[0],
            compilation: CompilationTarget(architecture: architecture, isDebug: isDebug, explicitCPU: targetCPU),
            package: "f",
            binary: "g",
            targetDirectory: "/t",
            linkerVariables: try linking.variables(
                RustTarget.candidates(architecture)[0],
                scriptsIn: project.path + "/s"
            )
        )
        return CargoCommand(inputs, environment: variables)
    }

    @Test func aReleaseIsThatOfCargoLambda() throws {
        let project = try Project()
        let x86 = try command(project)
        let source = try #require(Directory.realPath(project.path + "/src"))
        #expect(
            x86.arguments == [
                "build", "--manifest-path", source + "/Cargo.toml", "--package", "f", "--bin", "g", "--target",
                "x86_64-unknown-linux-gnu", "--target-dir", "/t", "--release",
            ]
        )
        let flags = [
            Self.build: "-C target-cpu=x86-64-v2", "CFLAGS_x86_64_unknown_linux_gnu": "-march=x86-64-v2",
            "CXXFLAGS_x86_64_unknown_linux_gnu": "-march=x86-64-v2",
        ]
        #expect(x86.environment == Self.release.merging(flags) { $1 })
        #expect(x86.note == nil)
        let arm = try command(project, architecture: .arm64, linking: .program("/bin/gcc-arm"))
        #expect(arm.environment[Self.build] == "-C target-cpu=neoverse-n1")
        #expect(arm.environment["CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER"] == "/bin/gcc-arm")
        #expect(arm.arguments.contains("aarch64-unknown-linux-gnu"))
    }

    @Test func aDebugBuildNamesNoCPU() throws {
        let project = try Project()
        let debug = try command(project, isDebug: true)
        #expect(!debug.arguments.contains("--release"))
        #expect(debug.environment == [:])
        let explicit = try command(project, isDebug: true, targetCPU: "x86-64-v2")
        #expect(explicit.environment[Self.build] == "-C target-cpu=x86-64-v2")
        #expect(explicit.environment["CFLAGS_x86_64_unknown_linux_gnu"] == "-march=x86-64-v2")
    }

    struct FlagCase: Sendable {
        var environment: [String: String] = [:]
        var configuration = ""
        var targetCPU: String?
        var variable: String
        /// `nil`: nothing is added, and a note says that the user's own CPU stays.
        var value: String?
    }

    private static let standard = "-C target-cpu=x86-64-v2"
    private static let variableCases: [FlagCase] = [
        FlagCase(environment: ["RUSTFLAGS": "-g"], variable: "RUSTFLAGS", value: "-g " + standard),
        FlagCase(environment: ["RUSTFLAGS": ""], variable: "RUSTFLAGS", value: standard),
        FlagCase(environment: ["RUSTFLAGS": "-C target-cpu=native"], variable: "RUSTFLAGS"),
        FlagCase(environment: ["RUSTFLAGS": "-Ctarget-cpu=native"], variable: "RUSTFLAGS"),
        FlagCase(
            environment: ["RUSTFLAGS": "-Ctarget-cpu=native"],
            targetCPU: "haswell",
            variable: "RUSTFLAGS",
            value: "-Ctarget-cpu=native -C target-cpu=haswell"
        ),
        FlagCase(
            environment: ["CARGO_ENCODED_RUSTFLAGS": "-g", "RUSTFLAGS": "-x"],
            variable: "CARGO_ENCODED_RUSTFLAGS",
            value: "-g\u{1F}-C\u{1F}target-cpu=x86-64-v2"
        ),
        FlagCase(environment: [build: "-C target-cpu=native"], variable: build),
        FlagCase(environment: [own: "-g"], variable: own, value: "-g " + standard),
    ]
    private static let fileCases: [FlagCase] = [
        FlagCase(configuration: "[build]\nrustflags = [\"-g\"]\n", variable: build, value: standard),
        FlagCase(configuration: "[build]\nrustflags = \"-C target-cpu=native\"\n", variable: build),
        FlagCase(
            configuration: "[target.x86_64-unknown-linux-gnu]\nrustflags = [\"-g\"]\n",
            variable: own,
            value: standard
        ),
        FlagCase(
            configuration: "[target.'cfg(target_os = \"linux\")']\nrustflags = [\"-C\", \"target-cpu=znver2\"]\n",
            variable: own
        ),
        FlagCase(
            configuration: "[target.'cfg(unix)']\nrustflags = [\"-C\", \"target-cpu=znver2\"]\n",
            targetCPU: "haswell",
            variable: "CARGO_ENCODED_RUSTFLAGS",
            value: "-C\u{1F}target-cpu=znver2\u{1F}-C\u{1F}target-cpu=haswell"
        ),
        FlagCase(
            configuration: "[target.aarch64-apple-darwin]\nrustflags = [\"-C\", \"target-cpu=native\"]\n",
            variable: build,
            value: standard
        ),
        FlagCase(configuration: "this is not TOML", variable: build, value: standard),
    ]

    /// Where flags come from, what is added there, and whether the user's own CPU stays.
    @Test(arguments: variableCases + fileCases) func theUsersFlagsStay(_ test: FlagCase) throws {
        let project = try Project()
        if !test.configuration.isEmpty { try project.write(".cargo/config.toml", test.configuration) }
        let command = try command(project, targetCPU: test.targetCPU, environment: test.environment)
        #expect(command.environment[test.variable] == test.value)
        #expect((command.note != nil) == (test.value == nil))
        for other in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", Self.build, Self.own] where other != test.variable {
            #expect(command.environment[other] == nil)
        }
    }

    struct NativeCase: Sendable {
        var environment: [String: String] = [:]
        var targetCPU: String?
        var isDebug = false
        /// Of `CFLAGS` in the two ways to write its target.
        var value: String?
        var dashed: String?
    }

    private static let v2 = "-march=x86-64-v2"
    private static let nativeCases: [NativeCase] = [
        NativeCase(value: v2),
        NativeCase(isDebug: true),
        NativeCase(targetCPU: "haswell", isDebug: true, value: "-march=haswell"),
        NativeCase(environment: ["CFLAGS": "-O3"], value: "-O3 " + v2),
        NativeCase(environment: ["CFLAGS": "-O3", "TARGET_CFLAGS": "-g"], value: "-g " + v2),
        NativeCase(environment: ["CFLAGS": "-march=native"]),
        NativeCase(
            environment: ["CFLAGS": "-march=native"],
            targetCPU: "haswell",
            value: "-march=native -march=haswell"
        ),
        NativeCase(environment: ["CFLAGS_x86_64-unknown-linux-gnu": "-g"], dashed: "-g " + v2),
        NativeCase(environment: ["RUSTFLAGS": "-C target-cpu=znver2"], value: "-march=znver2"),
    ]

    /// C in a crate gets the CPU that Rust gets.
    @Test(arguments: nativeCases) func nativeDependenciesGetTheSameCPU(_ test: NativeCase) throws {
        let command = try command(
            try Project(),
            isDebug: test.isDebug,
            targetCPU: test.targetCPU,
            environment: test.environment
        )
        #expect(command.environment["CFLAGS_x86_64_unknown_linux_gnu"] == test.value)
        #expect(command.environment["CFLAGS_x86_64-unknown-linux-gnu"] == test.dashed)
    }

    struct ProfileCase: Sendable {
        var manifest = ""
        var configuration = ""
        var environment: [String: String] = [:]
        var absent: [String]
    }

    private static let profileCases: [ProfileCase] = [
        ProfileCase(manifest: "[profile.release]\nlto = false\n", absent: ["LTO"]),
        ProfileCase(configuration: "[profile.release]\npanic = \"unwind\"\n", absent: ["PANIC"]),
        ProfileCase(manifest: "[profile.release]\nstrip = true\n", absent: ["DEBUG"]),
        ProfileCase(environment: ["CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "4"], absent: ["CODEGEN_UNITS"]),
        ProfileCase(manifest: "[profile.dev]\nlto = false\n", absent: []),
    ]

    @Test(arguments: profileCases) func theUsersProfileStays(_ test: ProfileCase) throws {
        let project = try Project()
        try project.write("src/Cargo.toml", "[package]\nname = \"f\"\n" + test.manifest)
        try project.write(".cargo/config.toml", test.configuration)
        let command = try command(project, environment: test.environment)
        let expected = Set(Self.release.keys).subtracting(test.absent.map { "CARGO_PROFILE_RELEASE_" + $0 })
        #expect(Set(command.environment.keys.filter { $0.hasPrefix("CARGO_PROFILE_") }) == expected)
    }

    @Test func targetsFollowTheCompilerAndTheUser() throws {
        let project = try Project()
        for triple in ["x86_64-unknown-linux-musl", "x86_64-unknown-linux-gnu", "x86_64-apple-darwin"] {
            try project.write("tools/lib/rustlib/\(triple)/lib/x", "")
        }
        func triple(_ host: String, _ preferred: String?, _ architecture: Architecture = .x86_64) throws -> String {
            try RustToolchain(host: host, sysroot: project.path + "/tools")
                .target(for: architecture, preferred: preferred).triple
        }
        let (gnu, musl) = ("x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl")
        #expect(try triple(gnu, nil) == gnu)
        #expect(try triple(musl, nil) == musl)
        #expect(try triple(gnu, musl) == musl)
        #expect(try triple("aarch64-apple-darwin", nil) == gnu)
        #expect(try triple(gnu, "wasm32-unknown-unknown") == gnu)
        let error = #expect(throws: ApusError.self) { try triple(gnu, nil, .arm64) }
        #expect(error?.code == .buildToolMissing)
        #expect(error?.message.contains("aarch64-unknown-linux-gnu") == true)
        #expect(error?.hint?.contains("rustup target add aarch64-unknown-linux-gnu") == true)
        #expect(error?.hint?.contains("gcc-aarch64-linux-gnu") == true)
    }

    struct LinkingCase: Sendable {
        var triple = "aarch64-unknown-linux-gnu"
        var host = "x86_64-unknown-linux-gnu"
        var namesLinker = false
        var installed: Set<String> = []
        var hasZig = false
        var linking: RustLinking?
    }

    private static let zig = ZigTool(program: "/bin/python3", leading: ["-m", "ziglang"])
    private static let arm = RustTarget(triple: "aarch64-unknown-linux-gnu")
    private static let linkings: [LinkingCase] = [
        LinkingCase(host: "aarch64-unknown-linux-gnu", linking: .own),
        LinkingCase(triple: "x86_64-unknown-linux-musl", linking: .own),
        LinkingCase(namesLinker: true, linking: .own),
        LinkingCase(
            installed: ["aarch64-linux-gnu-gcc"],
            hasZig: true,
            linking: .program("/bin/aarch64-linux-gnu-gcc")
        ),
        LinkingCase(installed: ["cargo-zigbuild"], hasZig: true, linking: .zigbuild),
        LinkingCase(hasZig: true, linking: .zig(ZigLinker(zig: zig, target: arm, runtime: .providedAL2))),
        LinkingCase(triple: "aarch64-unknown-linux-musl", hasZig: true, linking: nil),
        LinkingCase(host: "aarch64-apple-darwin", linking: nil),
    ]

    @Test(arguments: linkings) func linkersAreFound(_ test: LinkingCase) {
        let linking = RustLinking.choose(
            RustTarget(triple: test.triple),
            host: test.host,
            namesLinker: test.namesLinker,
            runtime: .providedAL2,
            zig: test.hasZig ? Self.zig : nil,
            find: { test.installed.contains($0) ? "/bin/" + $0 : nil }
        )
        #expect(linking == test.linking)
    }

    /// rustc takes a linker called so for a C compiler, and zig links against the glibc of Lambda's image.
    @Test func zigLinksByScripts() throws {
        let project = try Project()
        let linker = ZigLinker(zig: Self.zig, target: Self.arm, runtime: .providedAL2023)
        let variables = try RustLinking.zig(linker).variables(Self.arm, scriptsIn: project.path + "/s")
        #expect(variables["CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER"] == project.path + "/s/zig-cc")
        #expect(variables["CC_aarch64_unknown_linux_gnu"] == project.path + "/s/zig-cc")
        #expect(variables["CXX_aarch64_unknown_linux_gnu"] == project.path + "/s/zig-c++")
        #expect(
            try project.read("s/zig-cc")
                == "#!/bin/sh\nexec '/bin/python3' '-m' 'ziglang' 'cc' '-target' 'aarch64-linux-gnu.2.34' \"$@\"\n"
        )
        #expect(try project.mode("s/zig-c++") == 0o755)
        #expect(ZigLinker(zig: Self.zig, target: Self.arm, runtime: .providedAL2).script("cc").contains("gnu.2.26"))
    }

    @Test func binariesAreChosenByNameOrAlone() throws {
        func metadata(_ names: [String]) throws -> CargoMetadata {
            let targets =
                names.map { "{\"name\": \"\($0)\", \"kind\": [\"bin\"]}" } + ["{\"name\": \"l\", \"kind\": [\"lib\"]}"]
            return try CargoMetadata(
                json: "{\"packages\": [{\"name\": \"p\", \"manifest_path\": \"/p/Cargo.toml\", \"targets\": "
                    + "[\(targets.joined(separator: ", "))]}]}"
            )
        }
        let one = CargoMetadata.Binary(package: "p", name: "a")
        #expect(try metadata(["a"]).binary(named: nil, manifestPath: "/p/Cargo.toml") == one)
        #expect(try metadata(["a", "b"]).binary(named: "a", manifestPath: "/p/Cargo.toml") == one)
        for (names, wanted, text) in [
            (["a", "b"], nil, "has several binaries: a, b"), (["a"], "c", "there is no binary 'c'"),
            ([], nil, "has no binary"),
        ] {
            let error = #expect(throws: ApusError.self) {
                try metadata(names).binary(named: wanted, manifestPath: "/p/Cargo.toml")
            }
            #expect(error?.message.contains(text) == true)
        }
        #expect(throws: ApusError.self) { try CargoMetadata(json: "[]") }
    }
}
