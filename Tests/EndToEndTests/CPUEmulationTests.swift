import Testing

/// `--cpu`: the bootstrap and its children on another CPU, and what is said when they die there.
@Suite(Prerequisite.gcc, Prerequisite.program("qemu-x86_64"), Prerequisite.x86Machine)
struct CPUEmulationTests {
    /// A loop that becomes 256-bit vector instructions.
    private static let sum = """
        #include <stdio.h>
        #include <stdlib.h>
        __attribute__((noinline)) static int sum(const int *p, int n) {
            int s = 0;
            for (int i = 0; i < n; i++) s += p[i] * p[i];
            return s;
        }
        int main(int count, char **arguments) {
            static int numbers[1000];
            for (int i = 0; i < 1000; i++) numbers[i] = i + count;
            printf("%d\\n", sum(numbers, 1000));
            return 0;
        }
        """

    private static let shell = """
        #!/bin/sh
        set -e
        api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
        id=$(curl -sS -o /dev/null -D - "$api/next" | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: //pi')
        answer=$(./bin/sum)
        curl -sS -o /dev/null -d "$answer" "$api/$id/response"
        sleep 10
        """

    private func compile(_ fixture: Fixture, with compiler: String = "gcc", _ options: [String]) async throws {
        try fixture.write("sum.c", Self.sum)
        try fixture.makeDirectory("task/bin")
        let outcome = try await fixture.run(
            try #require(Paths.program(compiler)),
            ["-g", "-O3"] + options + ["-o", "task/bin/sum", "sum.c"]
        )
        #expect(outcome.status == .exited(0), "\(outcome)")
    }

    /// The shell survives its child and reports it as 128 + 4.
    @Test(Prerequisite.curl, arguments: ["-march=haswell", "-march=haswell -static"])
    func aChildOfAShellDiesOnTheSameCPU(options: String) async throws {
        try await Fixture.with { fixture in
            try await compile(fixture, options.split(separator: " ").map(String.init))
            try await fixture.writeFunction(script: Self.shell)
            let outcome = try await fixture.invokeCode(event: nil, ["--cpu", "rosetta2"])
            #expect(outcome.status == .exited(1), "\(outcome)")
            let error = try ErrorObject(outcome)
            #expect(error.errorMessage.hasSuffix("Runtime exited with error: exit status 132"), "\(outcome)")
            #expect(outcome.standardError.contains("a child process of the function (sum"), "\(outcome)")
            #expect(outcome.standardError.contains("sum.c:"), "\(outcome)")
            #expect(outcome.standardError.contains("needs AVX"), "\(outcome)")
            #expect(outcome.standardError.contains("-march=x86-64-v2"), "\(outcome)")
            #expect(!outcome.standardError.contains("qemu:"), "\(outcome)")
            #expect(!outcome.standardError.contains("TCG"), "\(outcome)")

            let there = try await fixture.invokeCode(event: nil, ["--cpu", "lambda-x86_64", "--timeout", "20"])
            #expect(there.status == .exited(0), "\(there)")
            #expect(there.text == "333833500\n", "\(there)")
            #expect(!there.standardError.contains("TCG"), "\(there)")
            #expect(fixture.processes() == [])
        }
    }

    @Test(Prerequisite.program("aarch64-linux-gnu-gcc"), Prerequisite.program("qemu-aarch64"))
    func anARM64FunctionAnswersOnThisMachine() async throws {
        try await Fixture.with { fixture in
            try fixture.write("bootstrap.c", CBootstrap.echo)
            try fixture.makeDirectory("task")
            for options in [["-static"], []] {
                let compiler = try #require(Paths.program("aarch64-linux-gnu-gcc"))
                let built = try await fixture.run(compiler, options + ["-w", "-o", "task/bootstrap", "bootstrap.c"])
                #expect(built.status == .exited(0), "\(built)")
                for cpu in [[], ["--cpu", "lambda-arm64"], ["--cpu", "qemu:cortex-a72"]] {
                    let outcome = try await fixture.invokeCode(
                        event: "{\"n\":1}",
                        ["--architecture", "arm64", "--timeout", "20"] + cpu
                    )
                    #expect(outcome.text == "{\"n\":1}\n", "\(outcome)")
                }
            }
        }
    }

    @Test(arguments: [
        (64 as Int32, ["--cpu", "rosetta3"], "there is no CPU profile 'rosetta3'", "known: host, lambda-x86_64"),
        (2, ["--cpu", "lambda-arm64"], "lambda-arm64 is an arm64 CPU", "lambda-x86_64"),
        (2, ["--cpu", "x86-64-v4"], "cannot be emulated", "--cpu"),
        (2, ["--cpu", "qemu:Nonesuch"], "'Nonesuch' is no CPU that can be emulated", "-cpu help"),
        (64, ["--cpu", "qemu:-version"], "there is no CPU profile", "known"),
    ])
    func refusesWhatItCannotRunOn(status: Int32, options: [String], cause: String, help: String) async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction()
            let outcome = try await fixture.invokeCode(event: "{}", ["--architecture", "x86_64"] + options)
            #expect(outcome.status == .exited(status), "\(outcome)")
            #expect(outcome.standardError.contains(cause) && outcome.standardError.contains(help), "\(outcome)")
            #expect(outcome.text == "")
        }
    }

    @Test func saysWhatToInstallWithoutAnEmulator() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction()
            let outcome = try await fixture.invokeCode(
                event: Array("{}".utf8),
                ["--cpu", "rosetta2"],
                environment: ["PATH": fixture.path("nothing")]
            )
            #expect(outcome.status == .exited(2), "\(outcome)")
            #expect(outcome.standardError.contains("apt-get install qemu-user"), "\(outcome)")
        }
    }
}
