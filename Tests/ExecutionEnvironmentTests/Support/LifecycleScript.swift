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
        /// Moves the clock, in milliseconds.
        case pass(Int64)
    }

    private(set) var lifecycle = EnvironmentLifecycle(
        function: FunctionConfiguration(name: "f", timeout: 3, memorySize: 128)
    )
    private var now = NIODeadline.uptimeNanoseconds(0)
    private var invocations = 0

    /// The id of the last invocation: `r1`, `r2`, …
    private var id: String { "r\(invocations)" }

    /// Applies the events and returns the actions of the last one.
    mutating func run(_ events: [Event]) -> [String] {
        var result: [String] = []
        for event in events { result = apply(event) }
        return result
    }

    private mutating func apply(_ event: Event) -> [String] {
        switch event {
        case .start: return describe(lifecycle.start(at: now))
        case .invoke:
            invocations += 1
            return describe(lifecycle.invoke(id, at: now))
        case .shutdown: return describe(lifecycle.shutdown(at: now))
        case .next: return describe(lifecycle.runtimeAskedNext(at: now))
        case .hangUp:
            lifecycle.runtimeHungUp()
            return []
        case .begin: return lifecycle.responseBegan(for: id).map { ["\($0.status.code) \($0.type)"] } ?? []
        case .beginOther: return lifecycle.responseBegan(for: "other").map { ["\($0.status.code) \($0.type)"] } ?? []
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
            do throws(APIRefusal) {
                return describe(try lifecycle.initErrorPosted(type: "Runtime.Bad", at: now))
            } catch {
                return ["\(error.status.code) \(error.type)"]
            }
        case .noBootstrap: return describe(lifecycle.launchFailed(.noEntrypoint, at: now))
        case .exit(let code): return describe(lifecycle.processExited(ProcessExit(status: .exited(code)), at: now))
        case .signal(let number):
            return describe(lifecycle.processExited(ProcessExit(status: .signaled(number)), at: now))
        case .processesEnded: return describe(lifecycle.processesEnded(at: now))
        case .deadline: return describe(lifecycle.deadlinePassed(at: now))
        case .pass(let milliseconds):
            now = now + .milliseconds(milliseconds)
            return []
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
            case .becameIdle: "idle"
            case .ended: "ended"
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

    private func describe(_ record: LogRecord) -> String {
        switch record {
        case .initStart: "INIT_START"
        case .initReport(let duration, let phase, .timeout):
            "INIT_REPORT \(duration.nanoseconds / 1_000_000) \(phase) timeout"
        case .initReport(let duration, let phase, .error(let type)):
            "INIT_REPORT \(duration.nanoseconds / 1_000_000) \(phase) \(type)"
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
        switch report.status {
        case .success: break
        case .timeout: words.append("timeout")
        case .error(let type): words.append(type)
        }
        return words.joined(separator: " ")
    }
}
