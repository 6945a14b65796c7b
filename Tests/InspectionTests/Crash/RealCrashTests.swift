import LambdaModel
import Testing

@testable import Inspection

/// Programs that really crash, and what the whole diagnosis says of them.
@Suite(.serialized) struct RealCrashTests {
    static func context(_ crashed: CrashedProgram, cpu: String = "lambda-x86_64") throws -> CrashContext {
        var context = CrashContext(cpu: try #require(CPUProfile.named.first { $0.name == cpu }))
        context.outputTail = crashed.outputTail
        context.sourceDirectories = [crashed.directory]
        context.toolPath = CrashTools.searchPath
        return context
    }

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
        let facts = try await crashed.crash(emulator: "qemu-x86_64", model: "Nehalem")
        var context = try Self.context(crashed, cpu: "rosetta2")
        context.phase = .initialization
        context.build = .rust
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
            context: try Self.context(crashed, cpu: "rosetta2")
        )
        let diagnosis = try #require(found)
        let lines = diagnosis.explanation.lines
        #expect(diagnosis.cause == .featureMissing(.avx2))
        #expect(lines.contains { $0.contains("vpbroadcastd ymm0, xmm0   needs AVX2      main.broadcast") }, "\(lines)")
        #expect(lines.contains { $0.contains("broadcast_amd64.s:2") }, "\(lines)")
        #expect(lines.contains { $0.contains("GOAMD64=v2 go build") }, "\(lines)")
    }

    // MARK: Not the CPU's fault

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var file: String
        var source: String
        var build: [String]
        var signal: Int32
        var cause: String
        /// Each must occur in the lines.
        var expected: [String]

        var testDescription: String { name }
    }

    static let swift = ["swiftc", "-O", "-g", "-o", "bootstrap", "main.swift"]
    static let rust = ["rustc", "-O", "-g", "-o", "bootstrap", "main.rs"]
    static let c = ["gcc", "-O1", "-g", "-w", "-o", "bootstrap", "main.c"]

    @Test(
        CrashTools.needs("gdb", "swiftc", "llvm-symbolizer"),
        arguments: [
            Case(
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
            Case(
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
            Case(
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
    func swiftTraps(_ example: Case) async throws { try await check(example) }

    @Test(
        CrashTools.needs("gdb", "rustc", "llvm-symbolizer"),
        arguments: [
            Case(
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
            Case(
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
            Case(
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
    func rustEnds(_ example: Case) async throws { try await check(example) }

    @Test(
        CrashTools.needs("gdb", "gcc", "llvm-symbolizer"),
        arguments: [
            c(
                "null pointer",
                "struct s { int a, b; }; int main(int c, char **v) { struct s *p = c > 9 ? (void *)v : 0;\nreturn p->b; }",
                11,
                "null-dereference",
                ["address 0x4: a null pointer", "main.c:2", "main+0x"]
            ),
            c(
                "null function",
                "int (*volatile f)(void);\nint main(void) { int x = f();\nreturn x + 1; }",
                11,
                "null-call",
                ["function pointer that is null", "called from main+0x", "main.c:2"]
            ),
            c(
                "wild pointer",
                "int main(void) { volatile int *volatile p = (void *)0x123456789000;\nreturn *p; }",
                11,
                "unmapped-memory",
                ["0x123456789000", "main.c:2"]
            ),
            c(
                "not canonical",
                "int main(void) { volatile int *volatile p = (void *)0x4141414141414141;\nreturn *p; }",
                11,
                "invalid-pointer",
                ["no address at all", "main.c:2"]
            ),
            c(
                "read-only",
                "static const int x = 1;\nint main(void) { *(volatile int *)&x = 2; return 0; }",
                11,
                "protected-memory",
                ["must not be used so", "main.c:2"]
            ),
            c(
                "data as code",
                "int x = 1;\nint main(void) { ((void (*)(void))&x)(); return 0; }",
                11,
                "execution-of-data",
                ["holds no code", "main.c:2"]
            ),
            c(
                "stack",
                "int f(volatile char *p) { volatile char big[9000000]; big[0] = *p; return big[0]; }\nint main(void) { char c = 0; return f(&c); }",
                11,
                "stack-overflow",
                ["the stack is used up"]
            ),
            c(
                "misaligned",
                "int main(void) { char b[64];\n__asm__ volatile(\"movaps %%xmm0, 1(%0)\" :: \"r\"((long)b & -16) : \"memory\"); return b[3]; }",
                11,
                "misaligned-access",
                ["movaps", "needs an aligned address"]
            ),
            c(
                "halt",
                "int main(void) {\n__asm__ volatile(\"hlt\"); return 0; }",
                11,
                "program-trap",
                ["hlt", "stopped itself", "main.c:2"]
            ),
            c(
                "privileged",
                "int main(void) {\n__asm__ volatile(\"outb %al, %dx\"); return 0; }",
                11,
                "privileged-instruction",
                ["only the kernel", "main.c:2"]
            ),
            c("trap", "int main(void) {\n__builtin_trap(); }", 4, "program-trap", ["ud2", "not to blame", "main.c:2"]),
            c(
                "invalid opcode",
                "int main(void) {\n__asm__ volatile(\".byte 0x06\"); return 0; }",
                4,
                "invalid-instruction",
                ["no instruction", "main.c:2"]
            ),
            c(
                "breakpoint",
                "int main(void) {\n__asm__ volatile(\"int3\"); return 0; }",
                5,
                "program-trap",
                ["stopped itself", "main.c:2"]
            ),
            c(
                "division",
                "int main(int c, char **v) { volatile int zero = 0;\nreturn c / zero; }",
                8,
                "division",
                ["divided an integer by zero", "idiv", "main.c:2"]
            ),
            c(
                "abort",
                "#include <stdlib.h>\n__attribute__((noinline)) void stop(void) {\nabort(); }\nint main(void) { stop(); return 0; }",
                6,
                "abort",
                ["called abort()", "stop", "main.c:3"]
            ),
            c(
                "assert",
                "#include <assert.h>\nint main(int c, char **v) {\nassert(c > 7); return 0; }",
                6,
                "abort",
                ["an assertion failed", "Assertion `c > 7' failed", "main.c:3"]
            ),
            c(
                "double free",
                "#include <stdlib.h>\nint main(void) { void *volatile p = malloc(9); free(p);\nfree(p); return 0; }",
                6,
                "abort",
                ["found its heap damaged", "it said: free(): double free", "-fsanitize=address", "main.c:3"]
            ),
            c(
                "raised",
                "#include <signal.h>\nint main(void) {\nraise(SIGILL); return 0; }",
                4,
                "sent-by-program",
                ["sent by a program", "main.c:3"]
            ),
        ]
    )
    func cProgramsDie(_ example: Case) async throws { try await check(example) }

    static func c(_ name: String, _ source: String, _ signal: Int32, _ cause: String, _ expected: [String]) -> Case {
        Case(name: name, file: "main.c", source: source, build: c, signal: signal, cause: cause, expected: expected)
    }

    /// What is left where a machine has fewer tools.
    @Test(
        CrashTools.needs("gdb", "gcc", "addr2line"),
        arguments: [
            (["addr2line"], "  called from stop+0x", "main.c:3"),
            ([], "  called from stop+0x", "for source lines install llvm (llvm-symbolizer) or binutils (addr2line)"),
        ]
    )
    func goesWithFewerTools(tools: [String], place: String, expected: String) async throws {
        let source = """
            #include <string.h>
            __attribute__((noinline)) void stop(char *to) {
            memset(to, 0, strlen(to - 1)); }
            int main(void) { stop((char *)0x1000); return 0; }
            """
        let crashed = try await CrashedProgram(source: source, named: "main.c", build: Self.c)
        let facts = try await crashed.crash()
        var context = try Self.context(crashed)
        for tool in tools {
            let path = try #require(CrashTools.path(tool))
            try await CrashTools.run(["ln", "-s", path, tool], in: crashed.directory)
        }
        context.toolPath = crashed.directory
        let lines = await CrashDiagnosis.diagnose(facts, context: context).explanation.lines
        #expect(lines.contains { $0.hasPrefix(place) }, "\(lines)")
        #expect(lines.joined(separator: "\n").contains(expected), "\(lines)")
    }

    private func check(_ example: Case) async throws {
        let crashed = try await CrashedProgram(source: example.source, named: example.file, build: example.build)
        let facts = try await crashed.crash()
        let diagnosis = await CrashDiagnosis.diagnose(facts, context: try Self.context(crashed))
        let text = diagnosis.explanation.lines.joined(separator: "\n")
        #expect(facts.signal == example.signal)
        #expect(diagnosis.cause.code == example.cause, "\(text)")
        for expected in example.expected { #expect(text.contains(expected), "\(text)") }
        #expect(!text.contains("this CPU ("), "\(text)")
        #expect(diagnosis.explanation.lines.allSatisfy { $0.count <= 110 }, "\(text)")
        try expectJSON(diagnosis.explanation.json)
    }
}

/// A text that is not exactly one JSON value fails.
func expectJSON(_ text: String) throws {
    #expect(throws: Never.self) { try JSONSyntax.validate(Array(text.utf8)) }
}
