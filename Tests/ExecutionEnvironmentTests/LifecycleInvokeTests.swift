import Testing

@testable import ExecutionEnvironment

/// The invoke phase of the lifecycle: success, errors, time-outs, exits, and calls out of turn.
struct LifecycleInvokeTests {
    typealias Event = LifecycleScript.Event

    struct Row: Sendable, CustomTestStringConvertible {
        var title: String
        var events: [Event]
        var actions: [String]
        var testDescription: String { title }
    }

    /// A first invocation is with the runtime; 40 ms went into the init, the event was delivered at 40.
    private static let delivered: [Event] = [.invoke, .pass(40), .next]
    /// A first invocation is over at 50 and the runtime waits.
    private static let warm = delivered + [.pass(10), .begin, .respond, .next]

    private static let rows = [
        Row(title: "a cold start", events: [.invoke], actions: ["log INIT_START", "timer 10000", "launch"]),
        Row(
            title: "the runtime asks for the first time",
            events: delivered,
            actions: [
                "log INIT_RUNTIME_DONE init success", "log INIT_REPORT 40 init success", "log START r1", "timer 3040",
                "deliver until 3040",
            ]
        ),
        Row(title: "a response", events: delivered + [.pass(10), .begin, .respond], actions: ["answer response"]),
        Row(
            title: "the runtime asks for the next",
            events: delivered + [.pass(10), .begin, .respond, .pass(2), .next],
            actions: ["log RUNTIME_DONE r1 12 success", "no timer", "log END r1", "finish r1 12 init 40", "idle"]
        ),
        Row(
            title: "the next invocation, the runtime waiting",
            events: warm + [.pass(100), .invoke],
            actions: ["log START r2", "timer 3150", "deliver until 3150"]
        ),
        Row(
            title: "a warm invocation pays for no init",
            events: warm + [.pass(100), .invoke, .pass(5), .begin, .respond, .next],
            actions: ["log RUNTIME_DONE r2 5 success", "no timer", "log END r2", "finish r2 5", "idle"]
        ),
        Row(
            title: "an invocation before the runtime asks again",
            events: delivered + [.begin, .respond, .next, .hangUp, .invoke],
            actions: ["log START r2", "timer 3040"]
        ),
        Row(
            title: "… which then asks",
            events: delivered + [.begin, .respond, .next, .hangUp, .invoke, .next],
            actions: ["deliver until 3040"]
        ),
        Row(title: "asked twice while idle", events: warm + [.next], actions: []),
        Row(title: "asked again while the event runs", events: delivered + [.next], actions: ["deliver until 3040"]),
        Row(title: "asked again while the response arrives", events: delivered + [.begin, .next], actions: []),
        Row(
            title: "… which then ends",
            events: delivered + [.begin, .next, .respond],
            actions: [
                "answer response", "log RUNTIME_DONE r1 0 success", "no timer", "log END r1", "finish r1 0 init 40",
                "idle",
            ]
        ),
        Row(
            title: "a function error",
            events: delivered + [.begin, .functionError],
            actions: ["answer function error Function.Oops"]
        ),
        Row(title: "a streamed response", events: delivered + [.begin, .stream], actions: ["answer streamed"]),
        Row(
            title: "a response too large",
            events: delivered + [.begin, .tooLarge],
            actions: ["answer responseTooLarge Function.ResponseSizeTooLarge: large"]
        ),
        Row(
            title: "… is an error in the report",
            events: delivered + [.begin, .tooLarge, .next],
            actions: [
                "log RUNTIME_DONE r1 0 Function.ResponseSizeTooLarge", "no timer", "log END r1",
                "finish r1 0 init 40 Function.ResponseSizeTooLarge", "idle",
            ]
        ),
        Row(
            title: "a truncated response",
            events: delivered + [.begin, .truncated],
            actions: ["answer truncatedResponse Runtime.TruncatedResponse: short"]
        ),
        Row(
            title: "a second response while the first arrives",
            events: delivered + [.begin, .begin],
            actions: ["403 InvalidStateTransition"]
        ),
        Row(
            title: "a second response",
            events: delivered + [.begin, .respond, .begin],
            actions: ["403 InvalidStateTransition"]
        ),
        Row(title: "an unknown id", events: delivered + [.beginOther], actions: ["400 InvalidRequestID"]),
        Row(title: "the id of an invocation that is over", events: warm + [.begin], actions: ["400 InvalidRequestID"]),
        Row(title: "a response before any event", events: [.invoke, .begin], actions: ["400 InvalidRequestID"]),
        Row(title: "the end of a response that never began", events: delivered + [.respond], actions: []),
        Row(
            title: "an init error after the init",
            events: delivered + [.initError],
            actions: ["403 InvalidStateTransition"]
        ),
        Row(title: "an init error while idle", events: warm + [.initError], actions: ["403 InvalidStateTransition"]),
        Row(
            title: "a time-out",
            events: delivered + [.pass(3000), .deadline],
            actions: [
                "answer timeout Sandbox.Timedout: RequestId: r1 Error: Task timed out after 3.00 seconds",
                "log TIMEOUT r1", "log RUNTIME_DONE r1 3000 timeout", "log END r1", "finish r1 3000 init 40 timeout",
                "kill",
            ]
        ),
        Row(
            title: "a time-out after the response",
            events: delivered + [.begin, .respond, .pass(3000), .deadline],
            actions: [
                "log TIMEOUT r1", "log RUNTIME_DONE r1 3000 timeout", "log END r1", "finish r1 3000 init 40 timeout",
                "kill",
            ]
        ),
        Row(title: "a response after the time-out", events: delivered + [.begin, .deadline, .respond], actions: []),
        Row(title: "a next after the time-out", events: delivered + [.deadline, .next], actions: []),
        Row(title: "a deadline while idle", events: warm + [.deadline], actions: []),
        Row(title: "the reset is over", events: delivered + [.deadline, .processesEnded], actions: ["idle"]),
        Row(
            title: "an invocation after the reset starts cold",
            events: delivered + [.deadline, .processesEnded, .invoke],
            actions: ["log INIT_START", "timer 10040", "launch"]
        ),
        Row(title: "an invocation during the reset waits", events: delivered + [.deadline, .invoke], actions: []),
        Row(
            title: "… and starts cold",
            events: delivered + [.deadline, .invoke, .processesEnded],
            actions: ["log INIT_START", "timer 10040", "launch"]
        ),
        Row(
            title: "an exit during the invoke",
            events: delivered + [.pass(7), .exit(1)],
            actions: [
                "no timer",
                "answer crash Runtime.ExitError: RequestId: r1 Error: Runtime exited with error: exit status 1",
                "log FAULT r1 Runtime exited with error: exit status 1 / Runtime.ExitError",
                "log RUNTIME_DONE r1 7 Runtime.ExitError", "log END r1", "finish r1 7 init 40 Runtime.ExitError",
                "kill",
            ]
        ),
        Row(
            title: "killed for memory",
            events: delivered + [.pass(7), .outOfMemory],
            actions: [
                "no timer",
                "answer crash Runtime.OutOfMemory: RequestId: r1 Error: Runtime exited with error: signal: killed",
                "log FAULT r1 Runtime exited with error: signal: killed / Runtime.OutOfMemory",
                "log RUNTIME_DONE r1 7 Runtime.OutOfMemory", "log END r1", "finish r1 7 init 40 Runtime.OutOfMemory",
                "kill",
            ]
        ),
        Row(
            title: "an exit with status 0",
            events: delivered + [.exit(0)],
            actions: [
                "no timer",
                "answer crash Runtime.ExitError: RequestId: r1 Error: Runtime exited without providing a reason",
                "log FAULT r1 Runtime exited without providing a reason / Runtime.ExitError",
                "log RUNTIME_DONE r1 0 Runtime.ExitError", "log END r1", "finish r1 0 init 40 Runtime.ExitError",
                "kill",
            ]
        ),
        Row(
            title: "a crash while the response arrives",
            events: delivered + [.begin, .signal(11)],
            actions: [
                "no timer",
                "answer crash Runtime.ExitError: RequestId: r1 Error: Runtime exited with error: signal: segmentation fault",
                "log FAULT r1 Runtime exited with error: signal: segmentation fault / Runtime.ExitError",
                "log RUNTIME_DONE r1 0 Runtime.ExitError", "log END r1", "finish r1 0 init 40 Runtime.ExitError",
                "kill",
            ]
        ),
        Row(
            title: "an exit after the response is no answer",
            events: delivered + [.begin, .respond, .exit(3)],
            actions: [
                "no timer", "log FAULT r1 Runtime exited with error: exit status 3 / Runtime.ExitError",
                "log RUNTIME_DONE r1 0 Runtime.ExitError", "log END r1", "finish r1 0 init 40 Runtime.ExitError",
                "kill",
            ]
        ),
        Row(title: "an exit while idle", events: warm + [.exit(0)], actions: ["no timer", "kill"]),
        Row(title: "… then nothing is left", events: warm + [.exit(0), .processesEnded], actions: ["idle"]),
        Row(title: "an exit is not told twice", events: delivered + [.exit(1), .exit(1)], actions: []),
        Row(
            title: "a hung-up runtime is not delivered to",
            events: [.start, .next, .hangUp, .invoke],
            actions: ["log START r1", "timer 3000"]
        ),
        Row(
            title: "a second invocation is abandoned",
            events: delivered + [.invoke],
            actions: ["answer abandoned", "finish without report"]
        ),
    ]

    @Test(arguments: rows)
    func actions(row: Row) {
        var script = LifecycleScript()
        #expect(script.run(row.events) == row.actions)
    }
}
