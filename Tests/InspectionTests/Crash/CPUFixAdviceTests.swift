import LambdaModel
import Testing

@testable import Inspection

@Suite struct CPUFixAdviceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var language: BuildLanguage
        var build = BuildDriver.unknown
        var missing: CPUFeature
        var architecture = Architecture.x86_64
        var cpu: String
        var actions: [String]

        var testDescription: String { "\(language) \(build) \(missing) \(cpu)" }
    }

    static let arm64 = "Architectures: [arm64] in template.yaml"

    @Test(arguments: [
        Case(
            language: .rust,
            build: .apus,
            missing: .avx2,
            cpu: "rosetta2",
            actions: ["SAM_BUILD_MODE=debug apus build", "apus build --target-cpu x86-64-v2", arm64]
        ),
        Case(
            language: .rust,
            missing: .avx2,
            cpu: "docker-qemu6",
            actions: [
                "cargo lambda build", "RUSTFLAGS='-C target-cpu=x86-64-v2' cargo lambda build --release", arm64,
            ]
        ),
        Case(
            language: .c,
            build: .makefile,
            missing: .avx,
            cpu: "x86-64-v1",
            actions: [
                "SAM_BUILD_MODE=debug apus build", "apus build --target-cpu x86-64",
                "-march=x86-64 in place of -march=native or the like", arm64,
            ]
        ),
        Case(language: .go, missing: .bmi1, cpu: "rosetta2", actions: ["GOAMD64=v2 go build -o bootstrap", arm64]),
        // Lambda's floor lacks it too: no arm64, and the newest level that Lambda has.
        Case(
            language: .rust,
            build: .apus,
            missing: .avx512f,
            cpu: "lambda-x86_64",
            actions: ["SAM_BUILD_MODE=debug apus build", "apus build --target-cpu x86-64-v3"]
        ),
        Case(language: .zig, missing: .avx512f, cpu: "x86-64-v3", actions: ["zig build -Dcpu=x86_64_v3"]),
        Case(
            language: .swift,
            missing: .avx2,
            cpu: "rosetta2",
            actions: ["swift build -c release -Xswiftc -target-cpu -Xswiftc nehalem", arm64]
        ),
        Case(
            language: .assembly,
            build: .makefile,
            missing: .avx2,
            cpu: "rosetta2",
            actions: ["write it with SSE2 instructions", "ask CPUID first, and keep both ways", arm64]
        ),
        Case(
            language: .rust,
            build: .apus,
            missing: .sha3,
            architecture: .arm64,
            cpu: "lambda-arm64",
            actions: ["SAM_BUILD_MODE=debug apus build", "apus build --target-cpu neoverse-n1"]
        ),
        Case(
            language: .cPlusPlus,
            missing: .sve,
            architecture: .arm64,
            cpu: "lambda-arm64",
            actions: ["-mcpu=neoverse-n1 in place of -mcpu=native or the like"]
        ),
        Case(
            language: .go,
            missing: .lse,
            architecture: .arm64,
            cpu: "lambda-arm64",
            actions: ["GOARM64=v8.2 go build -o bootstrap"]
        ),
        Case(
            language: .unknown,
            missing: .avx2,
            cpu: "rosetta2",
            actions: [
                "Rust: -C target-cpu=x86-64-v2", "Go: GOAMD64=v2", "C, C++: -march=x86-64-v2",
                "Swift: -Xswiftc -target-cpu -Xswiftc nehalem", arm64,
            ]
        ),
    ])
    func namesTheWaysOut(_ example: Case) throws {
        let fixes = CPUFixAdvice.fixes(
            language: example.language,
            build: example.build,
            missing: [example.missing],
            architecture: example.architecture,
            cpu: try #require(CPUProfile.named.first { $0.name == example.cpu })
        )
        #expect(fixes.map(\.action) == example.actions)
        #expect(fixes.allSatisfy { !$0.effect.isEmpty })
    }

    /// What is advised has to run on the CPU in question and on Lambda.
    @Test(arguments: CPUProfile.named)
    func targetsRunOnBoth(_ cpu: CPUProfile) {
        let target = BuildTarget.common(to: cpu, architecture: cpu.architecture)
        #expect(cpu.missing(from: target.features).isEmpty)
        #expect(CPUProfile.lambda(cpu.architecture).missing(from: target.features).isEmpty)
    }

    @Test func aCPUOfUnknownFeaturesGetsTheBaseline() {
        var cpu = CPUProfile.lambdaX86
        cpu.features = nil
        #expect(BuildTarget.common(to: cpu, architecture: .x86_64).compilerName == "x86-64")
        cpu = .lambdaARM64
        cpu.features = []
        #expect(BuildTarget.common(to: cpu, architecture: .arm64).compilerName == "generic")
    }

    @Test func alignsTheColumns() {
        let long = String(repeating: "x", count: 80)
        let lines = CPUFix.lines([CPUFix("a", "one"), CPUFix("abc", "two"), CPUFix(long, "three"), CPUFix("b", "")])
        #expect(lines == ["a    one", "abc  two", long + "  three", "b"])
    }
}
