import LambdaModel
import Testing

@testable import Inspection

/// What each program's fate is on Graviton2 and on a Cortex-A72, as qemu shows it by running them.
@Suite(ARM64Program.needsCompiler) struct ARM64AnalysisTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var source: String
        var flags: [String]
        var onLambda: CPUVerdict.Level
        var onCortexA72: CPUVerdict.Level
        var feature: CPUFeature?

        var testDescription: String { name }

        init(
            _ name: String,
            _ source: String,
            _ flags: [String],
            _ onLambda: CPUVerdict.Level,
            _ onCortexA72: CPUVerdict.Level,
            _ feature: CPUFeature? = nil
        ) {
            self.name = name
            self.source = source
            self.flags = flags
            self.onLambda = onLambda
            self.onCortexA72 = onCortexA72
            self.feature = feature
        }
    }

    private static let unguarded: [Case] = [
        Case("outline atomics, the default", ARM64Sources.atomics, [], .none, .none),
        Case("LSE", ARM64Sources.atomics, ["-march=armv8.2-a+lse"], .none, .will, .lse),
        Case("dot product", ARM64Sources.dotProduct, ["-march=armv8.2-a+dotprod"], .none, .will, .dotprod),
        Case("SVE", ARM64Sources.loop, ["-O3", "-march=armv8.2-a+sve"], .will, .will, .sve),
        Case("i8mm", ARM64Sources.matrix, ["-march=armv8.6-a+i8mm"], .will, .will, .i8mm),
        Case("bf16", ARM64Sources.brainFloat, ["-march=armv8.6-a+bf16"], .will, .will, .bf16),
        Case("SHA3", ARM64Sources.eor3, ["-march=armv8.4-a+sha3"], .will, .will, .sha3),
        Case("asks and goes on", ARM64Sources.asksInVain, ["-march=armv8.4-a+sha3"], .will, .will, .sha3),
    ]

    private static let guarded: [Case] = [
        Case("branch on getauxval", ARM64Sources.branch, [], .none, .none),
        Case("pointer set by a constructor", ARM64Sources.pointer, [], .none, .none),
        Case("flag in a variable", ARM64Sources.flag, [], .none, .none),
        Case("ifunc", ARM64Sources.ifunc, [], .none, .none),
        Case("answer of a function", ARM64Sources.answer, [], .none, .none),
    ]

    private static let links: [[String]] = [["-O2"], ["-O2", "-s"], ["-O2", "-static"], ["-O2", "-static", "-s"]]

    @Test(arguments: unguarded, links)
    func unguardedInstructions(_ program: Case, _ link: [String]) async throws {
        try await check(program, link)
    }

    @Test(arguments: guarded, links + [["-Os"], ["-O0"]])
    func guardedInstructions(_ program: Case, _ link: [String]) async throws {
        try await check(program, link)
    }

    private func check(_ program: Case, _ link: [String]) async throws {
        let image = try await ARM64Program.build(program.source, flags: link + program.flags)
        let analysis = try ARM64Analysis.analyse(image)
        let profile = try CPUProfile.profile(named: "qemu:cortex-a72") { .lambdaARM64 }
        let lambda = analysis.verdict(on: .lambdaARM64)
        let cortex = analysis.verdict(on: profile)
        // A static program holds libc's own checks, so that one function with a need may count as `may`.
        let isStatic = link.contains("-static") && analysis.hasOwnCheck
        #expect(lambda.level == program.onLambda || isStatic && lambda.level == .may && program.onLambda == .will)
        #expect(cortex.level == program.onCortexA72 || isStatic && cortex.level == .may && program.onCortexA72 == .will)
        if let feature = program.feature {
            let witness = try #require(cortex.witnesses.first { $0.feature == feature })
            if !link.contains("-s") { #expect(witness.path.last == "main" && witness.path.first == "_start") }
            #expect(!witness.instruction.isEmpty)
        } else {
            #expect(analysis.needs.isEmpty)
            #expect(!analysis.guardedFeatures.isEmpty)
        }
    }

    @Test func exportsOfALibraryAreRoots() async throws {
        let source = "#include <arm_neon.h>\nuint8x16_t mix(uint8x16_t a) { return veor3q_u8(a, a + 1, a + 2); }\n"
        let image = try await ARM64Program.build(
            source,
            flags: ["-O2", "-shared", "-fPIC", "-march=armv8.4-a+sha3", "-s"]
        )
        let verdict = try ARM64Analysis.analyse(image).verdict(on: .lambdaARM64)
        #expect(verdict.level == .will)
        #expect(verdict.witnesses.first?.path == ["mix"])
    }

    @Test(ARM64Program.needsGo, arguments: [[], ["-ldflags=-s -w"], ["-buildmode=pie"]])
    func goChecksItsAtomicsItself(_ flags: [String]) async throws {
        let image = try await ARM64Program.buildGo(ARM64Sources.go, flags: flags)
        let analysis = try ARM64Analysis.analyse(image)
        let profile = try CPUProfile.profile(named: "qemu:cortex-a72") { .lambdaARM64 }
        #expect(analysis.verdict(on: profile).level == .none)
        #expect(analysis.guardedFeatures.contains(.lse))
        #expect(analysis.reachedFunctions > 500)
    }

    @Test func otherArchitecturesAreRefused() throws {
        let image = try ELFImage(path: "/proc/self/exe")
        guard image.architecture == .x86_64 else { return }
        #expect(throws: ARM64Analysis.Failure.notARM64) { try ARM64Analysis.analyse(image) }
    }

    @Test func damagedFilesAreSurvived() async throws {
        let image = try await ARM64Program.build(ARM64Sources.pointer, flags: ["-O2"])
        for seed in 1...500 {
            var damage = Damage(seed: UInt64(seed))
            guard let damaged = try? ELFImage(bytes: damage.damaged(image.bytes)) else { continue }
            if let analysis = try? ARM64Analysis.analyse(damaged) { #expect(analysis.architecture == .arm64) }
        }
    }
}
