import LambdaModel
import Testing

@testable import Inspection

/// Programs that really crash, and what the whole diagnosis says of them.
@Suite(.serialized) struct RealCrashTests {
    // MARK: The CPU's fault

    @Test(CrashTools.needs("rustc", "gdb", "qemu-x86_64", "llvm-symbolizer"))
    func rustReleaseForHaswellOnAnOldCPU() async throws {
        let crashed = try await CrashedProgram(
            source: """
                static DATA: [u32; 1000] = [7; 1000];

                #[inline(never)]
                fn checksum(data: &[u32]) -> u32 {
                    let mut total = 0u32;
                    for value in data {
                        total = total.wrapping_add(value.wrapping_mul(31));
                    }
                    total
                }

                fn main() {
                    std::process::exit(checksum(std::hint::black_box(&DATA)) as i32);
                }
                """,
            named: "main.rs",
            build: [
                "rustc", "-O", "-C", "target-cpu=haswell", "-C", "debuginfo=line-tables-only", "-C",
                "target-feature=+crt-static", "-C", "relocation-model=static", "-o", "bootstrap", "main.rs",
            ]
        )
        var facts = try await crashed.crash(emulator: "qemu-x86_64", model: "Nehalem")
        facts.phase = .initialization
        var context = try CrashCase.context(crashed, cpu: "rosetta2")
        context.build = .apus
        context.analyse = { _ in
            CPUAnalysis(
                architecture: .x86_64,
                needs: [CPUNeed(features: [.avx, .avx2], functionCount: 12, witnesses: [])]
            )
        }
        let diagnosis = await CrashDiagnosis.diagnose(facts, context: context)
        let lines = diagnosis.explanation.lines
        #expect(lines.first == "error: the function died of an illegal instruction during init")
        let place = try #require(lines.dropFirst().first)
        #expect(place.contains("ymm") || place.contains("xmm"), "\(lines)")
        #expect(place.contains("needs AVX"), "\(lines)")
        #expect(place.contains("main::checksum+0x"), "\(lines)")
        #expect(["main.rs:5", "main.rs:6", "main.rs:7"].contains { place.hasSuffix($0) }, "\(lines)")
        #expect(
            lines.contains { $0.hasPrefix("  this CPU (rosetta2) has no AVX") && $0.hasSuffix("; lambda-x86_64 has") }
        )
        #expect(lines.contains { $0.hasSuffix("without a CPU check, so the build itself targets haswell") }, "\(lines)")
        #expect(
            lines.suffix(4) == [
                "fix one of:",
                "  SAM_BUILD_MODE=debug apus build          unoptimised, for local runs only",
                "  apus build --target-cpu x86-64-v2        optimised, runs on both",
                "  Architectures: [arm64] in template.yaml  native on Apple silicon, Graviton in the cloud",
            ]
        )
    }

    @Test(CrashTools.needs("go", "qemu-x86_64", "llvm-symbolizer"), arguments: ["", "-s -w"])
    func goReportsAnIllegalInstructionItself(linkerFlags: String) async throws {
        let crashed = try await CrashedProgram(
            source: """
                package main

                func broadcast()

                //go:noinline
                func work(n int) {
                \tif n > 0 {
                \t\twork(n - 1)
                \t\treturn
                \t}
                \tbroadcast()
                }

                func main() { work(2) }
                """,
            named: "main.go",
            also: [
                "broadcast_amd64.s": "TEXT \u{B7}broadcast(SB), $0\n\tVPBROADCASTD X0, Y0\n\tRET\n",
                "go.mod": "module example\n\ngo 1.19\n",
            ],
            build: ["go", "build", "-ldflags", linkerFlags, "-o", "bootstrap", "."]
        )
        let outcome = try await CrashTools.run(
            ["qemu-x86_64", "-cpu", "Nehalem", crashed.program],
            in: crashed.directory
        )
        #expect(!outcome.isSuccess)
        crashed.outputTail = outcome.error
        let found = await CrashDiagnosis.diagnoseGoReport(
            executable: crashed.program,
            architecture: .x86_64,
            emulatedModel: "Nehalem",
            context: try CrashCase.context(crashed, cpu: "rosetta2")
        )
        let diagnosis = try #require(found)
        let lines = diagnosis.explanation.lines
        #expect(diagnosis.cause == .featureMissing(.avx2))
        #expect(lines.contains { $0.contains("vpbroadcastd ymm0, xmm0   needs AVX2      main.broadcast") }, "\(lines)")
        #expect(lines.contains { $0.contains("broadcast_amd64.s:2") }, "\(lines)")
        #expect(lines.contains { $0.contains("GOAMD64=v2 go build") }, "\(lines)")
    }

    // MARK: Not the CPU's fault

    static let swift = ["swiftc", "-O", "-g", "-o", "bootstrap", "main.swift"]
    static let rust = ["rustc", "-O", "-g", "-o", "bootstrap", "main.rs"]

    @Test(
        CrashTools.needs("gdb", "swiftc", "llvm-symbolizer"),
        arguments: [
            CrashCase(
                name: "fatalError",
                file: "main.swift",
                source: """
                    @inline(never) func handle(_ count: Int) -> Int {
                        if count > 0 { fatalError("no such event") }
                        return count
                    }
                    print(handle(CommandLine.arguments.count))
                    """,
                build: swift,
                signal: 4,
                cause: "program-trap",
                expected: ["Fatal error: no such event", "main.swift:2", "stopped itself", "not to blame"]
            ),
            CrashCase(
                name: "fatalError with the standard library linked in",
                file: "main.swift",
                source: """
                    @inline(never) func handle(_ count: Int) -> Int {
                        precondition(count > 1, "too few")
                        return count
                    }
                    print(handle(CommandLine.arguments.count))
                    """,
                build: ["swiftc", "-Onone", "-g", "-static-stdlib", "-o", "bootstrap", "main.swift"],
                signal: 4,
                cause: "program-trap",
                expected: ["Precondition failed: too few", "main.swift:2", "handle(_:)"]
            ),
            CrashCase(
                name: "overflow",
                file: "main.swift",
                source: """
                    @inline(never) func next(_ count: Int) -> Int {
                        count + Int.max
                    }
                    print(next(CommandLine.arguments.count))
                    """,
                build: swift,
                signal: 4,
                cause: "program-trap",
                expected: ["ud2", "a check of Swift failed: arithmetic overflow", "next(_:)+0x", "main.swift:2"]
            ),
        ]
    )
    func swiftTraps(_ example: CrashCase) async throws { try await example.check() }

    @Test(
        CrashTools.needs("gdb", "rustc", "llvm-symbolizer"),
        arguments: [
            CrashCase(
                name: "abort",
                file: "main.rs",
                source: """
                    #[inline(never)]
                    fn give_up(count: usize) {
                        if count > 0 {
                            std::process::abort()
                        }
                    }
                    fn main() { give_up(std::env::args().count()) }
                    """,
                build: rust,
                signal: 6,
                cause: "abort",
                expected: ["give_up", "main.rs:4", "abort()"]
            ),
            CrashCase(
                name: "panic=abort",
                file: "main.rs",
                source: """
                    #[inline(never)]
                    fn pick(list: &[u32], index: usize) -> u32 {
                        list[index]
                    }
                    fn main() { println!("{}", pick(&[1, 2, 3], std::env::args().count() + 5)) }
                    """,
                build: ["rustc", "-O", "-g", "-C", "panic=abort", "-o", "bootstrap", "main.rs"],
                signal: 6,
                cause: "abort",
                expected: ["index out of bounds", "pick", "main.rs:3", "a Rust panic"]
            ),
            CrashCase(
                name: "endless recursion",
                file: "main.rs",
                source: """
                    #[inline(never)]
                    fn deeper(count: u64) -> u64 {
                        std::hint::black_box(count) + deeper(count + 1) * 3
                    }
                    fn main() { println!("{}", deeper(1)) }
                    """,
                build: rust,
                signal: 11,
                cause: "stack-overflow",
                expected: ["deeper", "main.rs:", "the stack is used up", "calls itself without an end"]
            ),
        ]
    )
    func rustEnds(_ example: CrashCase) async throws { try await example.check() }
}
