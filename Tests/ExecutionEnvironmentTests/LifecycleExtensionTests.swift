import LambdaModel
import Testing

@testable import ExecutionEnvironment

/// The init and the invoke phase with extensions: who waits for whom, and what their failures come to.
struct LifecycleExtensionTests {
    typealias Event = LifecycleScript.Event
    typealias Row = LifecycleInvokeTests.Row

    /// Two external extensions have been started, for an invocation.
    private static let launched: [Event] = [.invoke, .launched(["a", "b"])]
    private static let registered = launched + [.register("a"), .register("b", ["SHUTDOWN"])]
    /// An invocation is with the runtime and with `a`, from 40 on.
    private static let delivered =
        registered + [.pass(40), .extensionNext("a"), .extensionNext("b"), .next]
    private static let warm = delivered + [.begin, .respond, .next, .extensionNext("a")]

    /// An invocation is with the runtime and with `i`, an internal extension.
    private static let inside: [Event] = [
        .invoke, .launched(), .register("i", ["INVOKE"]), .extensionNext("i"), .next,
    ]

    private static let rows = [
        Row(title: "extensions start first", events: launched, actions: ["start extensions"]),
        Row(title: "one has registered", events: launched + [.register("a")], actions: []),
        Row(title: "the last has, so the runtime starts", events: registered, actions: ["start runtime"]),
        Row(
            title: "they may have no events",
            events: launched + [.register("b"), .register("a", [])],
            actions: ["start runtime"]
        ),
        Row(
            title: "the runtime is ready, they are not",
            events: registered + [.next],
            actions: ["log INIT_RUNTIME_DONE init success"]
        ),
        Row(title: "one of them is not", events: registered + [.next, .extensionNext("a")], actions: []),
        Row(
            title: "the last one ends the init",
            events: registered + [.next, .extensionNext("a"), .pass(40), .extensionNext("b")],
            actions: [
                "log EXTENSION a Ready", "log EXTENSION b Ready", "log INIT_REPORT 40 init success", "log START r1",
                "timer 3040", "give a INVOKE until 3040", "deliver until 3040",
            ]
        ),
        Row(
            title: "the runtime may be the last one",
            events: delivered,
            actions: [
                "log INIT_RUNTIME_DONE init success", "log EXTENSION a Ready", "log EXTENSION b Ready",
                "log INIT_REPORT 40 init success", "log START r1", "timer 3040", "give a INVOKE until 3040",
                "deliver until 3040",
            ]
        ),
        Row(
            title: "an init ahead of the invocation",
            events: [.start, .launched(["a"]), .register("a"), .next, .extensionNext("a")],
            actions: ["log EXTENSION a Ready", "log INIT_REPORT 0 init success", "no timer", "initialized"]
        ),
        Row(
            title: "the runtime is done, an extension is not",
            events: delivered + [.pass(5), .begin, .respond, .next],
            actions: ["log RUNTIME_DONE r1 5 success"]
        ),
        Row(
            title: "the extension ends the invocation",
            events: delivered + [.pass(5), .begin, .respond, .next, .pass(7), .extensionNext("a")],
            actions: ["no timer", "log END r1", "finish r1 12 init 40 extensions 7", "idle"]
        ),
        Row(title: "the extension may be done first", events: delivered + [.extensionNext("a")], actions: []),
        Row(
            title: "… and then the runtime ends it",
            events: delivered + [.extensionNext("a"), .begin, .respond, .next],
            actions: [
                "log RUNTIME_DONE r1 0 success", "no timer", "log END r1", "finish r1 0 init 40 extensions 0", "idle",
            ]
        ),
        Row(
            title: "the next invocation",
            events: warm + [.pass(100), .invoke],
            actions: ["log START r2", "timer 3140", "give a INVOKE until 3140", "deliver until 3140"]
        ),
        Row(
            title: "an extension that has hung up is given its event later",
            events: warm + [.extensionHangUp("a"), .invoke],
            actions: ["log START r2", "timer 3040", "deliver until 3040"]
        ),
        Row(
            title: "… when it asks",
            events: warm + [.extensionHangUp("a"), .invoke, .extensionNext("a")],
            actions: ["given INVOKE until 3040"]
        ),
        Row(
            title: "… and counts as busy until then",
            events: warm + [.extensionHangUp("a"), .invoke, .begin, .respond, .next],
            actions: ["log RUNTIME_DONE r2 0 success"]
        ),
        Row(
            title: "asked twice",
            events: warm + [.extensionNext("a")],
            actions: ["403 Extension.InvalidExtensionState"]
        ),
        Row(
            title: "an internal extension",
            events: [.invoke, .launched(), .register("i", ["INVOKE"]), .next],
            actions: ["log INIT_RUNTIME_DONE init success"]
        ),
        Row(
            title: "… is waited for",
            events: [.invoke, .launched(), .register("i", ["INVOKE"]), .next, .extensionNext("i")],
            actions: [
                "log EXTENSION i Ready", "log INIT_REPORT 0 init success", "log START r1", "timer 3000",
                "give i INVOKE until 3000", "deliver until 3000",
            ]
        ),
        Row(
            title: "an internal extension comes too late",
            events: [.invoke, .launched(), .next, .register("i", ["INVOKE"])],
            actions: ["403 Extension.RegistrationClosed"]
        ),
        Row(
            title: "an external one registers twice",
            events: registered + [.register("a")],
            actions: ["403 Extension.InvalidExtensionState"]
        ),
        Row(
            title: "too many files",
            events: [.invoke, .launched((1...11).map { "e\($0)" })],
            actions: [
                "no timer", "log INIT_RUNTIME_DONE init Extension.LaunchError",
                "log INIT_REPORT 0 init Extension.LaunchError", "kill",
            ]
        ),
        // Failures.
        Row(
            title: "one crashes before it registers",
            events: launched + [.pass(5), .extensionExit(0, 1)],
            actions: [
                "no timer", "log INIT_RUNTIME_DONE init Extension.Crash", "log EXTENSION a Exited Extension.Crash",
                "log EXTENSION b Started", "log INIT_REPORT 5 init Extension.Crash", "timer 2005", "flush",
            ]
        ),
        Row(
            title: "one is not executable",
            events: launched + [.extensionNotExecutable(1)],
            actions: [
                "no timer", "log INIT_RUNTIME_DONE init Extension.LaunchError", "log EXTENSION a Started",
                "log EXTENSION b LaunchError PermissionDenied", "log INIT_REPORT 0 init Extension.LaunchError",
                "timer 2000", "flush",
            ]
        ),
        Row(
            title: "one never registers",
            events: launched + [.register("a"), .pass(10_000), .deadline],
            actions: [
                "log INIT_RUNTIME_DONE init timeout", "log EXTENSION a Registered", "log EXTENSION b Started",
                "log INIT_REPORT 10000 init timeout", "timer 12000", "flush",
            ]
        ),
        Row(
            title: "one never asks for an event",
            events: registered + [.extensionNext("a"), .next, .pass(10_000), .deadline],
            actions: [
                "log EXTENSION a Ready", "log EXTENSION b Registered", "log INIT_REPORT 10000 init timeout",
                "terminate runtime", "timer 10300",
            ]
        ),
        Row(
            title: "an init error of one is not the end",
            events: registered + [.extensionInitError("a"), .next, .extensionNext("b")],
            actions: []
        ),
        Row(
            title: "… unless it stays",
            events: registered + [.extensionInitError("a"), .next, .extensionNext("b"), .pass(10_000), .deadline],
            actions: [
                "no timer", "log EXTENSION a InitError Extension.Bad", "log EXTENSION b Ready",
                "log INIT_REPORT 10000 init Extension.InitError", "terminate runtime", "timer 10300",
            ]
        ),
        Row(
            title: "… its exit is",
            events: registered + [.extensionInitError("a"), .extensionExit(0, 0)],
            actions: [
                "no timer", "log INIT_RUNTIME_DONE init Extension.InitError", "log EXTENSION a Exited Extension.Bad",
                "log EXTENSION b Registered", "log INIT_REPORT 0 init Extension.InitError", "terminate runtime",
                "timer 300",
            ]
        ),
        Row(
            title: "an init error after the first event",
            events: delivered + [.extensionInitError("a")],
            actions: ["403 Extension.InvalidExtensionState"]
        ),
        Row(
            title: "one crashes in the second init",
            events: [
                .invoke, .launched(["a"]), .extensionExit(0, 1), .flushed, .processesEnded, .launched(["a"]), .pass(4),
                .extensionExit(0, 3),
            ],
            actions: [
                "log INIT_RUNTIME_DONE invoke Extension.Crash", "log EXTENSION a Exited Extension.Crash",
                "log INIT_REPORT 4 invoke Extension.Crash", "log START r1", "no timer",
                "answer crash Extension.Crash: RequestId: r1 Error: exit status 3",
                "log FAULT r1 exit status 3 / Extension.Crash", "log RUNTIME_DONE r1 4 Extension.Crash", "log END r1",
                "finish r1 4 Extension.Crash", "kill",
            ]
        ),
        Row(
            title: "one exits during the invoke",
            events: delivered + [.pass(6), .extensionExit(1, 0)],
            actions: [
                "no timer", "answer crash Extension.Crash: RequestId: r1 Error: exit code 0",
                "log FAULT r1 exit code 0 / Extension.Crash", "log RUNTIME_DONE r1 6 Extension.Crash", "log END r1",
                "finish r1 6 init 40 Extension.Crash", "terminate runtime", "timer 346",
            ]
        ),
        Row(
            title: "one exits after the runtime was done",
            events: delivered + [.begin, .respond, .next, .pass(6), .extensionExit(0, 2)],
            actions: [
                "no timer", "log FAULT r1 exit status 2 / Extension.Crash", "log END r1",
                "finish r1 6 init 40 Extension.Crash extensions 6", "terminate runtime", "timer 346",
            ]
        ),
        Row(title: "an exit error of one is not the end", events: delivered + [.extensionExitError("a")], actions: []),
        Row(
            title: "… nor is the invocation over without it",
            events: delivered + [.extensionExitError("a"), .begin, .respond, .next],
            actions: ["log RUNTIME_DONE r1 0 success"]
        ),
        Row(
            title: "… nor does it wait for another end than the time-out",
            events: delivered + [.extensionExitError("a"), .begin, .respond, .next, .pass(3000), .deadline],
            actions: [
                "no timer", "log FAULT r1 a reported Extension.Bad / Extension.ExitError", "log END r1",
                "finish r1 3000 init 40 Extension.ExitError extensions 3000", "terminate runtime", "timer 3340",
            ]
        ),
        Row(
            title: "an exit error of an internal one is the end",
            events: inside + [.pass(5), .extensionExitError("i")],
            actions: [
                "no timer", "answer crash Extension.ExitError: RequestId: r1 Error: i reported Extension.Bad",
                "log FAULT r1 i reported Extension.Bad / Extension.ExitError",
                "log RUNTIME_DONE r1 5 Extension.ExitError", "log END r1", "finish r1 5 init 0 Extension.ExitError",
                "terminate runtime", "timer 505",
            ]
        ),
        Row(
            title: "… also between invocations",
            events: inside + [.begin, .respond, .next, .extensionNext("i"), .extensionExitError("i")],
            actions: ["log EXTENSION i ExitError Extension.Bad", "no timer", "terminate runtime", "timer 500"]
        ),
        Row(
            title: "… and once only",
            events: inside + [.extensionExitError("i"), .extensionExitError("i")],
            actions: []
        ),
        // Whoever asks for an event before the runtime runs.
        Row(
            title: "an event before the news of the launch is the runtime's",
            events: [.invoke, .next, .launched()],
            actions: [
                "log INIT_RUNTIME_DONE init success", "log INIT_REPORT 0 init success", "log START r1", "timer 3000",
                "deliver until 3000",
            ]
        ),
        Row(
            title: "… and is not where there are extensions",
            events: [.invoke, .next, .launched(["a"])],
            actions: ["start extensions"]
        ),
        Row(
            title: "… which then make the runtime start",
            events: [.invoke, .next, .launched(["a"]), .register("a")],
            actions: ["start runtime"]
        ),
        Row(
            title: "… whose init it does not end",
            events: [.invoke, .next, .launched(["a"]), .register("a"), .extensionNext("a")],
            actions: []
        ),
        Row(
            title: "an event before the start of the runtime",
            events: launched + [.next],
            actions: ["403 InvalidStateTransition"]
        ),
        Row(
            title: "an init error before the start of the runtime",
            events: launched + [.initError],
            actions: ["403 InvalidStateTransition"]
        ),
        Row(
            title: "… its exit is, during the invoke",
            events: delivered + [.extensionExitError("a"), .extensionExit(0, 0)],
            actions: [
                "no timer", "answer crash Extension.ExitError: RequestId: r1 Error: exit code 0",
                "log FAULT r1 exit code 0 / Extension.ExitError", "log RUNTIME_DONE r1 0 Extension.ExitError",
                "log END r1", "finish r1 0 init 40 Extension.ExitError", "terminate runtime", "timer 340",
            ]
        ),
        Row(
            title: "one exits between invocations",
            events: warm + [.pass(9), .extensionExit(0, 1)],
            actions: ["log EXTENSION a Exited Extension.Crash", "no timer", "terminate runtime", "timer 349"]
        ),
        Row(
            title: "an exit is not told twice",
            events: warm + [.extensionExit(0, 1), .extensionExit(0, 1)],
            actions: []
        ),
        Row(
            title: "an extension is still busy at the time-out",
            events: delivered + [.begin, .respond, .next, .pass(3000), .deadline],
            actions: [
                "log TIMEOUT r1", "log END r1", "finish r1 3000 init 40 timeout extensions 3000", "terminate runtime",
                "timer 3340",
            ]
        ),
        Row(
            title: "a registration after the failure",
            events: launched + [.register("a"), .extensionExit(0, 1), .register("b")],
            actions: ["403 Extension.RegistrationClosed"]
        ),
    ]

    @Test(arguments: rows)
    func actions(row: Row) {
        var script = LifecycleScript()
        #expect(script.run(row.events) == row.actions)
    }

    /// With provisioned concurrency there are 130 s, or the function's time-out where that is longer.
    @Test(arguments: [(3, 130_000), (900, 900_000)])
    func aProvisionedInitHasMoreTime(timeout: Int, limit: Int) {
        var script = LifecycleScript(initializationType: .provisionedConcurrency, timeout: timeout)
        #expect(script.run([.start]) == ["log INIT_START", "timer \(limit)", "launch"])
    }
}
