import LambdaModel
import Testing

/// Calls of the 32-bit ABI: this machine's kernel may answer them, Lambda's ends the process (`--strict-abi`).
@Suite(.serialized, Prerequisite.gcc, Prerequisite.linux, Prerequisite.x86Machine) struct SandboxABITests {
    private static let call = """
        long result = 20;
        next();
        __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
        respond_text(result == getpid() ? "true" : "false");
        for (;;) next();
        """

    @Test(arguments: Caller.withSandbox) func endInASegmentationFaultWhereAskedFor(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try await fixture.writeFunction(c: Self.call)
            let outcome = try await fixture.invokeCode(event: "{}", ["--strict-abi"])
            #expect(outcome.status == .exited(1), "\(outcome)")
            #expect(try ErrorObject(outcome).errorMessage.hasSuffix("signal: segmentation fault"), "\(outcome)")
        }
    }

    /// Who handles the signal goes on behind the instruction, however often.
    @Test(arguments: Caller.withSandbox) func mayBeCaught(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                "static int caught; static void note(int number) { caught++; }",
                """
                signal(SIGSEGV, note);
                for (int i = 0; i < 100; i++) {
                    long result = 20;
                    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
                }
                say("caught", "%d", caught);
                """,
                ["--strict-abi"]
            )
            #expect(seen == ["caught": "100"])
        }
    }

    /// Processes that are killed in the middle of such a call hold nobody up.
    @Test func processesThatAreKilledMeanwhileHoldNobodyUp() async throws {
        try await Fixture.with(.sandbox) { fixture in
            let seen = try await fixture.probe(
                "static void ignore(int number) {}",
                """
                signal(SIGSEGV, ignore);
                for (int i = 0; i < 50; i++) {
                    pid_t child = fork();
                    if (child == 0) for (;;) {
                        long result = 20;
                        __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
                    }
                    usleep(1000);
                    kill(child, SIGKILL);
                    waitpid(child, 0, 0);
                }
                say("through", "yes");
                """,
                ["--strict-abi"]
            )
            #expect(seen == ["through": "yes"])
            try await eventually("no process") { fixture.processes().isEmpty }
        }
    }
}
