import ExecutionEnvironment
import LambdaModel
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import EmulatorFrontDoor

/// An emulator on free ports, whose function is a shell script; gone when the value is.
final class TestEmulator {
    /// A process that does nothing; the test plays the runtime.
    static let sleeper = "exec sleep 1000"
    static let path = "/2015-03-31/functions/function/invocations"

    private let threads = TestThreads()
    private let written = WrittenText()
    private let log: NIOLoopBound<FunctionLog>
    private let emulator: NIOLoopBound<Emulator>
    let port: Int

    /// - Parameter isTraced: whether the log has a line an invocation and an answer.
    init(
        script: String = TestEmulator.sleeper,
        variables: [String: String] = [:],
        command: [String]? = nil,
        isTraced: Bool = false
    ) throws {
        var inherited = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
        inherited.merge(variables) { $1 }
        var environment = EmulatorEnvironment(
            arguments: command ?? ["/bin/sh", "-c", "echo api $AWS_LAMBDA_RUNTIME_API; \(script)"],
            variables: inherited,
            currentDirectory: "/",
            isFile: { _ in true }
        )
        if command == nil { environment.function.handler = "handler" }
        let (loop, pool, written, started) = (threads.loop, threads.pool, written, environment)
        log = try loop.submit {
            NIOLoopBound(FunctionLog(eventLoop: loop, threadPool: pool) { written.append($0) }, eventLoop: loop)
        }.wait()
        emulator = try loop.flatSubmit { [log] in
            Emulator.start(
                started,
                frontDoor: Emulator.Address(host: "127.0.0.1", port: 0),
                runtimeAPI: Emulator.Address(host: "127.0.0.1", port: 0),
                eventLoop: loop,
                threadPool: pool,
                log: log.value,
                trace: isTraced ? { log.value.append(output: ByteBuffer(string: $0 + "\n")) } : nil
            )
        }.wait()
        port = try loop.submit { [emulator] in emulator.value.port }.wait()
    }

    deinit { try? shutdown() }

    func shutdown() throws {
        try threads.loop.flatSubmit { [emulator] in emulator.value.shutdown() }.wait()
    }

    func client(receiveBuffer: Int32? = nil) throws -> RawClient {
        try RawClient(port: port, receiveBuffer: receiveBuffer)
    }

    /// Sends an invocation; its answer is to be read from the result.
    func invoke(_ payload: String = "{}", headers: [String] = []) throws -> RawClient {
        let client = try client()
        client.send("POST", Self.path, headers: headers, body: payload)
        return client
    }

    /// A connection to the Runtime API, once the process has told where that is.
    func runtime() throws -> RuntimeClient {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            let lines = try text().split(separator: "\n")
            guard let line = lines.last(where: { $0.hasPrefix("api ") }) else { continue }
            return try RuntimeClient(port: try #require(line.split(separator: ":").last.flatMap { Int($0) }))
        }
        throw RawClient.ClientError.ended
    }

    /// The log so far.
    func text() throws -> String {
        try threads.loop.flatSubmit { [log] in log.value.flush() }.wait()
        return written.text
    }
}

private final class WrittenText: Sendable {
    private let mutex = Mutex("")
    var text: String { mutex.withLock { $0 } }
    func append(_ bytes: ByteBuffer) { mutex.withLock { $0 += String(buffer: bytes) } }
}
