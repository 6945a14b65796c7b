import LambdaModel
import Testing

@testable import Inspection

/// What each program's fate is on a CPU without AVX2, as qemu shows it by running them with `-cpu Nehalem`.
@Suite(X86Program.needsTools) struct X86AnalysisTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var source: String

        init(_ name: String, _ source: String) {
            testDescription = name
            self.source = source
        }
    }

    private static let guarded: [Case] = [
        Case("the compiler's builtin", X86Sources.builtin),
        Case("a pointer set by a constructor", X86Sources.constructor),
        Case("a cached flag", X86Sources.cachedFlag),
        Case("a level and a switch", X86Sources.level),
        Case("a table by level", X86Sources.table),
        Case("an accessor of a structure", X86Sources.accessor),
        Case("a structure on the stack", X86Sources.localStructure),
        Case("a set of flags, passed on", X86Sources.flagSet),
        Case("XGETBV", X86Sources.xgetbv),
        Case("an ifunc", X86Sources.resolver),
    ]

    private static let unguarded: [Case] = [
        Case("a plain call", X86Sources.unguarded),
        Case("a table of pointers", X86Sources.pointerTable),
        Case("asks and prints", X86Sources.asksAndPrints),
        Case("asks and exits", X86Sources.asksAndExits),
        Case("asks and returns 1", X86Sources.asksAndReturns),
    ]

    private static let builds: [[String]] = [
        ["-O0"], ["-O2"], ["-O2", "-s"], ["-O2", "-no-pie"], ["-O2", "-static", "-s"],
    ]

    private static let old = CPUProfile(
        name: "old",
        architecture: .x86_64,
        features: [.sse3, .ssse3, .sse41, .sse42, .popcnt, .cx16, .lahf],
        emulatorModel: "Nehalem",
        summary: "a CPU of 2008"
    )

    @Test(arguments: guarded, builds)
    func checksAreUnderstood(_ program: Case, _ build: [String]) async throws {
        for compiler in X86Program.Compiler.allCases where compiler == .gcc || !build.contains("-static") {
            guard let image = try await X86Program.build(program.source, compiler, flags: build) else { continue }
            let analysis = try X86Analysis.analyse(image)
            #expect(analysis.verdict(on: Self.old).level == .none, "\(compiler)")
            #expect(analysis.guardedFeatures.contains(.avx2), "\(compiler)")
            #expect(analysis.verdict(on: .lambdaX86).level == .none, "\(compiler)")
        }
    }

    @Test(arguments: unguarded, builds)
    func codeWithoutACheckIsFound(_ program: Case, _ build: [String]) async throws {
        for compiler in X86Program.Compiler.allCases where compiler == .gcc || !build.contains("-static") {
            guard let image = try await X86Program.build(program.source, compiler, flags: build) else { continue }
            let verdict = try X86Analysis.analyse(image).verdict(on: Self.old)
            #expect(verdict.level == .will, "\(compiler)")
            #expect(verdict.missing.contains(.avx2))
            let witness = try #require(verdict.witnesses.first { $0.feature == .avx2 })
            #expect(!witness.instruction.isEmpty)
            if !build.contains("-s") { #expect(witness.path.last == "fast" && witness.path.contains("main")) }
        }
    }

    @Test(arguments: ["-march=haswell", "-march=x86-64-v3"], builds)
    func aWholeBuildIsFoundThoughItAsksTheCPU(_ march: String, _ build: [String]) async throws {
        let source = X86Sources.builtin.replacing("slow(a, 800)", with: "slow(a, 800)*2.5f")
        let image = try #require(try await X86Program.build(source, .gcc, flags: build + [march, "-O3"]))
        let level = try X86Analysis.analyse(image).verdict(on: Self.old).level
        // One function of ours among the hundreds of the C library, in a program that has checks, is a doubt.
        #expect(build.contains("-static") ? level > .none : level == .will)
    }

    @Test func answersOnTheHeapAreABlindSpot() async throws {
        let image = try #require(try await X86Program.build(X86Sources.heapFlag, .gcc, flags: ["-O2"]))
        let analysis = try X86Analysis.analyse(image)
        #expect(analysis.blindSpots.contains(CPUAnalysis.answersOnHeap))
        #expect(analysis.verdict(on: Self.old).level == .may)
    }

    @Test func systemCallsOf32BitProgramsAreFound() async throws {
        let image = try #require(try await X86Program.build(X86Sources.int80, .gcc, flags: ["-O2"]))
        let witness = try #require(try X86Analysis.analyse(image).int80)
        #expect(witness.path == ["_start", "main"])
        #expect(witness.instruction == "int 0x80")
    }

    @Test func exportsOfALibraryAreRoots() async throws {
        let source = "float scale(float x, float y) { return x * y; }\n"
        let flags = ["-O2", "-shared", "-fPIC", "-mavx", "-s"]
        let image = try #require(try await X86Program.build(source, .gcc, flags: flags))
        let verdict = try X86Analysis.analyse(image).verdict(on: Self.old)
        #expect(verdict.level == .will)
        #expect(verdict.witnesses.first?.path == ["scale"])
    }

    @Test(X86Program.needsRust, arguments: [["-O"], [], ["-O", "-C", "panic=abort", "-C", "strip=symbols"]])
    func checksOfRustAreUnderstood(_ flags: [String]) async throws {
        let analysis = try X86Analysis.analyse(try await X86Program.buildRust(X86Sources.rust, flags: flags))
        #expect(analysis.verdict(on: Self.old).level == .none)
        // Without optimisation the loop itself lies in a function of the library.
        if flags == ["-O"] { #expect(analysis.guardedFeatures.contains(.avx2)) }
    }

    @Test func damagedFilesAreSurvived() async throws {
        let image = try #require(try await X86Program.build(X86Sources.flagSet, .gcc, flags: ["-O2"]))
        for seed in 1...1000 {
            var damage = Damage(seed: UInt64(seed))
            guard let damaged = try? ELFImage(bytes: damage.damaged(image.bytes)) else { continue }
            #expect(try X86Analysis.analyse(damaged).architecture == .x86_64)
        }
    }
}
