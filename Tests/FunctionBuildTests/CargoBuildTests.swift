import Foundation
import FunctionBuild
import LambdaModel
import Testing

/// Builds with the installed cargo; the sources have no dependencies, so no network is needed.
@Suite(Prerequisite.cargo, .serialized) struct CargoBuildTests {
    /// The tests' home is another one than the user's, where rustup keeps its toolchains.
    private func builder(_ project: Project, _ environment: [String: String] = [:]) -> FunctionBuilder {
        let host = ProcessInfo.processInfo.environment
        // Link time optimisation is most of the time of such small builds, and no matter here.
        var variables = ["CARGO_HOME": project.path + "/cargo-home", "CARGO_PROFILE_RELEASE_LTO": "false"]
        variables["RUSTUP_HOME"] = host["RUSTUP_HOME"] ?? (host["HOME"] ?? "/root") + "/.rustup"
        variables["RUSTUP_TOOLCHAIN"] = host["RUSTUP_TOOLCHAIN"]
        return project.builder(environment: variables.merging(environment) { $1 })
    }

    private func write(_ project: Project, _ main: String = "fn main() { println!(\"one\"); }\n") throws {
        try project.write("src/Cargo.toml", "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
        try project.write("src/src/main.rs", main)
    }

    private func run(_ project: Project) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: project.path + "/.aws-sam/build/Hello/bootstrap")
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    @Test func buildsAndKeeps() async throws {
        let project = try Project()
        try write(project)
        var request = project.request(method: BuildMethod(name: "rust-cargolambda"))
        request.architecture = .host
        let builder = builder(project)
        try await project.build(request, builder: builder)
        #expect(try project.list(".aws-sam/build") == ["Hello", "Hello/bootstrap"])
        #expect(try run(project) == "one\n")
        #expect(try project.list("src") == ["Cargo.lock", "Cargo.toml", "src", "src/main.rs"])
        #expect(try project.leftovers() == [])
        #expect(try await project.build(request, builder: builder).isCached)
        try write(project, "fn main() { println!(\"two\"); }\n")
        #expect(try await !project.build(request, builder: builder).isCached)
        #expect(try run(project) == "two\n")
        // Mode and CPU are part of what was built.
        let debug = self.builder(project, ["SAM_BUILD_MODE": "debug"])
        #expect(try await !project.build(request, builder: debug).isCached)
        #expect(try await project.build(request, builder: debug).isCached)
    }

    struct Flags: Sendable {
        var environment: [String: String] = [:]
        var configuration = ""
        var targetCPU: String?
        var output: String
    }

    private static let flags: [Flags] = [
        Flags(output: "release sse4.2"),
        Flags(targetCPU: "haswell", output: "release avx2"),
        Flags(environment: ["SAM_BUILD_MODE": "debug"], output: "debug"),
        Flags(environment: ["SAM_BUILD_MODE": "debug"], targetCPU: "haswell", output: "debug avx2"),
        Flags(environment: ["RUSTFLAGS": "--cfg own"], output: "release sse4.2 own"),
        Flags(environment: ["RUSTFLAGS": "--cfg own -C target-cpu=haswell"], output: "release avx2 own"),
        Flags(
            environment: ["CARGO_ENCODED_RUSTFLAGS": "--cfg\u{1F}own"],
            targetCPU: "haswell",
            output: "release avx2 own"
        ),
        Flags(configuration: "[build]\nrustflags = [\"--cfg\", \"own\"]\n", output: "release sse4.2 own"),
        Flags(configuration: "[build]\nrustflags = \"--cfg own\"\n", output: "release sse4.2 own"),
        Flags(
            configuration: "[target.x86_64-unknown-linux-gnu]\nrustflags = [\"--cfg\", \"own\"]\n",
            output: "release sse4.2 own"
        ),
        Flags(
            configuration: "[target.'cfg(unix)']\nrustflags = \"--cfg own -C target-cpu=x86-64-v2\"\n",
            targetCPU: "haswell",
            output: "release avx2 own"
        ),
    ]

    /// Says the features that the compiler was allowed to use, where each place of flags is in use.
    @Test(Prerequisite.avx2, arguments: flags) func flagsReachTheCompiler(_ test: Flags) async throws {
        let project = try Project()
        try write(
            project,
            """
            #![allow(unexpected_cfgs)]
            fn main() {
                print!("{}", if cfg!(debug_assertions) { "debug" } else { "release" });
                if cfg!(target_feature = "avx2") { print!(" avx2") }
                else if cfg!(target_feature = "sse4.2") { print!(" sse4.2") }
                if cfg!(own) { print!(" own") }
            }
            """
        )
        if !test.configuration.isEmpty { try project.write(".cargo/config.toml", test.configuration) }
        var request = project.request(method: .rust)
        request.targetCPU = test.targetCPU
        let result = try await project.build(request, builder: builder(project, test.environment))
        #expect(!result.isCached)
        #expect(try run(project) == test.output)
    }

    /// What a build script compiles is for the same CPU (cargo-lambda issue 934: it was not).
    @Test(Prerequisite.cc) func nativeCodeIsForTheSameCPU() async throws {
        let project = try Project()
        try write(
            project,
            "extern \"C\" { fn level() -> i32; }\nfn main() { print!(\"{}\", unsafe { level() }); }\n"
        )
        try project.write(
            "src/level.c",
            "int level(void) {\n#if defined(__AVX2__)\nreturn 3;\n#elif defined(__SSE4_2__)\nreturn 2;\n#else\nreturn 1;\n"
                + "#endif\n}\n"
        )
        // As the crate `cc` does: the variable with the target's name decides.
        try project.write(
            "src/build.rs",
            """
            use std::{env, process::Command};
            fn main() {
                let flags = env::var(format!("CFLAGS_{}", env::var("TARGET").unwrap().replace('-', "_"))).unwrap_or_default();
                let out = env::var("OUT_DIR").unwrap();
                let object = format!("{out}/level.o");
                let built = Command::new("cc").args(flags.split_whitespace()).args(["-c", "level.c", "-o", &object]).status();
                assert!(built.unwrap().success());
                assert!(Command::new("ar").args(["rcs", &format!("{out}/liblevel.a"), &object]).status().unwrap().success());
                println!("cargo:rustc-link-search=native={out}\\ncargo:rustc-link-lib=static=level");
            }
            """
        )
        var request = project.request(method: .rust)
        for (mode, cpu, level) in [("release", nil, "2"), ("release", "x86-64-v3", "3"), ("debug", nil, "1")] {
            request.targetCPU = cpu
            try await project.build(request, builder: builder(project, ["SAM_BUILD_MODE": mode]))
            #expect(try run(project) == level, "\(mode) \(cpu ?? "")")
        }
    }

    /// A member of a workspace needs what lies above and beside it, and is built again when that changes.
    @Test func workspaceMembers() async throws {
        let project = try Project()
        try project.write("Cargo.toml", "[workspace]\nmembers = [\"a\", \"lib\"]\nresolver = \"2\"\n")
        try project.write(
            "a/Cargo.toml",
            "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"
                + "[dependencies]\nlib = { path = \"../lib\" }\n"
        )
        try project.write("a/src/bin/one.rs", "fn main() { println!(\"one {}\", lib::VALUE); }\n")
        try project.write("a/src/bin/two.rs", "fn main() { println!(\"two {}\", lib::VALUE); }\n")
        try project.write("lib/Cargo.toml", "[package]\nname = \"lib\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
        try project.write("lib/src/lib.rs", "pub const VALUE: u32 = 1;\n")
        let builder = builder(project, ["SAM_BUILD_MODE": "debug"])
        var request = project.request(code: "a", method: .rust)
        request.architecture = .host
        let failure = try await project.failure(request, builder: builder)
        #expect(failure.error.message.contains("has several binaries: one, two"))
        #expect(failure.error.hint?.contains("BuildProperties: {Binary: one}") == true)
        request.binary = "two"
        try await project.build(request, builder: builder)
        #expect(try run(project) == "two 1\n")
        #expect(try await project.build(request, builder: builder).isCached)
        try project.write("lib/src/lib.rs", "pub const VALUE: u32 = 2;\n")
        try await project.build(request, builder: builder)
        #expect(try run(project) == "two 2\n")
    }

    @Test func compilerErrorsAreShown() async throws {
        let project = try Project()
        try write(project, "fn main() { let x: u32 = \"text\"; }\n")
        var request = project.request(method: .rust)
        request.architecture = .host
        let failure = try await project.failure(request, builder: builder(project, ["SAM_BUILD_MODE": "debug"]))
        #expect(failure.error.code == .buildToolFailed)
        #expect(failure.error.message == "cargo build failed with exit status 101")
        #expect(failure.tool == "cargo")
        #expect(failure.output.contains("error[E0308]: mismatched types"))
        #expect(project.lines().contains { $0.contains("src/main.rs:1") })
        try project.write("src/Cargo.toml", "[package\n")
        let broken = try await project.failure(request, builder: builder(project))
        #expect(broken.error.message == "cargo metadata failed with exit status 101")
        #expect(broken.output.contains("Cargo.toml"))
    }

    /// Under Ctrl-C the task is cancelled: cargo, and what runs below it, must end.
    @Test(.timeLimit(.minutes(1))) func cancellationEndsCargo() async throws {
        let project = try Project()
        try write(project)
        try project.write(
            "src/build.rs",
            "fn main() { std::fs::write(\"\(project.path)/pid\", std::process::id().to_string()).unwrap();\n"
                + "std::thread::sleep(std::time::Duration::from_secs(1000)); }\n"
        )
        var request = project.request(method: .rust)
        request.architecture = .host
        let builder = builder(project, ["SAM_BUILD_MODE": "debug"])
        let task = Task { [request] in try await builder.build([request]) { _ in } }
        while !project.exists("pid") { try await Task.sleep(for: .milliseconds(20)) }
        let identifier = try #require(pid_t(project.read("pid")))
        task.cancel()
        let error = await #expect(throws: BuildFailure.self) { try await task.value }
        #expect(error?.error.code == .buildCancelled)
        #expect(Processes.ends(identifier))
        #expect(try project.leftovers() == [])
    }
}

/// What is refused before cargo is asked.
@Suite struct CargoRefusalTests {
    @Test func missingCargo() async throws {
        let project = try Project()
        try project.write("src/Cargo.toml", "[package]\nname = \"x\"\n")
        let builder = project.builder(environment: ["PATH": project.path])
        let failure = try await project.failure(project.request(method: .rust), builder: builder)
        #expect(failure.error.code == .buildToolMissing)
        #expect(failure.error.message.contains("'cargo' is not installed"))
        #expect(failure.error.hint?.contains("rustup.rs") == true)
    }

    @Test func missingManifestLayersAndNames() async throws {
        let project = try Project()
        try project.write("src/main.rs", "")
        let missing = try await project.failure(project.request(method: .rust))
        #expect(missing.error.message == "no Cargo.toml at '\(project.path)/src/Cargo.toml'")
        var request = project.request(method: .rust)
        request.kind = .layer
        #expect(try await project.failure(request).error.message.contains("is a layer"))
        request.kind = .function
        try project.write("src/Cargo.toml", "")
        for name in ["", "-v2", "a b", "a\u{1F}b"] {
            request.targetCPU = name
            #expect(try await project.failure(request).error.message.contains("--target-cpu takes"))
        }
        request.code = .zip(path: "src/main.rs")
        #expect(try await project.failure(request).error.message.contains("rust-cargolambda needs a directory"))
    }

    @Test(arguments: ["rust-cargolambda", "Rust-CargoLambda", "rust", "cargo-lambda"])
    func namesOfTheMethod(name: String) {
        #expect(BuildMethod(name: name) == .rust)
    }
}
