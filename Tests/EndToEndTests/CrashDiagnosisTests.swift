import Testing

/// What is said of a process that a signal ended, natively: the log tells why, the caller gets Lambda's words alone.
@Suite(Prerequisite.gcc, Prerequisite.linux, Prerequisite.tracing)
struct CrashDiagnosisTests {
    private func expectDeath(_ outcome: ProgramOutcome, _ signal: String, _ words: [String]) throws {
        #expect(outcome.status == .exited(1), "\(outcome)")
        let error = try ErrorObject(outcome)
        #expect(error.errorType == "Runtime.ExitError")
        #expect(error.errorMessage.hasSuffix("Error: Runtime exited with error: signal: \(signal)"), "\(outcome)")
        for word in words { #expect(outcome.standardError.contains(word), "\(word) in \(outcome)") }
    }

    @Test(arguments: [
        ("next(); *(volatile int *)0 = 1;", "segmentation fault", ["a segmentation fault", "null pointer"]),
        ("next(); abort();", "aborted", ["an abort (SIGABRT)"]),
        ("next(); volatile int z = 0; return 7 / z;", "floating point exception", ["zero"]),
        ("next(); __builtin_trap();", "illegal instruction", ["the program stopped itself", "not to blame"]),
    ])
    func explainsTheSignal(main: String, signal: String, words: [String]) async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: main)
            try expectDeath(try await fixture.invokeCode(event: "{}"), signal, words)
            #expect(fixture.processes() == [])
        }
    }

    @Test(Prerequisite.program("swiftc"), Prerequisite.x86Machine) func doesNotBlameTheCPUForAFailedCheckOfSwift()
        async throws
    {
        try await Fixture.with { fixture in
            try fixture.write("main.swift", "func item(_ list: [Int]) -> Int { list[7] }\nprint(item([1, 2, 3]))\n")
            try fixture.makeDirectory("task")
            let compiler = try #require(Paths.program("swiftc"))
            let built = try await fixture.program(
                compiler,
                ["-O", "-g", "-static-stdlib", "main.swift", "-o", "task/bootstrap"],
                timeLimit: .seconds(180)
            ).run()
            #expect(built.status == .exited(0), "\(built)")
            let outcome = try await fixture.invokeCode(event: nil)
            try expectDeath(outcome, "illegal instruction", ["Index out of range", "not to blame", "main.swift:1"])
        }
    }

    @Test(Prerequisite.program("rustc")) func doesNotBlameTheCPUForAnAbortOfRust() async throws {
        try await Fixture.with { fixture in
            try fixture.write(
                "main.rs",
                "fn main() { let v: Vec<usize> = std::env::args().map(|a| a.len()).collect(); println!(\"{}\", v[9]); }\n"
            )
            try fixture.makeDirectory("task")
            let built = try await fixture.program(
                try #require(Paths.program("rustc")),
                ["-g", "-C", "panic=abort", "main.rs", "-o", "task/bootstrap"],
                environment: Paths.rustHome,
                timeLimit: .seconds(120)
            ).run()
            #expect(built.status == .exited(0), "\(built)")
            let outcome = try await fixture.invokeCode(event: nil)
            try expectDeath(outcome, "aborted", ["a Rust panic ended the process", "index out of bounds", "main.rs:1"])
            #expect(!outcome.standardError.contains("this CPU"), "\(outcome)")
        }
    }

    /// The log goes to a file; what went wrong is for the eyes of whoever waits too.
    @Test func showsItBesideALogFile() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: "next(); abort();")
            let outcome = try await fixture.invokeCode(event: "{}", ["-l", "log.txt", "--report", "report.json"])
            try expectDeath(outcome, "aborted", ["an abort (SIGABRT)"])
            #expect(try fixture.read("log.txt").contains("an abort (SIGABRT)"))
            #expect(try fixture.read("report.json").contains(#""signalName":"SIGABRT""#))
        }
    }
}
