import Testing

/// The story of the project: a build for haswell, a CPU without AVX, the diagnosis and its three fixes.
@Suite(.serialized, Prerequisite.program("cargo"), Prerequisite.program("qemu-x86_64"), Prerequisite.x86Machine)
struct RustChecksumTests {
    private static let answer = "{\"bytes\": 82, \"checksum\": \"00049ce4\"}\n"

    private func withExample(_ body: (Fixture) async throws -> Void) async throws {
        try await Fixture.with { fixture in
            try fixture.copyFromRepository("Examples/rust-checksum")
            try await body(fixture)
        }
    }

    private func build(
        _ fixture: Fixture,
        _ arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws {
        // cargo and rustc of rustup look for their toolchain in the home directory.
        let toolchain = Paths.rustHome
        let outcome = try await fixture.apus(
            ["build"] + arguments,
            environment: toolchain.merging(environment) { $1 },
            timeLimit: .seconds(300)
        )
        #expect(outcome.status == .exited(0), "\(outcome)")
    }

    @Test func aBuildForHaswellDiesWithoutAVXAndRunsOnLambdasCPU() async throws {
        try await withExample { fixture in
            try await build(fixture, ["--target-cpu", "haswell"])
            let outcome = try await fixture.apus([
                "invoke", "--cpu", "rosetta2", "-e", "events/event.json", "--report", "report.json",
            ])
            #expect(outcome.status == .exited(1), "\(outcome)")
            let error = try ErrorObject(outcome)
            #expect(error.errorType == "Runtime.ExitError")
            #expect(error.errorMessage.hasSuffix("Error: Runtime exited with error: signal: illegal instruction"))

            let diagnosis = outcome.standardError
            #expect(diagnosis.contains("died of an illegal instruction"), "\(outcome)")
            let place = try #require(
                diagnosis.split(separator: "\n").first { $0.contains("checksum::checksum") },
                "\(outcome)"
            )
            #expect(place.contains("src/checksum.rs:"), "\(outcome)")
            #expect(diagnosis.contains(" ymm") && diagnosis.contains("needs AVX"), "\(outcome)")
            #expect(diagnosis.contains("rosetta2") && diagnosis.contains("has no AVX"), "\(outcome)")
            for fix in ["SAM_BUILD_MODE=debug apus build", "--target-cpu x86-64-v2", "Architectures: [arm64]"] {
                #expect(diagnosis.contains(fix), "\(outcome)")
            }
            let report = try fixture.read("report.json")
            #expect(report.contains(#""cause":"cpu-feature-missing""#), "\(report)")
            #expect(report.contains(#""feature":"avx"#), "\(report)")
            #expect(fixture.processes() == [])
            #expect(try fixture.temporaryFiles() == [])

            let there = try await fixture.apus(["invoke", "--cpu", "lambda-x86_64", "-e", "events/event.json"])
            #expect(there.text == Self.answer, "\(there)")
            #expect(there.status == .exited(0), "\(there)")
        }
    }

    @Test func theDebugBuildRunsEverywhere() async throws {
        try await withExample { fixture in
            try await build(fixture, environment: ["SAM_BUILD_MODE": "debug"])
            let outcome = try await fixture.apus(["invoke", "--cpu", "rosetta2", "-e", "events/event.json"])
            #expect(outcome.text == Self.answer, "\(outcome)")
        }
    }

    @Test func theReleaseBuildRunsThere() async throws {
        try await withExample { fixture in
            try await build(fixture)
            let outcome = try await fixture.apus(["invoke", "--cpu", "rosetta2", "-e", "events/event.json"])
            #expect(outcome.text == Self.answer, "\(outcome)")
        }
    }

    @Test(Prerequisite.rustTarget("aarch64-unknown-linux-gnu"), Prerequisite.program("aarch64-linux-gnu-gcc"))
    func theARM64BuildNeedsNoCPU() async throws {
        try await withExample { fixture in
            let template = try fixture.read("template.yaml").replacing("x86_64", with: "arm64")
            try fixture.write("template.yaml", template)
            try await build(fixture)
            let outcome = try await fixture.apus(["invoke", "-e", "events/event.json"])
            #expect(outcome.text == Self.answer, "\(outcome)")
        }
    }
}
