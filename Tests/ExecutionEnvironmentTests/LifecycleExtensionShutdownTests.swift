import NIOCore
import Testing

@testable import ExecutionEnvironment

/// The shutdown phase with extensions, its deadlines by an injected clock: 0 ms without extensions, 500 ms with internal
/// ones, 2,000 ms with external ones.
struct LifecycleExtensionShutdownTests {
    typealias Event = LifecycleScript.Event
    typealias Row = LifecycleInvokeTests.Row

    /// Everyone waits for an event: an external extension that takes part in both, and one in neither.
    private static let external: [Event] = [
        .start, .launched(["a", "b"]), .register("a"), .register("b", []), .extensionNext("a"), .extensionNext("b"),
        .next, .pass(100),
    ]
    private static let `internal`: [Event] = [
        .start, .launched(), .register("i", ["INVOKE"]), .extensionNext("i"), .next, .pass(100),
    ]

    private static let rows = [
        Row(
            title: "without extensions",
            events: [.start, .launched(), .next, .pass(100), .shutdown],
            actions: ["no timer", "kill"]
        ),
        // Internal ones.
        Row(
            title: "with an internal extension the runtime has 500 ms",
            events: `internal` + [.shutdown],
            actions: ["no timer", "terminate runtime", "timer 600"]
        ),
        Row(title: "… ends", events: `internal` + [.shutdown, .exit(0)], actions: ["no timer", "kill"]),
        Row(
            title: "… does not end",
            events: `internal` + [.shutdown, .pass(500), .deadline],
            actions: ["kill runtime", "no timer", "kill"]
        ),
        // External ones.
        Row(
            title: "beside external ones it has 300 ms",
            events: external + [.shutdown],
            actions: ["no timer", "terminate runtime", "timer 400"]
        ),
        Row(
            title: "it has ended",
            events: external + [.shutdown, .pass(20), .exit(0)],
            actions: ["timer 2100", "flush"]
        ),
        Row(
            title: "it refuses SIGTERM",
            events: external + [.shutdown, .pass(300), .deadline],
            actions: ["kill runtime", "timer 2100", "flush"]
        ),
        Row(
            title: "subscribers are served, so the extensions are told",
            events: external + [.shutdown, .exit(0), .flushed],
            actions: ["give a SHUTDOWN spindown until 2100", "kill extension 1"]
        ),
        Row(
            title: "the first has ended",
            events: external + [.shutdown, .exit(0), .flushed, .extensionExit(1, 9)],
            actions: []
        ),
        Row(
            title: "the last has ended",
            events: external + [.shutdown, .exit(0), .flushed, .extensionExit(1, 9), .extensionExit(0, 0)],
            actions: ["no timer", "kill"]
        ),
        Row(
            title: "one does not end in time",
            events: external + [.shutdown, .exit(0), .flushed, .pass(2000), .deadline],
            actions: ["no timer", "kill"]
        ),
        Row(
            title: "subscribers do not take what there is",
            events: external + [.shutdown, .exit(0), .pass(2000), .deadline],
            actions: ["no timer", "kill"]
        ),
        Row(title: "… and then do", events: external + [.shutdown, .exit(0), .deadline, .flushed], actions: []),
        Row(
            title: "an extension that is busy is told when it asks",
            events: external + [.invoke, .pass(3000), .deadline, .exit(0), .flushed, .extensionNext("a")],
            actions: ["given SHUTDOWN timeout until 5100"]
        ),
        Row(
            title: "… but not before subscribers are served",
            events: external + [.invoke, .pass(3000), .deadline, .exit(0), .extensionNext("a")],
            actions: []
        ),
        Row(
            title: "a failure is the reason",
            events: external + [.invoke, .extensionNext("a"), .exit(1)],
            actions: [
                "no timer",
                "answer crash Runtime.ExitError: RequestId: r1 Error: Runtime exited with error: exit status 1",
                "log FAULT r1 Runtime exited with error: exit status 1 / Runtime.ExitError",
                "log RUNTIME_DONE r1 0 Runtime.ExitError", "log END r1", "finish r1 0 Runtime.ExitError", "timer 2100",
                "flush",
            ]
        ),
        Row(
            title: "… of which they are told",
            events: external + [.invoke, .extensionNext("a"), .exit(1), .flushed],
            actions: ["give a SHUTDOWN failure until 2100", "kill extension 1"]
        ),
        Row(
            title: "one that has reported an exit error is not asked again",
            events: external + [.extensionExitError("a"), .shutdown, .exit(0), .flushed],
            actions: ["kill extension 0", "kill extension 1"]
        ),
        Row(
            title: "a next after the end",
            events: external + [.shutdown, .exit(0), .deadline, .extensionNext("b")],
            actions: ["403 Extension.InvalidExtensionState"]
        ),
        Row(
            title: "a crash of the only extension needs no time for others",
            events: [
                .start, .launched(["a"]), .register("a"), .extensionNext("a"), .next, .extensionExit(0, 1), .exit(0),
            ],
            actions: ["no timer", "kill"]
        ),
        // Around it.
        Row(title: "an invocation during it waits", events: external + [.extensionExit(0, 1), .invoke], actions: []),
        Row(
            title: "… and starts cold",
            events: external + [.extensionExit(0, 1), .invoke, .exit(0), .flushed, .deadline, .processesEnded],
            actions: ["log INIT_START", "timer 10100", "launch"]
        ),
        Row(title: "an end during it", events: external + [.extensionExit(0, 1), .shutdown], actions: []),
        Row(
            title: "… abandons what waits",
            events: external + [.extensionExit(0, 1), .invoke, .shutdown],
            actions: ["answer abandoned", "finish without report"]
        ),
        Row(
            title: "… and is the last",
            events: external + [.extensionExit(0, 1), .shutdown, .exit(0), .deadline, .processesEnded],
            actions: ["ended"]
        ),
        Row(
            title: "every process has ended by itself",
            events: external + [.shutdown, .exit(0), .processesEnded],
            actions: ["ended"]
        ),
    ]

    @Test(arguments: rows)
    func actions(row: Row) {
        var script = LifecycleScript()
        #expect(script.run(row.events) == row.actions)
    }

    // MARK: Freezing

    private static let rest: [Event] = [.invoke, .launched(), .next, .pass(5), .begin, .respond, .next]

    @Test(arguments: [
        Row(
            title: "after an invocation it is to be frozen",
            events: rest,
            actions: [
                "log RUNTIME_DONE r1 5 success", "no timer", "log END r1", "finish r1 5 init 0", "freeze at 15", "idle",
            ]
        ),
        Row(
            title: "after an init ahead of invocations too",
            events: [.start, .launched(), .next],
            actions: [
                "log INIT_RUNTIME_DONE init success", "log INIT_REPORT 0 init success", "no timer", "freeze at 10",
                "initialized",
            ]
        ),
        Row(title: "it is", events: rest + [.freezeIsDue], actions: ["freeze"]),
        Row(title: "twice", events: rest + [.freezeIsDue, .freezeIsDue], actions: []),
        Row(title: "not while an invocation runs", events: rest + [.invoke, .freezeIsDue], actions: []),
        Row(
            title: "an invocation thaws it",
            events: rest + [.freezeIsDue, .invoke],
            actions: ["thaw", "log START r2", "timer 3005", "deliver until 3005"]
        ),
        Row(
            title: "a shutdown has no use for that",
            events: rest + [.freezeIsDue, .shutdown],
            actions: ["no timer", "kill"]
        ),
        Row(
            title: "unless there are extensions",
            events: external + [.freezeIsDue, .shutdown],
            actions: ["no timer", "thaw", "terminate runtime", "timer 400"]
        ),
    ])
    func freezing(row: Row) {
        var script = LifecycleScript(freezeDelay: .milliseconds(10))
        #expect(script.run(row.events) == row.actions)
    }

    // MARK: Callers that go away

    private static let streaming: [Event] = [.invoke, .launched(), .next, .pass(7), .begin]
    private static let besideAnExtension: [Event] = [
        .invoke, .launched(["a"]), .register("a"), .extensionNext("a"), .next, .pass(7), .begin,
    ]

    @Test(arguments: [
        Row(
            title: "the stream is cut",
            events: streaming + [.callerLeaves],
            actions: ["cut", "answer abandoned", "timer 1007"]
        ),
        Row(
            title: "the runtime goes on to the next event",
            events: streaming + [.callerLeaves, .pass(3), .next],
            actions: [
                "log RUNTIME_DONE r1 10 Sandbox.ClientDisconnected", "no timer", "log END r1",
                "finish r1 10 init 0 Sandbox.ClientDisconnected", "idle",
            ]
        ),
        Row(
            title: "the runtime does, and an extension has its time",
            events: besideAnExtension + [.callerLeaves, .pass(3), .next],
            actions: ["log RUNTIME_DONE r1 10 Sandbox.ClientDisconnected", "timer 3000"]
        ),
        Row(
            title: "… which may be up",
            events: besideAnExtension + [.callerLeaves, .pass(3), .next, .pass(2990), .deadline],
            actions: [
                "log TIMEOUT r1", "log END r1", "finish r1 3000 init 0 timeout extensions 2990", "terminate runtime",
                "timer 3300",
            ]
        ),
        Row(
            title: "the runtime does not let go",
            events: streaming + [.callerLeaves, .pass(1000), .deadline],
            actions: [
                "log RUNTIME_DONE r1 1007 Sandbox.ClientDisconnected", "log END r1",
                "finish r1 1007 init 0 Sandbox.ClientDisconnected", "kill",
            ]
        ),
        Row(title: "the cut response ends", events: streaming + [.callerLeaves, .truncated], actions: []),
        Row(title: "twice", events: streaming + [.callerLeaves, .callerLeaves], actions: []),
        Row(title: "before any response", events: [.invoke, .launched(), .next, .callerLeaves], actions: []),
        Row(title: "after the response", events: streaming + [.stream, .callerLeaves], actions: []),
        Row(
            title: "never for longer than the time-out",
            events: streaming + [.pass(2500), .callerLeaves],
            actions: ["cut", "answer abandoned", "timer 3000"]
        ),
    ])
    func leaving(row: Row) {
        var script = LifecycleScript()
        #expect(script.run(row.events) == row.actions)
    }
}
