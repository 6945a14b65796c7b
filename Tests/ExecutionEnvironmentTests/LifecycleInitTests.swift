import Testing

@testable import ExecutionEnvironment

/// The init phase: its limit of 10 s, its failures, and the second init inside the invoke.
struct LifecycleInitTests {
    typealias Event = LifecycleScript.Event
    typealias Row = LifecycleInvokeTests.Row

    /// The first init has failed at 20 and nothing runs; the second began.
    private static let second: [Event] = [.invoke, .pass(20), .exit(1), .processesEnded]

    private static let rows = [
        Row(
            title: "an init ahead of the invocation",
            events: [.start],
            actions: ["log INIT_START", "timer 10000", "launch"]
        ),
        Row(title: "… started twice", events: [.start, .start], actions: []),
        Row(
            title: "… that is done",
            events: [.start, .pass(30), .next],
            actions: [
                "log INIT_RUNTIME_DONE init success", "log INIT_REPORT 30 init success", "no timer", "initialized",
            ]
        ),
        Row(
            title: "… pays for itself",
            events: [.start, .pass(30), .next, .pass(5), .invoke, .pass(2), .begin, .respond, .next],
            actions: ["log RUNTIME_DONE r1 2 success", "no timer", "log END r1", "finish r1 2", "idle"]
        ),
        Row(title: "an invocation during the init waits for it", events: [.start, .pass(10), .invoke], actions: []),
        Row(
            title: "… and is delivered",
            events: [.start, .pass(10), .invoke, .pass(10), .next],
            actions: [
                "log INIT_RUNTIME_DONE init success", "log INIT_REPORT 20 init success", "log START r1", "timer 3020",
                "deliver until 3020",
            ]
        ),
        Row(
            title: "an exit during the init",
            events: [.invoke, .pass(20), .exit(1)],
            actions: [
                "no timer", "log INIT_RUNTIME_DONE init Runtime.ExitError", "log INIT_REPORT 20 init Runtime.ExitError",
                "kill",
            ]
        ),
        Row(
            title: "… is followed by an init inside the invoke",
            events: second,
            actions: ["log INIT_START invoke", "timer 3020", "launch"]
        ),
        Row(
            title: "… which may succeed, on the invocation's account",
            events: second + [.pass(5), .next],
            actions: [
                "log INIT_RUNTIME_DONE invoke success", "log INIT_REPORT 5 invoke success", "log START r1",
                "timer 3020", "deliver until 3020",
            ]
        ),
        Row(
            title: "… and is part of its duration",
            events: second + [.pass(5), .next, .pass(5), .begin, .respond, .next],
            actions: ["log RUNTIME_DONE r1 10 success", "no timer", "log END r1", "finish r1 10", "idle"]
        ),
        Row(
            title: "an exit during both",
            events: second + [.pass(9), .signal(4)],
            actions: [
                "log INIT_RUNTIME_DONE invoke Runtime.ExitError", "log INIT_REPORT 9 invoke Runtime.ExitError",
                "log START r1", "no timer",
                "answer crash Runtime.ExitError: RequestId: r1 Error: Runtime exited with error: signal: illegal instruction",
                "log FAULT r1 Runtime exited with error: signal: illegal instruction / Runtime.ExitError",
                "log RUNTIME_DONE r1 9 Runtime.ExitError", "log END r1", "finish r1 9 Runtime.ExitError", "kill",
            ]
        ),
        Row(
            title: "after that the next invocation starts anew",
            events: second + [.exit(1), .processesEnded, .invoke],
            actions: ["log INIT_START", "timer 10020", "launch"]
        ),
        Row(
            title: "an init error",
            events: [.invoke, .pass(20), .initError],
            actions: [
                "no timer", "log INIT_RUNTIME_DONE init Runtime.Bad", "log INIT_REPORT 20 init Runtime.Bad", "kill",
            ]
        ),
        Row(title: "… and the exit that follows it", events: [.invoke, .initError, .exit(1)], actions: []),
        Row(
            title: "an init error twice",
            events: [.invoke, .initError, .processesEnded, .pass(3), .initError],
            actions: [
                "log INIT_RUNTIME_DONE invoke Runtime.Bad", "log INIT_REPORT 3 invoke Runtime.Bad", "log START r1",
                "no timer", "answer init error Runtime.Bad", "log RUNTIME_DONE r1 3 Runtime.Bad", "log END r1",
                "finish r1 3 Runtime.Bad", "kill",
            ]
        ),
        Row(
            title: "an init error while resetting",
            events: [.invoke, .initError, .initError],
            actions: ["403 InvalidStateTransition"]
        ),
        Row(
            title: "nothing to launch",
            events: [.invoke, .noBootstrap],
            actions: [
                "no timer", "log INIT_RUNTIME_DONE init Runtime.InvalidEntrypoint",
                "log INIT_REPORT 0 init Runtime.InvalidEntrypoint", "kill",
            ]
        ),
        Row(
            title: "… twice",
            events: [.invoke, .noBootstrap, .processesEnded, .noBootstrap],
            actions: [
                "log INIT_RUNTIME_DONE invoke Runtime.InvalidEntrypoint",
                "log INIT_REPORT 0 invoke Runtime.InvalidEntrypoint", "log START r1", "no timer",
                "answer crash Runtime.InvalidEntrypoint: RequestId: r1 Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
                "log FAULT r1 Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap] / Runtime.InvalidEntrypoint",
                "log RUNTIME_DONE r1 0 Runtime.InvalidEntrypoint", "log END r1",
                "finish r1 0 Runtime.InvalidEntrypoint", "kill",
            ]
        ),
        Row(
            title: "an init past its limit",
            events: [.invoke, .pass(10_000), .deadline],
            actions: ["log INIT_RUNTIME_DONE init timeout", "log INIT_REPORT 10000 init timeout", "kill"]
        ),
        Row(
            title: "… is run again inside the invoke",
            events: [.invoke, .pass(10_000), .deadline, .processesEnded],
            actions: ["log INIT_START invoke", "timer 13000", "launch"]
        ),
        Row(
            title: "… and may take too long again",
            events: [.invoke, .pass(10_000), .deadline, .processesEnded, .pass(3000), .deadline],
            actions: [
                "answer timeout Sandbox.Timedout: RequestId: r1 Error: Task timed out after 3.00 seconds",
                "log INIT_RUNTIME_DONE invoke timeout", "log INIT_REPORT 3000 invoke timeout", "log START r1",
                "log TIMEOUT r1", "log RUNTIME_DONE r1 3000 timeout", "log END r1", "finish r1 3000 timeout", "kill",
            ]
        ),
        Row(
            title: "a failed init that no invocation waits for",
            events: [.start, .exit(1), .processesEnded],
            actions: ["idle"]
        ),
        Row(
            title: "… is run again inside the first invoke",
            events: [.start, .exit(1), .processesEnded, .pass(5), .invoke],
            actions: ["log INIT_START invoke", "timer 3005", "launch"]
        ),
    ]

    @Test(arguments: rows)
    func actions(row: Row) {
        var script = LifecycleScript()
        #expect(script.run(row.events) == row.actions)
    }
}
