import Testing

/// The harness itself, tried on programs whose behaviour is known: were it blind, every other test would be.
@Suite struct HarnessTests {
    @Test func seesOutputInputStatusAndEnvironment() async throws {
        try await Fixture.with { fixture in
            let script = #"cat; printf '%s' "$CANARY" >&2; env | wc -l >&2; exit 7"#
            let outcome = try await fixture.program(
                "/bin/sh",
                ["-c", script],
                stdin: Array("input\0".utf8),
                environment: ["CANARY": "tweet"]
            ).run()
            #expect(outcome.status == .exited(7))
            #expect(outcome.standardOutput == Array("input\0".utf8))
            #expect(outcome.standardError.hasPrefix("tweet"))
        }
    }

    @Test func seesSignals() async throws {
        try await Fixture.with { fixture in
            let outcome = try await fixture.run("/bin/sh", ["-c", "kill -SEGV $$"])
            #expect(outcome.status == .signaled(11))
        }
    }

    @Test func killsTheWholeGroupAtTheTimeLimit() async throws {
        try await Fixture.with { fixture in
            let script = "sleep 1000 & sleep 1000"
            let program = try fixture.program("/bin/sh", ["-c", script], timeLimit: .milliseconds(300))
            await #expect(throws: HarnessError.self) { try await program.run() }
            try await eventually("no process") { fixture.processes().isEmpty }
        }
    }

    @Test(Prerequisite.procFileSystem) func findsProcessesThatLeftTheirGroup() async throws {
        try await Fixture.with { fixture in
            let script = "setsid sleep 1000 >/dev/null 2>&1 & echo started >&2; wait"
            _ = try await fixture.program("/bin/sh", ["-c", script]).run { running in
                try await running.waitForErrorText("started")
                try await eventually("both processes") { fixture.processes().count == 2 }
                for process in fixture.processes() { SignalNumber.kill.send(to: process) }
            }
            #expect(fixture.processes().isEmpty)
        }
    }

    @Test(Prerequisite.gcc) func compilesBootstraps() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction()
            let outcome = try await fixture.run(fixture.path("task/bootstrap"), [])
            #expect(outcome.standardError == "no AWS_LAMBDA_RUNTIME_API\n")
            #expect(outcome.status == .exited(98))
        }
    }

    @Test(Prerequisite.python) func writesArchivesThatOthersRead() async throws {
        try await Fixture.with { fixture in
            var zip = ZipBytes()
            zip.add("bootstrap", Array("#!/bin/sh\n".utf8))
            zip.add("bin/早い", Array("text".utf8), mode: 0o644)
            try fixture.write("function.zip", zip.bytes)
            let script = "import zipfile; z = zipfile.ZipFile('function.zip'); print(z.testzip(), *z.namelist())"
            let outcome = try await fixture.run(Paths.program("python3") ?? "", ["-c", script])
            #expect(outcome.text == "None bootstrap bin/早い\n")
        }
    }

    @Test func removesWhatItMade() async throws {
        let root = try await Fixture.with { fixture in
            try fixture.write("deep/er/file", "text")
            _ = try await fixture.run("/bin/chmod", ["-R", "a-w", fixture.path("deep")])
            return fixture.root
        }
        #expect(!Files.exists(root))
    }
}
