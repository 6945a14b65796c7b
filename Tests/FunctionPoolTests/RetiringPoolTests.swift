import NIOCore
import Testing

@testable import FunctionPool

/// A pool that takes no more but runs what it has taken.
struct RetiringPoolTests {
    typealias Row = PoolSchedulerTests.Row

    private static let single = PoolScheduler<Int>.Limits(environments: 1, waiting: 2)
    private static let three = PoolScheduler<Int>.Limits(environments: 3, idleTime: .seconds(60))

    private static let rows = [
        Row(title: "empty", limits: three, events: [.retire], actions: []),
        Row(title: "it takes no more", limits: three, events: [.retire, .submit(1)], actions: ["refuse 1"]),
        Row(
            title: "who rests ends at once",
            limits: three,
            events: [.submit(1), .idle(0), .retire],
            actions: ["end 0"]
        ),
        Row(title: "who runs goes on", limits: three, events: [.submit(1), .retire], actions: []),
        Row(title: "… and ends then", limits: three, events: [.submit(1), .retire, .idle(0)], actions: ["end 0"]),
        Row(
            title: "who waits runs",
            limits: single,
            events: [.submit(1), .submit(2), .retire, .idle(0)],
            actions: ["run 2 on 0"]
        ),
        Row(
            title: "… and is the last",
            limits: single,
            events: [.submit(1), .submit(2), .retire, .idle(0), .idle(0)],
            actions: ["end 0"]
        ),
        Row(
            title: "who waits for room keeps an environment",
            limits: single,
            events: [.submit(1), .submit(2), .idleWithoutDispatch(0), .retire],
            actions: []
        ),
        Row(
            title: "… as long as it waits",
            limits: single,
            events: [.submit(1), .submit(2), .idleWithoutDispatch(0), .retire, .dispatch],
            actions: ["run 2 on 0"]
        ),
        Row(
            title: "an environment that ends is made anew for who waits",
            limits: single,
            events: [.submit(1), .submit(2), .retire, .ended(0)],
            actions: ["open 1", "run 2 on 1"]
        ),
        Row(title: "retired twice", limits: three, events: [.submit(1), .idle(0), .retire, .retire], actions: []),
        Row(
            title: "the hard end may follow",
            limits: single,
            events: [.submit(1), .submit(2), .retire, .close],
            actions: ["refuse 2", "end 0"]
        ),
        Row(
            title: "none rests any more",
            limits: three,
            events: [.submit(1), .retire, .idle(0), .pass(60), .time],
            actions: []
        ),
    ]

    @Test(arguments: rows) func actions(row: Row) {
        var script = SchedulerScript(limits: row.limits)
        #expect(script.run(row.events) == row.actions)
    }
}
