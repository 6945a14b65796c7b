import LambdaModel
import NIOCore
import NIOPosix
import Sandbox
import Synchronization
import Testing

@testable import ExecutionEnvironment

/// An execution environment on threads of its own. What runs in it is a shell script; where that only sleeps, the test
/// itself plays the runtime through ``runtime()``. Everything has ended when the value is gone.
final class TestEnvironment: Sendable {
    /// A process that does nothing until it is killed.
    static let sleeper = "echo pid $$; exec sleep 1000"

    let clock: TestClock
    let launches = Events<String>()
    let launchFailures = Events<LaunchFailure>()
    private let threads: TestThreads
    private let written = WrittenText()
    private let parts: NIOLoopBound<(environment: ExecutionEnvironment, log: FunctionLog)>

    /// - Parameters:
    ///   - script: runs in `/bin/sh`, with the Runtime API's address in `API`.
    ///   - launch: what to launch instead.
    init(
        script: String = TestEnvironment.sleeper,
        function: FunctionConfiguration = FunctionConfiguration(name: "f", timeout: 3),
        clock: TestClock = TestClock(),
        threads: TestThreads = TestThreads(),
        launch: (@Sendable (String) throws(LaunchFailure) -> LaunchPlan)? = nil,
        capturesCrashes: CrashCapturePolicy = .never,
        explainCrash: CrashExplainer? = nil,
        freezeDelay: TimeAmount? = nil
    ) throws {
        self.clock = clock
        self.threads = threads
        let (loop, pool, launches, failures) = (threads.loop, threads.pool, launches, launchFailures)
        let written = written
        var configuration = EnvironmentConfiguration(function: function) { (address, _) throws(LaunchFailure) in
            launches.add(address)
            clock.noteLaunch()
            if let launch { return try launch(address) }
            return Self.shell(script, variables: ["API": address, "PATH": "/usr/local/bin:/usr/bin:/bin"])
        }
        configuration.capturesCrashes = capturesCrashes
        configuration.explainCrash = explainCrash
        // The tests themselves block Swift's threads.
        configuration.explanationExecutor = ThreadPoolExecutor(pool: pool)
        configuration.freezeDelay = freezeDelay
        parts = try loop.submit { [configuration] in
            let log = FunctionLog(eventLoop: loop, threadPool: pool) { written.append($0) }
            let environment = ExecutionEnvironment(
                configuration: configuration,
                eventLoop: loop,
                threadPool: pool,
                log: log,
                clock: clock.environmentClock
            )
            environment.onLaunchFailure = { failures.add($0) }
            return NIOLoopBound((environment, log), eventLoop: loop)
        }.wait()
        try loop.flatSubmit { [parts] in parts.value.environment.open() }.wait()
    }

    deinit {
        try? shutdown()
    }

    static func shell(_ script: String, variables: [String: String]) -> LaunchPlan {
        let specification = LaunchSpecification(
            executable: "/bin/sh",
            arguments: ["sh", "-c", script],
            environment: variables,
            workingDirectory: "/"
        )
        return LaunchPlan(specification: specification, shownPath: "/var/task/bootstrap")
    }

    /// A runtime and, beside it, an external extension called `agent`; `nil`: one whose file cannot be executed.
    static func shell(_ script: String, address: String, besides extensionScript: String?) -> LaunchPlan {
        let variables = ["API": address, "PATH": "/usr/local/bin:/usr/bin:/bin"]
        var plan = shell(script, variables: variables)
        plan.specification.extensions = [
            ExtensionSpecification(
                executable: extensionScript == nil ? "/etc/hostname" : "/bin/sh",
                arguments: ["sh", "-c", extensionScript ?? ""],
                environment: variables,
                workingDirectory: "/"
            )
        ]
        plan.extensions = [.init(name: "agent", shownPath: "/opt/extensions/agent")]
        return plan
    }

    // MARK: The caller's side

    func start() throws {
        try threads.loop.submit { [parts] in parts.value.environment.start() }.wait()
    }

    var isIdle: Bool {
        get throws { try threads.loop.submit { [parts] in parts.value.environment.isIdle }.wait() }
    }

    /// Hands in an invocation; what becomes of it comes through the result.
    @discardableResult
    func invoke(_ requestID: String = "r1", payload: String = "{}") throws -> TestInvocation {
        try invoke(InvocationRequest(requestID: requestID, invokedFunctionARN: "arn:f"), payload: payload)
    }

    @discardableResult
    func invoke(_ request: InvocationRequest, payload: String = "{}") throws -> TestInvocation {
        let result = TestInvocation(loop: threads.loop)
        try threads.loop.submit { [parts] in
            let invocation = Invocation(request: request, payload: ByteBuffer(string: payload))
            result.attach(to: invocation)
            parts.value.environment.invoke(invocation)
        }.wait()
        return result
    }

    /// Ends everything; may be called again.
    func shutdown() throws {
        try threads.loop.flatSubmit { [parts] in parts.value.environment.shutdown() }.wait()
    }

    /// The same without waiting for the end.
    func beginShutdown() -> EventLoopFuture<Void> {
        threads.loop.flatSubmit { [parts] in parts.value.environment.shutdown() }
    }

    /// The log so far.
    func log() throws -> String {
        try threads.loop.flatSubmit { [parts] in parts.value.log.flush() }.wait()
        return written.text
    }

    /// The log so far; times and sizes are `#`, tabs are ` | `.
    func logWithoutFigures() throws -> String {
        try log().replacing(#/[0-9.]+ (ms|MB)/#) { "# \($0.output.1)" }.replacing("\t", with: " | ")
    }

    /// Waits for a text in the log; whether it came.
    func logs(_ text: String) throws -> Bool {
        try waits { try log().contains(text) }
    }

    /// The number of the ``sleeper``'s process.
    func processID() throws -> Int32 {
        try #require(try logs("pid "))
        let last = try log().split(separator: "\n").last { $0.hasPrefix("pid ") }
        return try #require(last.flatMap { Int32($0.dropFirst(4)) })
    }

    // MARK: The runtime's side

    /// A connection to the Runtime API of the process that has been launched and of which nobody has asked yet.
    func runtime() throws -> RuntimeClient {
        let address = try #require(launches.next())
        let port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
        return try RuntimeClient(port: port)
    }
}

/// What a log has written.
private final class WrittenText: Sendable {
    private let mutex = Mutex("")
    var text: String { mutex.withLock { $0 } }
    func append(_ bytes: ByteBuffer) { mutex.withLock { $0 += String(buffer: bytes) } }
}
