import Testing

@testable import ExecutionEnvironment

/// Streamed responses.
struct ResponseStreamTests {
    let environment: TestEnvironment

    init() throws { environment = try TestEnvironment() }

    private func delivered() throws -> (TestInvocation, RuntimeClient) {
        let invocation = try environment.invoke()
        let runtime = try environment.runtime()
        #expect(try runtime.next().status == 200)
        return (invocation, runtime)
    }

    @Test func piecesReachTheCallerBeforeTheEnd() throws {
        let (invocation, runtime) = try delivered()
        runtime.beginStream(headers: ["Content-Type: text/html"])
        #expect(invocation.stream.next() == "begins as text/html")
        for piece in ["one", "two", "three"] {
            runtime.sendChunk(piece)
            #expect(invocation.stream.next() == piece)
        }
        #expect(try runtime.endStream().status == 202)
        #expect(invocation.answer() == "streamed")
        runtime.sendNext()
        #expect(invocation.isOver())
    }

    @Test(arguments: [
        (
            ["Lambda-Runtime-Function-Error-Type: Function.Late", "Lambda-Runtime-Function-Error-Body: eyJhIjoxfQ=="],
            #"stream failed Function.Late {"a":1}"#
        ),
        (["Lambda-Runtime-Function-Error-Type: whatever"], "stream failed Function.Unknown "),
        (
            ["Lambda-Runtime-Function-Error-Type: Runtime.Late", "Lambda-Runtime-Function-Error-Body: %%%"],
            "stream failed Runtime.Late "
        ),
        (["Other: x"], "streamed"),
    ])
    func trailersMayEndItAsAnError(trailers: [String], expected: String) throws {
        let (invocation, runtime) = try delivered()
        runtime.beginStream()
        runtime.sendChunk("part")
        #expect(try runtime.endStream(trailers: trailers).status == 202)
        #expect(invocation.answer() == expected)
    }

    @Test(arguments: ["half-close", "close", "reset", "bad chunk"])
    func aStreamThatStopsShortFailsAtOnce(how: String) throws {
        let (invocation, runtime) = try delivered()
        let stream = try runtime.another()
        stream.beginStream()
        stream.sendChunk("part")
        #expect(invocation.stream.next() == "begins as nothing")
        #expect(invocation.stream.next() == "part")
        switch how {
        case "half-close": stream.connection.closeSending()
        case "close": stream.connection.close()
        case "reset": stream.connection.reset()
        default: stream.connection.send("zz\r\n")
        }
        #expect(try #require(invocation.answer()).hasPrefix("stream failed Runtime.TruncatedResponse "))
    }

    @Test func aCrashInTheMiddleEndsTheStream() throws {
        let environment = try TestEnvironment(script: "sleep 0.1; kill -SEGV $$")
        let invocation = try environment.invoke()
        let runtime = try environment.runtime()
        #expect(try runtime.next().status == 200)
        runtime.beginStream()
        runtime.sendChunk("part")
        #expect(try #require(invocation.answer()).hasPrefix("stream failed Runtime.ExitError RequestId: r1 Error: "))
        #expect(invocation.isOver())
    }

    @Test func aStreamThatTheCallerHasPausedEndsWithTheEnvironment() throws {
        let (invocation, runtime) = try delivered()
        runtime.beginStream()
        #expect(invocation.stream.next() == "begins as nothing")
        runtime.sendChunk("part")
        #expect(invocation.stream.next() == "part")
        try invocation.pauseStream()
        #expect(try environment.isIdle == false)
        try environment.shutdown()
        #expect(try #require(invocation.answer()) == "abandoned")
    }

    @Test func aSecondResponseDuringTheStreamIsRefused() throws {
        let (invocation, runtime) = try delivered()
        runtime.beginStream()
        #expect(invocation.stream.next() == "begins as nothing")
        #expect(try runtime.another().respond("x").status == 403)
        #expect(try runtime.endStream().status == 202)
        #expect(invocation.answer() == "streamed")
    }
}
