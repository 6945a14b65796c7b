import NIOCore
import Testing

@testable import FunctionPool

/// Who waits for an environment that has answered, for how long, and what then.
struct AnsweredEnvironmentTests {
    typealias Event = SchedulerScript.Event
    typealias Row = PoolSchedulerTests.Row

    private static let single = PoolScheduler<Int>.Limits(environments: 1)
    private static let three = PoolScheduler<Int>.Limits(environments: 3)
    /// One has answered.
    private static let answered: [Event] = [.submit(1), .passMilliseconds(5), .answered(0)]
    /// One has answered and another invocation waits for it.
    private static let reserved = answered + [.passMilliseconds(1), .submit(2)]

    private static let rows = [
        Row(
            title: "no environment is made beside one that has answered",
            limits: three,
            events: reserved,
            actions: ["patience 26 ms"]
        ),
        Row(title: "who waits for it is next", limits: three, events: reserved + [.idle(0)], actions: ["run 2 on 0"]),
        Row(
            title: "it is asked for once",
            limits: three,
            events: reserved + [.submit(3)],
            actions: ["open 1", "run 3 on 1"]
        ),
        Row(
            title: "the first that has answered is the first to be waited for",
            limits: three,
            events: [.submit(1), .submit(2), .answered(1), .answered(0), .submit(3), .idle(1)],
            actions: ["run 3 on 1"]
        ),
        Row(
            title: "one that rests is better",
            limits: three,
            events: [.submit(1), .submit(2), .answered(0), .idle(1), .submit(3)],
            actions: ["run 3 on 1"]
        ),
        Row(
            title: "who would be refused waits too",
            limits: single,
            events: reserved + [.idle(0)],
            actions: ["run 2 on 0"]
        ),
        Row(title: "… but only one", limits: single, events: reserved + [.submit(3)], actions: ["refuse 3"]),
        Row(
            title: "who would be refused waits for one that answered long ago",
            limits: single,
            events: answered + [.pass(9), .submit(2), .idle(0)],
            actions: ["run 2 on 0"]
        ),
        Row(
            title: "… and after one that took too long",
            limits: .init(environments: 2),
            events: [.submit(1), .submit(2), .answered(0), .submit(3), .passMilliseconds(20), .patience, .idle(0)]
                + [.answered(1), .submit(4), .idle(1)],
            actions: ["run 4 on 1"]
        ),
        Row(
            title: "… and when its turn was let pass",
            limits: three,
            events: [.submit(1), .answered(0), .pass(1), .submit(2), .submit(3), .submit(4), .idle(0)],
            actions: ["run 4 on 0"]
        ),
        Row(
            title: "no room elsewhere until it is done",
            limits: three,
            events: answered + [.submit(2, .taken), .idle(0)],
            actions: ["run 2 on 0"]
        ),
        Row(
            title: "others wait for that room",
            limits: three,
            events: answered + [.submit(2, .contested)],
            actions: ["refuse 2"]
        ),
        Row(
            title: "the limit was lowered meanwhile",
            limits: three,
            events: reserved + [.idleWithoutPlace(0), .dispatch],
            actions: ["run 2 on 0"]
        ),
        Row(
            title: "nobody waits any longer for one that takes too long",
            limits: three,
            events: reserved + [.passMilliseconds(20), .patience],
            actions: ["open 1", "run 2 on 1"]
        ),
        Row(
            title: "… and not too short either",
            limits: three,
            events: reserved + [.passMilliseconds(19), .patience],
            actions: ["patience 26 ms"]
        ),
        Row(
            title: "patience is counted for each",
            limits: three,
            events: [.submit(1), .submit(2), .answered(0), .submit(3), .passMilliseconds(7), .answered(1), .submit(4)]
                + [.passMilliseconds(13), .patience],
            actions: ["patience 27 ms", "open 2", "run 3 on 2"]
        ),
        Row(
            title: "patience is as long as it took to make the last one",
            limits: three,
            events: [.submit(1), .answered(0, initDuration: 300), .submit(2)],
            actions: ["patience 300 ms"]
        ),
        Row(
            title: "… not the one before",
            limits: three,
            events: [
                .submit(1), .submit(2), .answered(0, initDuration: 300), .answered(1, initDuration: 100), .submit(3),
            ],
            actions: ["patience 100 ms"]
        ),
        Row(
            title: "… within bounds",
            limits: three,
            events: [.submit(1), .answered(0, initDuration: 9000), .submit(2)],
            actions: ["patience 1000 ms"]
        ),
        Row(
            title: "without another one it has the first that comes free",
            limits: single,
            events: reserved + [.passMilliseconds(20), .patience, .pass(3), .idle(0)],
            actions: ["run 2 on 0"]
        ),
        Row(
            title: "… before those who came later",
            limits: .init(environments: 1, waiting: 2),
            events: reserved + [.submit(3), .passMilliseconds(20), .patience, .idle(0)],
            actions: ["run 2 on 0"]
        ),
        Row(
            title: "nobody waits for one that answered long ago",
            limits: three,
            events: answered + [.passMilliseconds(20), .submit(2)],
            actions: ["open 1", "run 2 on 1"]
        ),
        Row(
            title: "once it took too long, nobody waits",
            limits: three,
            events: reserved + [.passMilliseconds(20), .patience, .answered(1), .submit(3)],
            actions: ["open 2", "run 3 on 2"]
        ),
        Row(
            title: "… until one is quick again",
            limits: three,
            events: reserved + [.passMilliseconds(20), .patience, .answered(1), .idle(1), .submit(3), .answered(1)]
                + [.submit(4), .idle(1)],
            actions: ["run 4 on 1"]
        ),
        Row(
            title: "the environment ends instead",
            limits: three,
            events: reserved + [.ended(0)],
            actions: ["open 1", "run 2 on 1"]
        ),
        Row(
            title: "the environment is reset instead",
            limits: three,
            events: reserved + [.reset(0)],
            actions: ["run 2 on 0"]
        ),
        Row(title: "the pool ends", limits: three, events: reserved + [.close], actions: ["refuse 2", "end 0"]),
        Row(title: "the pool retires", limits: three, events: reserved + [.retire, .idle(0)], actions: ["run 2 on 0"]),
        Row(
            title: "answered twice",
            limits: three,
            events: reserved + [.answered(0), .submit(3)],
            actions: ["open 1", "run 3 on 1"]
        ),
    ]

    @Test(arguments: rows) func actions(row: Row) {
        var script = SchedulerScript(limits: row.limits)
        #expect(script.run(row.events) == row.actions)
    }

    @Test func nothingGrowsWhileNobodyWaits() {
        var script = SchedulerScript(limits: Self.three)
        // One that is busy for ever after its answer stands first in line.
        _ = script.run([.submit(0), .answered(0)])
        for number in 1..<1000 { _ = script.run([.pass(1), .submit(number), .answered(1), .idle(1)]) }
        #expect(script.scheduler.answered.count <= 5)
    }
}
