import NIOCore
import Testing

@testable import FunctionPool

struct PoolSchedulerTests {
    typealias Scheduler = PoolScheduler<Int>

    typealias Event = SchedulerScript.Event

    struct Row: Sendable, CustomTestStringConvertible {
        var title: String
        var limits: Scheduler.Limits
        var events: [Event]
        /// What the last event came to.
        var actions: [String]
        var testDescription: String { title }
    }

    private static let single = Scheduler.Limits(environments: 1, waiting: 2)
    private static let three = Scheduler.Limits(environments: 3, idleTime: .seconds(60))

    private static let rows = [
        Row(title: "the first", limits: single, events: [.submit(1)], actions: ["open 0", "run 1 on 0"]),
        Row(title: "the second waits", limits: single, events: [.submit(1), .submit(2)], actions: []),
        Row(
            title: "one too many",
            limits: single,
            events: [.submit(1), .submit(2), .submit(3), .submit(4)],
            actions: ["refuse 4"]
        ),
        Row(
            title: "who waits runs next, in order",
            limits: single,
            events: [.submit(1), .submit(2), .submit(3), .idle(0)],
            actions: ["run 2 on 0"]
        ),
        Row(title: "nobody waits", limits: single, events: [.submit(1), .idle(0)], actions: []),
        Row(
            title: "idle twice is idle once",
            limits: single,
            events: [.submit(1), .submit(2), .idle(0), .idle(0), .idle(0), .submit(3)],
            actions: ["run 3 on 0"]
        ),
        Row(
            title: "as many as may run",
            limits: three,
            events: [.submit(1), .submit(2)],
            actions: ["open 1", "run 2 on 1"]
        ),
        Row(
            title: "no more than may run",
            limits: three,
            events: [.submit(1), .submit(2), .submit(3), .submit(4)],
            actions: ["refuse 4"]
        ),
        Row(
            title: "the warmest is used again",
            limits: three,
            events: [.submit(1), .submit(2), .idle(0), .pass(1), .idle(1), .submit(3)],
            actions: ["run 3 on 1"]
        ),
        Row(title: "rest begins", limits: three, events: [.submit(1), .pass(5), .idle(0)], actions: ["timer 65"]),
        Row(
            title: "rest is over",
            limits: three,
            events: [.submit(1), .idle(0), .pass(60), .time],
            actions: ["end 0"]
        ),
        Row(
            title: "only whose rest is over",
            limits: three,
            events: [.submit(1), .submit(2), .idle(1), .pass(30), .idle(0), .pass(30), .time],
            actions: ["end 1", "timer 90"]
        ),
        Row(
            title: "who was used meanwhile rests anew",
            limits: three,
            events: [.submit(1), .idle(0), .pass(30), .submit(2), .idle(0), .pass(30), .time],
            actions: ["timer 90"]
        ),
        Row(
            title: "one that ends makes room",
            limits: three,
            events: [.submit(1), .idle(0), .pass(60), .time, .submit(2), .submit(3), .submit(4)],
            actions: ["open 3", "run 4 on 3"]
        ),
        Row(
            title: "no room elsewhere",
            limits: .init(environments: 3, waiting: 1),
            events: [.submit(1, .taken)],
            actions: []
        ),
        Row(
            title: "room elsewhere again",
            limits: .init(environments: 3, waiting: 1),
            events: [.submit(1, .taken), .dispatch],
            actions: ["open 0", "run 1 on 0"]
        ),
        Row(
            title: "who waits goes on waiting while there is no room elsewhere",
            limits: single,
            events: [.submit(1), .submit(2), .idleWithoutDispatch(0)],
            actions: []
        ),
        Row(
            title: "… and then has the environment that rests",
            limits: single,
            events: [.submit(1), .submit(2), .idleWithoutDispatch(0), .dispatch],
            actions: ["run 2 on 0"]
        ),
        Row(
            title: "nobody waits for what will never be",
            limits: single,
            events: [.submit(1), .submit(2, .never)],
            actions: ["refuse 2"]
        ),
        Row(
            title: "those who wait without hope",
            limits: single,
            events: [.submit(1), .submit(2), .submit(3), .refuseWaiting],
            actions: ["refuse 2", "refuse 3"]
        ),
        Row(title: "refused for others", limits: three, events: [.submit(1, .taken)], actions: ["refuse 1"]),
        Row(
            title: "an environment that ends by itself makes room for who waits",
            limits: single,
            events: [.submit(1), .submit(2), .ended(0)],
            actions: ["open 1", "run 2 on 1"]
        ),
        Row(
            title: "the end",
            limits: single,
            events: [.submit(1), .submit(2), .submit(3), .close],
            actions: ["refuse 2", "refuse 3", "end 0"]
        ),
        Row(title: "after the end", limits: single, events: [.close, .submit(1)], actions: ["refuse 1"]),
        Row(title: "the end twice", limits: single, events: [.submit(1), .close, .close], actions: []),
        Row(title: "idle after the end", limits: single, events: [.submit(1), .close, .idle(0)], actions: []),
    ]

    @Test(arguments: rows) func actions(row: Row) {
        var script = SchedulerScript(limits: row.limits)
        #expect(script.run(row.events) == row.actions)
    }
}
