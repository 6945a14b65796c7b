import Dispatch
import Testing

@testable import EmulatorFrontDoor

/// Streamed responses through the front door.
struct EmulatorStreamTests {
    private func delivered(by emulator: TestEmulator) throws -> (RawClient, RuntimeClient, String) {
        let caller = try emulator.invoke()
        let runtime = try emulator.runtime()
        let event = try runtime.next()
        return (caller, runtime, try #require(event["lambda-runtime-aws-request-id"]))
    }

    @Test func piecesArriveInOneAnswer() throws {
        let emulator = try TestEmulator()
        let (caller, runtime, id) = try delivered(by: emulator)
        runtime.beginStream(to: id, headers: ["Content-Type: text/html"])
        runtime.sendChunk("one")
        runtime.sendChunk("two")
        #expect(try runtime.endStream().status == 202)
        let answer = try caller.readResponse()
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "text/html")
        #expect(answer.text == "onetwo")
        #expect(answer.trailers.isEmpty)
    }

    @Test func anErrorIsATrailer() throws {
        let emulator = try TestEmulator()
        let (caller, runtime, id) = try delivered(by: emulator)
        runtime.beginStream(to: id)
        runtime.sendChunk("part")
        #expect(try runtime.endStream(trailers: ["Lambda-Runtime-Function-Error-Type: Function.Late"]).status == 202)
        let answer = try caller.readResponse()
        #expect(answer.text == "part")
        #expect(answer.trailer("lambda-runtime-function-error-type") == "Function.Late")
    }

    /// A caller that reads slowly holds the runtime back, and nothing is lost or stuck.
    @Test func aSlowCaller() throws {
        let emulator = try TestEmulator()
        let caller = try emulator.client(receiveBuffer: 4096)
        caller.send("POST", TestEmulator.path, body: "{}")
        let runtime = try emulator.runtime()
        let id = try #require(try runtime.next()["lambda-runtime-aws-request-id"])
        runtime.beginStream(to: id)
        // The runtime's writes block while the caller does not read, so that one of the two needs another thread.
        nonisolated(unsafe) let reader = caller
        let sizes = Events<Int>()
        DispatchQueue.global().async { sizes.add((try? reader.readResponse().body.count) ?? -1) }
        for _ in 0..<12 { runtime.sendChunk(Self.chunk) }
        #expect(try runtime.endStream().status == 202)
        #expect(sizes.next() == 12 << 20)
        try expectOrder(emulator, runtime)
    }

    /// A caller that has gone stops the stream, and the environment is free for the next invocation.
    @Test func aCallerThatGoesAway() throws {
        let emulator = try TestEmulator()
        let (caller, runtime, id) = try delivered(by: emulator)
        runtime.beginStream(to: id)
        runtime.sendChunk("first")
        caller.reset()
        // The runtime's connection is cut, so that its writes fail.
        #expect(runtime.connection.readToEnd().isEmpty)
        let again = try runtime.another()
        again.sendNext()
        let next = try emulator.invoke("next")
        #expect(try again.connection.readResponse().text == "next")
        withExtendedLifetime(next) {}
    }

    private static let chunk = String(repeating: "x", count: 1 << 20)

    /// The runtime's connection brings the next event.
    private func expectOrder(_ emulator: TestEmulator, _ runtime: RuntimeClient) throws {
        runtime.sendNext()
        let next = try emulator.invoke("next")
        #expect(try runtime.connection.readResponse().text == "next")
        withExtendedLifetime(next) {}
    }
}
