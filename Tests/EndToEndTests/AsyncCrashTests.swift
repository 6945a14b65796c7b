import LambdaModel
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

    /// Appends each event to a file, as one write, then answers, or fails where there is a variable FAIL.
    private static let note = CBootstrap.source(
        main: #"""
            for (;;) {
                next();
                int file = open(getenv("NOTES"), O_WRONLY | O_APPEND | O_CREAT, 0600);
                event[event_length] = '\n';
                if (write(file, event, event_length + 1) < 0) perror("write");
                close(file);
                if (getenv("FAIL")) respond_error("Function.No", "{}"); else respond_text("null");
            }
            """#
    )

    /// Where it is found that an event has run, and that its destination knows.
    private enum Trace: String, CaseIterable {
        case good, bad
        /// Of `good`, a file.
        case goodRecords = "state/destinations/sqs-GoodEventInvokeConfigOnSuccessQueue.jsonl"
        /// Of `bad`, what a function was told.
        case badRecords
    }

    @Test(.timeLimit(.minutes(240))) func everyAcceptedEventRuns() async throws {
        try await Fixture.with { fixture in
            try await prepare(fixture)
            var killed = 0
            for round in 0..<Self.rounds where try await oneRound(round, fixture) { killed += 1 }
            let left = try await drain(fixture)
            let accepted = Set(try fixture.read("accepted").split(separator: "\n").map(String.init))
            #expect(!accepted.isEmpty)
            print("crash rounds \(Self.rounds): killed \(killed), accepted \(accepted.count),", terminator: " ")
            print("left for the last start \(left)")
            for trace in Trace.allCases {
                let isGood = trace == .good || trace == .goodRecords
                let wanted = accepted.filter { Self.isGood($0) == isGood }
                let found = Self.events(trace, fixture)
                let missing = wanted.subtracting(found)
                #expect(missing == [], "\(trace): \(missing.count) of \(wanted.count) events were lost")
                print("\(trace): \(found.count) times, \(Set(found).count) events")
            }
            #expect(fixture.processes().isEmpty)
        }
    }

    private func prepare(_ fixture: Fixture) async throws {
        func notes(_ trace: Trace, _ more: String = "") -> String {
            #"Environment: {Variables: {NOTES: "\#(fixture.path(trace.rawValue))"\#(more)}}"#
        }
        try fixture.write(
            "template.yaml",
            """
            AWSTemplateFormatVersion: "2010-09-09"
            Transform: AWS::Serverless-2016-10-31
            Globals:
              Function:
                {CodeUri: note/, Handler: app, Runtime: provided.al2023, Timeout: 10, ReservedConcurrentExecutions: 4}
            Resources:
              Good:
                Type: AWS::Serverless::Function
                Properties:
                  \(notes(.good))
                  EventInvokeConfig: {DestinationConfig: {OnSuccess: {Type: SQS}}}
              Bad:
                Type: AWS::Serverless::Function
                Properties:
                  \(notes(.bad, ", FAIL: 1"))
                  EventInvokeConfig:
                    MaximumRetryAttempts: 1
                    DestinationConfig: {OnFailure: {Type: Lambda, Destination: !GetAtt Told.Arn}}
              Told:
                Type: AWS::Serverless::Function
                Properties: {\(notes(.badRecords))}
            """
        )
        try await fixture.writeExecutable("note/bootstrap", try await CCompiler.shared.executable(of: Self.note))
        try fixture.write("client.py", EventClient.source)
        try fixture.write("accepted", "")
    }

    private func startLambda(
        _ fixture: Fixture,
        _ body: @escaping @Sendable (RunningProgram, String) async throws -> Void
    ) async throws -> ProgramOutcome {
        try await fixture.apus(
            // A retry comes after 1.2 s, mostly when another server is there; the maximum age is 7 min.
            ["start-lambda", "--port", "0", "--backend", "process", "--state-dir", "state", "--time-scale", "0.02"],
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
                [
                    "client.py", port, "\(round)", "\(Self.eventsPerRound)", "16", fixture.path("accepted"), "Good",
                    "Bad",
                ]
            )
            // On a busy machine the client is a long time coming.
            try await eventually("the first 202 of the round") {
                try fixture.read("accepted").split(separator: "\n").last?.hasPrefix("\(round)-") == true
            }
            try await Task.sleep(for: wait)
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
            // Nothing new for three seconds, which is longer than a retry waits.
            while quiet < 30 {
                try await Task.sleep(for: .milliseconds(100))
                let count = Trace.allCases.reduce(0) { $0 + ((try? fixture.read($1.rawValue).utf8.count) ?? 0) }
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

    // MARK: Traces

    /// `ROUND-NUMBER`: those with an even number go to the function that answers.
    private static func isGood(_ event: String) -> Bool {
        event.split(separator: "-").last.flatMap { Int($0) }.map { $0 % 2 == 0 } ?? false
    }

    /// The names of events in a file. Of a record a kill may leave a part, which is written again.
    private static func events(_ trace: Trace, _ fixture: Fixture) -> [String] {
        ((try? fixture.read(trace.rawValue)) ?? "").split(separator: "\n").compactMap { line in
            guard (try? JSONSyntax.validate(Array(line.utf8))) != nil,
                let name = line.firstMatch(of: #/{"event":"([0-9-]+)"}/#)
            else { return nil }
            return String(name.1)
        }
    }
}
