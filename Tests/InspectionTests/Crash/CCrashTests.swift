import LambdaModel
import Testing

@testable import Inspection

/// C programs that really crash, each in its own way.
@Suite(.serialized) struct CCrashTests {
    static let c = ["gcc", "-O1", "-g", "-w", "-o", "bootstrap", "main.c"]

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
    func cProgramsDie(_ example: CrashCase) async throws { try await example.check() }

    static func c(_ name: String, _ source: String, _ signal: Int32, _ cause: String, _ expected: [String]) -> CrashCase
    {
        CrashCase(
            name: name,
            file: "main.c",
            source: source,
            build: c,
            signal: signal,
            cause: cause,
            expected: expected
        )
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
        var context = try CrashCase.context(crashed)
        for tool in tools {
            let path = try #require(CrashTools.path(tool))
            try await CrashTools.run(["ln", "-s", path, tool], in: crashed.directory)
        }
        context.toolPath = crashed.directory
        let lines = await CrashDiagnosis.diagnose(facts, context: context).explanation.lines
        #expect(lines.contains { $0.hasPrefix(place) }, "\(lines)")
        #expect(lines.joined(separator: "\n").contains(expected), "\(lines)")
    }
}
