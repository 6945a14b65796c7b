import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `apus start-lambda` under many callers at once: nothing is lost or mixed up, and no environment is made too many.
@Suite(.serialized, Prerequisite.gcc) struct LambdaAPILoadTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var concurrency: Int
        var options: [String] = []
        var testDescription: String { "at most \(concurrency) \(options)" }
    }

    /// 20,000 take a debug build half a minute.
    private static let invocations =
        ProcessInfo.processInfo.environment["APUS_TEST_INVOCATIONS"] ?? "5000"

    /// The client of the benchmark ends with an error as soon as an answer is no 200, or is not its own event.
    @Test(arguments: [Case(concurrency: 256), Case(concurrency: 16, options: ["--queue"])])
    func everyCallerGetsItsOwnAnswer(_ test: Case) async throws {
        try await Fixture.with { fixture in
            // On a busy machine 256 environments take their time.
            try fixture.writeTemplate(["Echo"], more: "Timeout: 60")
            let source = String(
                decoding: try Files.read(Paths.repository + "/Examples/c-echo/src/bootstrap.c"),
                as: UTF8.self
            )
            try await fixture.writeExecutable("task/bootstrap", await CCompiler.shared.executable(of: source))
            let client = fixture.path("client")
            let compilation = try await fixture.run(
                Paths.program("gcc") ?? "",
                ["-O2", "-pthread", "-o", client, Paths.repository + "/Benchmarks/client/client.c"]
            )
            #expect(compilation.status == .exited(0), "\(compilation)")
            try await fixture.withLambdaServer(["--concurrency", String(test.concurrency)] + test.options) {
                address,
                running in
                let port = try #require(address.split(separator: ":").last)
                let load = try await fixture.run(
                    client,
                    [
                        "--port", String(port), "--path", "/2015-03-31/functions/Echo/invocations", "--connections",
                        "256",
                        "--requests", Self.invocations, "--size", "64",
                    ]
                )
                #expect(load.status == .exited(0), "\(load)")
                // None rests long enough to be ended, so that each one that ever was is there still.
                let environments = running.errorText.split(separator: "\n").count { $0.hasPrefix("INIT_START ") }
                #expect((1...test.concurrency).contains(environments))
            }
        }
    }
}
