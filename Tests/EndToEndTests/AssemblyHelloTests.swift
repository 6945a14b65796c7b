import Testing

/// The first example: what the README promises.
@Suite(.serialized, Prerequisite.program("nasm"), Prerequisite.program("make"), Prerequisite.curl)
struct AssemblyHelloTests {
    private func expectGreeting(_ outcome: ProgramOutcome) {
        #expect(outcome.text == "早めのパブロン\n", "\(outcome)")
        #expect(outcome.status == .exited(0), "\(outcome)")
        #expect(outcome.log.requestIDs.count == 3, "\(outcome)")
        #expect(Set(outcome.log.requestIDs).count == 1, "\(outcome)")
    }

    private func withBuiltExample(_ body: (Fixture, String) async throws -> Void) async throws {
        try await Fixture.with { fixture in
            try fixture.copyFromRepository("Examples/assembly-hello")
            let build = try await fixture.apus(["build"])
            #expect(build.status == .exited(0), "\(build)")
            let directories = try Files.names(in: fixture.path(".aws-sam/build")).filter { $0 != "template.yaml" }
            try await body(fixture, try #require(directories.first))
        }
    }

    @Test func buildsAndAnswers() async throws {
        try await withBuiltExample { fixture, _ in
            expectGreeting(try await fixture.apus(["invoke", "-e", "events/event.json"]))
            expectGreeting(try await fixture.apus(["local", "invoke", "-e", "events/event.json"]))
        }
    }

    @Test func runsTheBuildDirectoryWithoutATemplate() async throws {
        try await withBuiltExample { fixture, name in
            expectGreeting(
                try await fixture.apus(["invoke", "--code", ".aws-sam/build/" + name, "--handler", "bin/app"])
            )
        }
    }

    @Test(Prerequisite.program("zip")) func runsAZipOfTheBuildDirectory() async throws {
        try await withBuiltExample { fixture, name in
            let zip = try await fixture.run(
                "/bin/sh",
                [
                    "-c", "cd .aws-sam/build/\(name) && zip -qr ../../../function.zip .",
                ]
            )
            #expect(zip.status == .exited(0), "\(zip)")
            expectGreeting(try await fixture.apus(["invoke", "--code", "function.zip", "--handler", "bin/app"]))
            #expect(try fixture.temporaryFiles() == [])
        }
    }

    /// Either tool goes on from what the other has built.
    @Test(Prerequisite.samCLI) func takesTurnsWithSAM() async throws {
        try await Fixture.with { fixture in
            let sam = try #require(Prerequisite.sam)
            let environment = ["SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-east-1"]
            let runSAM = { (arguments: [String]) in
                try await fixture.program(sam, arguments, environment: environment, timeLimit: .seconds(120)).run()
            }
            try fixture.copyFromRepository("Examples/assembly-hello")
            let build = try await runSAM(["build"])
            #expect(build.status == .exited(0), "\(build)")
            expectGreeting(try await fixture.apus(["invoke", "-e", "events/event.json"]))

            let ownBuild = try await fixture.apus(["build"])
            #expect(ownBuild.status == .exited(0), "\(ownBuild)")
            let validation = try await runSAM(["validate", "--lint", "-t", ".aws-sam/build/template.yaml"])
            #expect(validation.status == .exited(0), "\(validation)")
        }
    }

    /// `sam build` leaves the same layout; Apus goes on from what is there and does not need the sources.
    @Test func goesOnFromABuildDirectoryMadeElsewhere() async throws {
        try await withBuiltExample { fixture, _ in
            for name in try Files.names(in: fixture.path(".")) where name != ".aws-sam" && name != "events" {
                _ = try await fixture.run("/bin/rm", ["-r", fixture.path(name)])
            }
            expectGreeting(try await fixture.apus(["invoke", "-e", "events/event.json"]))
        }
    }
}
