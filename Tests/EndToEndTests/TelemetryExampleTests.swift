import Testing

/// The example with an extension: what its README promises.
@Suite(Prerequisite.python, Prerequisite.curl, Prerequisite.program("make"))
struct TelemetryExampleTests {
    @Test func theExtensionPrintsWhatItIsTold() async throws {
        try await Fixture.with { fixture in
            try fixture.copyFromRepository("Examples/telemetry-extension")
            let build = try await fixture.apus(["build"])
            #expect(build.status == .exited(0), "\(build)")
            let outcome = try await fixture.apus(["invoke", "-e", "events/event.json"])
            #expect(outcome.status == .exited(0), "\(outcome)")
            let printed = outcome.log.lines(startingWith: "telemetry-printer ").map { $0.split(separator: " ")[1] }
            // The extension subscribes while the runtime starts, so either may be the first.
            #expect(printed.contains("platform.telemetrySubscription"), "\(outcome)")
            #expect(
                printed.filter { $0.hasPrefix("platform.") && !$0.hasSuffix("Subscription") } == [
                    "platform.initStart", "platform.initRuntimeDone", "platform.extension", "platform.initReport",
                    "platform.start", "platform.runtimeDone", "platform.report",
                ],
                "\(outcome)"
            )
            #expect(outcome.log.lines.contains("telemetry-printer ends: spindown"))
            #expect(fixture.processes() == [])
        }
    }

    @Test(Prerequisite.samCLI) func samAcceptsItsTemplate() async throws {
        try await Fixture.with { fixture in
            try fixture.copyFromRepository("Examples/telemetry-extension")
            let validation = try await fixture.apus(["validate"])
            #expect(validation.status == .exited(0), "\(validation)")
            let sam = try await fixture.run(Prerequisite.sam ?? "", ["validate", "--lint", "--region", "us-east-1"])
            #expect(sam.status == .exited(0), "\(sam)")
        }
    }
}
