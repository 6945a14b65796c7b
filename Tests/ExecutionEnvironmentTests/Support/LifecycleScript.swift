import HTTPServer
import LambdaModel
import NIOCore

@testable import ExecutionEnvironment

/// Drives an ``EnvironmentLifecycle`` of a function with a time-out of 3 s and 128 MB; writes its actions as text, one
/// word or short phrase each, so that a table reads like a log.
struct LifecycleScript {
    enum Event: Sendable {
        case start, invoke, shutdown
        case next, hangUp
        /// A response begins; for the current invocation unless said.
        case begin, beginOther
        case respond, stream, functionError, tooLarge, truncated
        case initError
        case noBootstrap, exit(Int32), signal(Int32), processesEnded
        case deadline
        /// The caller of a streamed response goes away.
        case callerLeaves
        /// The runtime is killed for its memory.
        case outOfMemory
        /// The environment has rested for so long that it is to be frozen.
        case freezeIsDue
        /// Moves the clock, in milliseconds.
        case pass(Int64)
        /// The processes are there, with external extensions of these names.
        case launched([String] = [])
        /// An extension registers; its identifier is its name.
        case register(String, [String] = ["INVOKE", "SHUTDOWN"])
        case extensionNext(String)
        case extensionHangUp(String)
        case extensionInitError(String), extensionExitError(String)
        case extensionExit(Int, Int32), extensionNotExecutable(Int)
        case flushed
    }

    private(set) var lifecycle: EnvironmentLifecycle
    private var now = NIODeadline.uptimeNanoseconds(0)
    private var invocations = 0

    init(
        initializationType: FunctionEnvironment.InitializationType = .onDemand,
        timeout: Int = 3,
        freezeDelay: TimeAmount? = nil
    ) {
        lifecycle = EnvironmentLifecycle(
            function: FunctionConfiguration(name: "f", timeout: timeout, memorySize: 128),
            initializationType: initializationType,
            freezeDelay: freezeDelay
        )
    }

    /// The id of the last invocation: `r1`, `r2`, …
    private var id: String { "r\(invocations)" }

    /// Applies the events and returns the actions of the last one. Where no event tells of launches, the processes are
    /// there at once.
    mutating func run(_ events: [Event]) -> [String] {
        let launchesItself = !events.contains { if case .launched = $0 { true } else { false } }
        var result: [String] = []
        for event in events {
            result = apply(event)
            if launchesItself, result.contains("launch") { _ = apply(.launched()) }
        }
        return result
    }

    private mutating func apply(_ event: Event) -> [String] {
        switch event {
        case .start: return describe(lifecycle.start(at: now))
        case .invoke:
            invocations += 1
            return describe(lifecycle.invoke(id, at: now))
        case .shutdown: return describe(lifecycle.shutdown(at: now))
        case .next:
            return answer { () throws(APIRefusal) in describe(try lifecycle.runtimeAskedNext(at: now)) }
        case .hangUp:
            lifecycle.runtimeHungUp()
            return []
        case .begin: return lifecycle.responseBegan(for: id, at: now).map { ["\($0.status.code) \($0.type)"] } ?? []
        case .beginOther:
            return lifecycle.responseBegan(for: "other", at: now).map { ["\($0.status.code) \($0.type)"] } ?? []
        case .respond: return describe(lifecycle.responseEnded(.response, for: id, at: now))
        case .stream: return describe(lifecycle.responseEnded(.streamed, for: id, at: now))
        case .functionError:
            return describe(lifecycle.responseEnded(.functionError(type: "Function.Oops"), for: id, at: now))
        case .tooLarge:
            let error = LambdaError(errorType: "Function.ResponseSizeTooLarge", errorMessage: "large")
            return describe(lifecycle.responseEnded(.failed(.responseTooLarge, error), for: id, at: now))
        case .truncated:
            let error = LambdaError(errorType: "Runtime.TruncatedResponse", errorMessage: "short")
            return describe(lifecycle.responseEnded(.failed(.truncatedResponse, error), for: id, at: now))
        case .initError:
            return answer { () throws(APIRefusal) in
                describe(try lifecycle.initErrorPosted(type: "Runtime.Bad", at: now))
            }
        case .noBootstrap: return describe(lifecycle.launchFailed(.noEntrypoint, at: now))
        case .exit(let code): return describe(lifecycle.processExited(ProcessExit(status: .exited(code)), at: now))
        case .signal(let number):
            return describe(lifecycle.processExited(ProcessExit(status: .signaled(number)), at: now))
        case .outOfMemory:
            var exit = ProcessExit(status: .signaled(9))
            exit.outOfMemory = OutOfMemory(heldBytes: 1, wantedBytes: 2)
            return describe(lifecycle.processExited(exit, at: now))
        case .processesEnded: return describe(lifecycle.processesEnded(at: now))
        case .deadline: return describe(lifecycle.deadlinePassed(at: now))
        case .pass(let milliseconds):
            now = now + .milliseconds(milliseconds)
            return []
        case .callerLeaves: return describe(lifecycle.callerLeft(id, at: now))
        case .freezeIsDue: return describe(lifecycle.freezeIsDue(at: now))
        case .launched(let names): return describe(lifecycle.launched(extensions: names, at: now))
        case .flushed: return describe(lifecycle.telemetryFlushed(at: now))
        default: return applyToExtension(event)
        }
    }

    private mutating func applyToExtension(_ event: Event) -> [String] {
        switch event {
        case .register(let name, let events):
            return answer { () throws(APIRefusal) in
                describe(
                    try lifecycle.extensionRegistered(name: name, events: events, identifier: name, at: now)
                )
            }
        case .extensionNext(let name):
            return answer { () throws(APIRefusal) in
                let (delivery, actions) = try lifecycle.extensionAskedNext(name, at: now)
                return (delivery.map { ["given \(describe($0))"] } ?? []) + describe(actions)
            }
        case .extensionHangUp(let name):
            lifecycle.extensionHungUp(name)
            return []
        case .extensionInitError(let name):
            return answer { () throws(APIRefusal) in
                describe(try lifecycle.extensionReported(.initError, type: "Extension.Bad", name, at: now))
            }
        case .extensionExitError(let name):
            return answer { () throws(APIRefusal) in
                describe(try lifecycle.extensionReported(.exitError, type: "Extension.Bad", name, at: now))
            }
        case .extensionExit(let process, let code):
            return describe(lifecycle.extensionExited(process, ProcessExit(status: .exited(code)), at: now))
        case .extensionNotExecutable(let process):
            let failure = LaunchFailure.exec(code: 13, path: "/opt/extensions/\(process)")
            return describe(lifecycle.extensionLaunchFailed(process, failure, at: now))
        default: return ["an event that the script does not know"]
        }
    }

    private func answer(_ body: () throws(APIRefusal) -> [String]) -> [String] {
        do throws(APIRefusal) {
            return try body()
        } catch {
            return ["\(error.status.code) \(error.type)"]
        }
    }

    private func describe(_ actions: [EnvironmentLifecycle.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .launch: "launch"
            case .kill: "kill"
            case .setTimer(let deadline): "timer \(deadline.uptimeNanoseconds / 1_000_000)"
            case .clearTimer: "no timer"
            case .deliver(let deadline): "deliver until \(deadline.uptimeNanoseconds / 1_000_000)"
            case .answer(let outcome): "answer \(describe(outcome))"
            case .log(let record): "log \(describe(record))"
            case .finish(nil): "finish without report"
            case .finish(.some(let report)): "finish \(describe(report))"
            case .initialized: "initialized"
            case .becameIdle: "idle"
            case .ended: "ended"
            case .startExtensions: "start extensions"
            case .startRuntime: "start runtime"
            case .terminateRuntime: "terminate runtime"
            case .killRuntime: "kill runtime"
            case .killExtension(let process): "kill extension \(process)"
            case .freeze: "freeze"
            case .thaw: "thaw"
            case .setFreezeTimer(let deadline): "freeze at \(deadline.uptimeNanoseconds / 1_000_000)"
            case .deliverToExtension(let identifier, let delivery): "give \(identifier) \(describe(delivery))"
            case .flushTelemetry: "flush"
            case .cutResponse: "cut"
            }
        }
    }

    private func describe(_ outcome: EnvironmentLifecycle.Outcome) -> String {
        switch outcome {
        case .response: "response"
        case .streamed: "streamed"
        case .functionError(let type): "function error \(type)"
        case .initError(let type): "init error \(type)"
        case .failed(let failure, let error): "\(failure) \(error.errorType): \(error.errorMessage)"
        case .abandoned: "abandoned"
        }
    }

    private func describe(_ delivery: ExtensionDelivery) -> String {
        switch delivery {
        case .invoke(let deadline): "INVOKE until \(deadline.uptimeNanoseconds / 1_000_000)"
        case .shutdown(let reason, let deadline):
            "SHUTDOWN \(reason) until \(deadline.uptimeNanoseconds / 1_000_000)"
        }
    }

    private func describe(_ record: LogRecord) -> String {
        switch record {
        case .initStart(.`init`): "INIT_START"
        case .initStart(.invoke): "INIT_START invoke"
        case .initRuntimeDone(let phase, let status): "INIT_RUNTIME_DONE \(phase) \(describe(status))"
        case .initReport(let duration, let phase, let status):
            "INIT_REPORT \(duration.nanoseconds / 1_000_000) \(phase) \(describe(status))"
        case .runtimeDone(let done):
            "RUNTIME_DONE \(done.requestID) \(done.duration.nanoseconds / 1_000_000) \(describe(done.status))"
        case .extensionState(let record):
            "EXTENSION \(record.name) \(record.state.rawValue)" + (record.errorType.map { " " + $0 } ?? "")
        case .subscription(let record): "SUBSCRIPTION \(record.name)"
        case .start(let id): "START \(id)"
        case .fault(let id, let type, let message): "FAULT \(id) \(message) / \(type)"
        case .timedOut(let id): "TIMEOUT \(id)"
        case .end(let id): "END \(id)"
        case .report(let report): "REPORT \(describe(report))"
        case .crash(let explanation): "CRASH \(explanation.lines)"
        }
    }

    private func describe(_ report: InvocationReport) -> String {
        var words = [report.requestID, String(report.duration.nanoseconds / 1_000_000)]
        if let initDuration = report.initDuration { words.append("init \(initDuration.nanoseconds / 1_000_000)") }
        if report.status != .success { words.append(describe(report.status)) }
        if let overhead = report.extensionOverhead {
            words.append("extensions \(overhead.duration.nanoseconds / 1_000_000)")
        }
        return words.joined(separator: " ")
    }

    private func describe(_ status: LogRecord.Status) -> String {
        switch status {
        case .success: "success"
        case .timeout: "timeout"
        case .error(let type): type
        }
    }
}
