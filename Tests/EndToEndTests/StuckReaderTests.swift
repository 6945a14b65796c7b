import Testing

/// Nobody reads what Apus writes, and does not close it either: a signal ends the command all the same.
@Suite(.serialized, Prerequisite.gcc, Prerequisite.curl, Prerequisite.program("bash"), Prerequisite.program("mkfifo"))
struct StuckReaderTests {
    /// Runs the script with Apus as its first argument. In it, descriptor 3 and the pipe `stuck` are both ends of a pipe
    /// that nobody reads.
    private func output(of script: String, c main: String, _ arguments: [String] = []) async throws -> String {
        let words = ["-c", "mkfifo stuck; exec 3<>stuck\n" + script, try Paths.apus()] + arguments
        let outcome = try await Fixture.with { fixture in
            try await fixture.writeFunction(c: main)
            let outcome = try await fixture.run(Paths.program("bash") ?? "", words)
            try await eventually("no process") { fixture.processes().isEmpty }
            #expect(try fixture.temporaryFiles() == [])
            return outcome
        }
        return outcome.text
    }

    @Test func ofAResponse() async throws {
        let output = try await output(
            of: #"""
                "$0" invoke --code task --handler app >stuck 2>log & pid=$!
                until grep -q '^REPORT' log; do sleep 0.05; done
                kill -TERM $pid; wait $pid; echo $?
                """#,
            c: """
                char *bytes = malloc(500000);
                memset(bytes, '1', 500000);
                for (;;) { next(); respond(bytes, 500000); }
                """
        )
        #expect(output == "143\n")
    }

    @Test func ofAnEmulatorsLog() async throws {
        let output = try await output(
            of: #"""
                "$0" rie --runtime-interface-emulator-address $1 --runtime-api-address $2 task/bootstrap app 2>stuck & pid=$!
                until curl -s -d '{}' http://$1/2015-03-31/functions/function/invocations; do sleep 0.05; done
                kill -TERM $pid; wait $pid; echo $?
                """#,
            c: """
                char *bytes = malloc(300000);
                memset(bytes, '1', 300000);
                for (;;) { next(); write(2, bytes, 300000); respond_text("1"); }
                """,
            ["127.0.0.1:\(try freePort())", "127.0.0.1:\(try freePort())"]
        )
        #expect(output == "1143\n")
    }
}
