import LambdaModel
import Testing

/// 6 MB in either direction, to the byte.
@Suite(.serialized, Prerequisite.gcc) struct PayloadLimitTests {
    /// A JSON string of `count` bytes, quotes included.
    private func event(_ count: Int) -> [UInt8] {
        var letters: [UInt8] = []
        while letters.count < count { letters += Self.letters }
        return [0x22] + letters.prefix(count - 2) + [0x22]
    }

    /// Random letters; their number is prime, so that a piece lost or doubled at any power of two shows.
    private static let letters: [UInt8] = {
        var state: UInt32 = 1
        return (0..<65_521).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(ascii: "A") + UInt8(state >> 24) % 26
        }
    }()

    @Test(arguments: [1_048_576, Quotas.synchronousRequestBytes - 1, Quotas.synchronousRequestBytes])
    func anEventArrivesByteForByte(count: Int) async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction()
            let event = event(count)
            let outcome = try await fixture.invokeCode(event: event, ["--timeout", "30"])
            #expect(outcome.status == .exited(0), "\(outcome)")
            // Compared beforehand: a failed expectation would print 12 MB.
            let isEqual = outcome.standardOutput == event + [0x0A]
            #expect(isEqual, "\(outcome.standardOutput.count) bytes came back for \(event.count)")
        }
    }

    @Test func anEventOverTheLimitIsRefused() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction()
            let outcome = try await fixture.invokeCode(event: event(Quotas.synchronousRequestBytes + 1), [])
            #expect(outcome.status == .exited(2), "\(outcome)")
            #expect(outcome.standardOutput.isEmpty)
            #expect(outcome.standardError.contains("6291456"), "\(outcome)")
        }
    }

    /// Answers with `count` bytes and logs the status that the Runtime API gave.
    private static func answering(_ count: Int) -> String {
        """
        char *bytes = malloc(\(count));
        memset(bytes, 'x', \(count));
        bytes[0] = bytes[\(count) - 1] = '"';
        for (;;) { next(); fprintf(stderr, "status=%d\\n", respond(bytes, \(count))); }
        """
    }

    @Test func aResponseAtTheLimitPasses() async throws {
        try await Fixture.with { fixture in
            let count = Quotas.bufferedResponseBytes
            try await fixture.writeFunction(c: Self.answering(count))
            let outcome = try await fixture.invokeCode(event: "{}", ["--timeout", "30"])
            #expect(outcome.status == .exited(0), "\(outcome)")
            let expected = [0x22] + [UInt8](repeating: UInt8(ascii: "x"), count: count - 2) + [0x22, 0x0A]
            let isEqual = outcome.standardOutput == expected
            #expect(isEqual, "\(outcome.standardOutput.count) bytes came")
        }
    }

    @Test func aResponseOverTheLimitIsLambdasError() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: Self.answering(Quotas.bufferedResponseBytes + 1))
            let outcome = try await fixture.invokeCode(event: "{}", ["--timeout", "30"])
            #expect(outcome.status == .exited(1), "\(outcome)")
            let error = try ErrorObject(outcome)
            #expect(error.errorType == "Function.ResponseSizeTooLarge")
            #expect(
                error.errorMessage
                    == "Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes)."
            )
        }
    }

    /// The runtime learns of it by 413. It tells so by its exit status, since its log may end with the invocation.
    @Test func theRuntimeSees413() async throws {
        try await Fixture.with(.process) { fixture in
            let count = Quotas.bufferedResponseBytes + 1
            try await fixture.writeFunction(
                c: """
                    char *bytes = malloc(\(count));
                    memset(bytes, '1', \(count));
                    next();
                    int status = respond(bytes, \(count));
                    int file = open("\(fixture.path("status"))", O_WRONLY | O_CREAT, 0644);
                    dprintf(file, "%d", status);
                    close(file);
                    for (;;) next();
                    """
            )
            _ = try await fixture.invokeCode(event: "{}", ["--timeout", "30"])
            #expect(try fixture.read("status") == "413")
        }
    }

    /// Whole process, with the largest event and response. A debug build is not measured.
    @Test(Prerequisite.python) func memoryStaysSmall() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction()
            try fixture.write("event.json", event(Quotas.synchronousRequestBytes))
            let script = """
                import resource, subprocess, sys
                status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
                print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
                """
            let command = try [Paths.apus(), "invoke", "--code", "task", "--handler", "a", "-e", "event.json"]
            let outcome = try await fixture.run(
                Paths.program("python3") ?? "",
                ["-c", script] + command + ["--timeout", "30"]
            )
            let figures = outcome.text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
            try #require(figures.count == 2, "\(outcome)")
            #expect(figures[0] == 0, "\(outcome)")
            // A debug build keeps more, a sanitized one far more.
            let limit = try Paths.isSanitized ? 1024 : Paths.apus().contains("/release/") ? 64 : 128
            #expect(figures[1] < limit * 1024, "\(figures[1]) KB at the peak, \(limit) MB allowed")
        }
    }
}
