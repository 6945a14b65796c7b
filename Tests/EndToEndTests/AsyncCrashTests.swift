import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `apus start-lambda` is killed again and again while events come: what got its 202 runs, and its destination learns of it.
///
/// `APUS_TEST_CRASH_ROUNDS` says how often.
@Suite(.serialized, Prerequisite.python, Prerequisite.gcc) struct AsyncCrashTests {
    private static let rounds =
        ProcessInfo.processInfo.environment["APUS_TEST_CRASH_ROUNDS"].flatMap { Int($0) } ?? 3
    private static let eventsPerRound = 500

    /// Appends each event to a file, as one write, then answers.
    private static let note = CBootstrap.source(
        main: #"""
            for (;;) {
                next();
                int file = open(getenv("NOTES"), O_WRONLY | O_APPEND | O_CREAT, 0600);
                event[event_length] = '\n';
                if (write(file, event, event_length + 1) < 0) perror("write");
                close(file);
                respond_text("null");
            }
            """#
    )

    @Test(.timeLimit(.minutes(240))) func everyAcceptedEventRuns() async throws {
        try await Fixture.with { fixture in
            try await prepare(fixture)
            var accepted: Set<String> = []
            var killed = 0
            for round in 0..<Self.rounds {
                if try await oneRound(round, fixture) { killed += 1 }
                accepted = try Self.lines("accepted", fixture)
            }
            let found = try await drain(fixture)
            let ran = try Self.lines("notes", fixture)
            let missing = accepted.filter { !ran.contains(#"{"event":"\#($0)"}"#) }
            #expect(missing == [], "\(missing.count) of \(accepted.count) events were lost")
            #expect(!accepted.isEmpty)
            let records = try Self.records(fixture)
            let unrecorded = accepted.filter { !records.contains($0) }
            #expect(unrecorded == [], "\(unrecorded.count) of \(accepted.count) events have no record")
            let all = try fixture.read("notes").split(separator: "\n").count
            print("crash rounds \(Self.rounds): killed \(killed), accepted \(accepted.count), ran \(all) times,")
            print("distinct \(ran.count), left for the last start \(found)")
            #expect(fixture.processes().isEmpty)
        }
    }

    private func prepare(_ fixture: Fixture) async throws {
        try fixture.write(
            "template.yaml",
            """
            AWSTemplateFormatVersion: "2010-09-09"
            Transform: AWS::Serverless-2016-10-31
            Resources:
              Note:
                Type: AWS::Serverless::Function
                Properties:
                  CodeUri: note/
                  Handler: app
                  Runtime: provided.al2023
                  Timeout: 10
                  ReservedConcurrentExecutions: 4
                  Environment: {Variables: {NOTES: "\(fixture.path("notes"))"}}
                  EventInvokeConfig: {DestinationConfig: {OnSuccess: {Type: SQS}}}
            """
        )
        try await fixture.writeExecutable("note/bootstrap", try await CCompiler.shared.executable(of: Self.note))
        try fixture.write("client.py", EventClient.source)
        for file in ["accepted", "notes"] { try fixture.write(file, "") }
    }

    private func startLambda(
        _ fixture: Fixture,
        _ body: @escaping @Sendable (RunningProgram, String) async throws -> Void
    ) async throws -> ProgramOutcome {
        try await fixture.apus(
            ["start-lambda", "--port", "0", "--backend", "process", "--state-dir", "state"],
            timeLimit: .seconds(300)
        ) { running in
            do {
                try await running.waitForErrorText("http://127.0.0.1:")
                let words = running.errorText.split(whereSeparator: \.isWhitespace)
                let address = try #require(words.first { $0.hasPrefix("http://127.0.0.1:") })
                try await body(running, String(address.split(separator: ":").last ?? ""))
            } catch {
                running.signal(.kill)
                throw error
            }
        }
    }

    /// - Returns: whether it was killed while events came.
    private func oneRound(_ round: Int, _ fixture: Fixture) async throws -> Bool {
        let wait = Duration.milliseconds(Int.random(in: 0...400))
        let outcome = try await startLambda(fixture) { running, port in
            async let sent = fixture.run(
                Paths.program("python3") ?? "",
                ["client.py", port, "\(round)", "\(Self.eventsPerRound)", "16", fixture.path("accepted")]
            )
            try await Task.sleep(for: .milliseconds(100) + wait)
            running.signal(.kill)
            let client = try await sent
            #expect(client.status == .exited(0), "\(client)")
        }
        #expect(!outcome.standardError.contains("cannot open the store"), "\(outcome)")
        return outcome.status == .signaled(9)
    }

    /// Starts once more and waits until nothing is left.
    ///
    /// - Returns: the number of events that there were.
    private func drain(_ fixture: Fixture) async throws -> Int {
        let outcome = try await startLambda(fixture) { running, _ in
            var quiet = 0
            var last = 0
            // Nothing new for two seconds.
            while quiet < 20 {
                try await Task.sleep(for: .milliseconds(100))
                let count = try fixture.read("notes").utf8.count
                quiet = count == last ? quiet + 1 : 0
                last = count
            }
            running.signal(.terminate)
        }
        #expect(outcome.status == .exited(143), "\(outcome)")
        // All is over: another start finds nothing.
        let empty = try await startLambda(fixture) { running, _ in
            try await Task.sleep(for: .milliseconds(100))
            running.signal(.terminate)
        }
        #expect(!empty.standardError.contains("goes on with"), "\(empty)")
        return outcome.standardError.firstMatch(of: #/invocations of before: ([0-9]+)/#).flatMap { Int($0.1) } ?? 0
    }

    /// Names of the events in the file of the destination. A kill may leave part of a line, which is then written again.
    private static func records(_ fixture: Fixture) throws -> Set<String> {
        let name = "state/destinations/sqs-NoteEventInvokeConfigOnSuccessQueue.jsonl"
        let ends = try lines(name, fixture).filter { $0.hasSuffix(#""responsePayload":null}"#) }
        return Set(
            ends.compactMap { $0.firstMatch(of: #/"requestPayload":{"event":"([0-9-]+)"}/#).map { String($0.1) } }
        )
    }

    private static func lines(_ file: String, _ fixture: Fixture) throws -> Set<String> {
        Set(try fixture.read(file).split(separator: "\n").map(String.init))
    }
}
