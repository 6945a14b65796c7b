import Testing

@testable import ExecutionEnvironment

/// A shutdown in every state.
struct LifecycleShutdownTests {
    typealias Event = LifecycleScript.Event
    typealias Row = LifecycleInvokeTests.Row

    private static let delivered: [Event] = [.invoke, .next]
    private static let abandoned = ["answer abandoned", "finish without report"]

    private static let rows = [
        Row(title: "stopped", events: [.shutdown], actions: ["ended"]),
        Row(title: "stopped, twice", events: [.shutdown, .shutdown], actions: []),
        Row(title: "initializing for nobody", events: [.start, .shutdown], actions: ["no timer", "kill"]),
        Row(title: "initializing", events: [.invoke, .shutdown], actions: ["no timer"] + abandoned + ["kill"]),
        Row(title: "idle", events: delivered + [.begin, .respond, .next, .shutdown], actions: ["no timer", "kill"]),
        Row(
            title: "invoking",
            events: delivered + [.pass(4), .shutdown],
            actions: [
                "no timer", "answer abandoned", "log RUNTIME_DONE r1 4 Sandbox.Shutdown", "log END r1",
                "finish r1 4 init 0 Sandbox.Shutdown", "kill",
            ]
        ),
        Row(
            title: "answered",
            events: delivered + [.begin, .respond, .shutdown],
            actions: [
                "no timer", "log RUNTIME_DONE r1 0 Sandbox.Shutdown", "log END r1",
                "finish r1 0 init 0 Sandbox.Shutdown", "kill",
            ]
        ),
        Row(title: "resetting", events: delivered + [.exit(1), .shutdown], actions: []),
        Row(
            title: "resetting for an invocation",
            events: delivered + [.exit(1), .invoke, .shutdown],
            actions: abandoned
        ),
        Row(title: "resetting, twice", events: delivered + [.exit(1), .shutdown, .shutdown], actions: []),
        Row(title: "reset", events: delivered + [.exit(1), .shutdown, .processesEnded], actions: ["ended"]),
        Row(title: "ended", events: delivered + [.shutdown, .processesEnded], actions: ["ended"]),
        Row(
            title: "ended, told twice",
            events: delivered + [.shutdown, .processesEnded, .processesEnded],
            actions: []
        ),
        Row(title: "an invocation during it", events: delivered + [.shutdown, .invoke], actions: abandoned),
        Row(title: "an invocation after it", events: [.shutdown, .invoke], actions: abandoned),
        Row(title: "a start after it", events: [.shutdown, .start], actions: []),
        Row(title: "a next after it", events: [.shutdown, .next], actions: []),
        Row(title: "an exit during it", events: delivered + [.shutdown, .signal(9)], actions: []),
        Row(title: "a deadline during it", events: delivered + [.shutdown, .deadline], actions: []),
        Row(title: "a failed launch during it", events: [.invoke, .shutdown, .noBootstrap], actions: []),
    ]

    @Test(arguments: rows)
    func actions(row: Row) {
        var script = LifecycleScript()
        #expect(script.run(row.events) == row.actions)
    }

    @Test(
        arguments: [
            ([], true),
            ([.start], true),
            ([.start, .invoke], false),
            ([.invoke], false),
            ([.invoke, .next], false),
            ([.invoke, .next, .begin, .respond], false),
            ([.invoke, .next, .begin, .respond, .next], true),
            ([.invoke, .next, .exit(1)], true),
            ([.invoke, .next, .exit(1), .invoke], false),
            ([.invoke, .exit(1)], false),
            ([.invoke, .next, .exit(1), .shutdown], false),
            ([.shutdown], false),
        ] as [([Event], Bool)]
    )
    func idleness(events: [Event], expected: Bool) {
        var script = LifecycleScript()
        _ = script.run(events)
        #expect(script.lifecycle.isIdle == expected)
    }
}
