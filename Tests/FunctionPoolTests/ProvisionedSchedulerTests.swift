import NIOCore
import Testing

@testable import FunctionPool

/// Environments that are made ahead: when they are used, kept and made anew.
struct ProvisionedSchedulerTests {
    typealias Event = SchedulerScript.Event
    typealias Row = PoolSchedulerTests.Row

    private static let one = PoolScheduler<Int>.Limits(environments: 3, idleTime: .seconds(60), provisioned: 1)
    private static let two = PoolScheduler<Int>.Limits(environments: 2, provisioned: 2)
    private static let ready: [Event] = [.provision, .initialized(0)]

    private static let rows = [
        Row(title: "made ahead", limits: one, events: [.provision], actions: ["open 0 ahead"]),
        Row(title: "made once", limits: one, events: [.provision, .provision], actions: []),
        Row(title: "used first", limits: one, events: ready + [.submit(1)], actions: ["run 1 on 0"]),
        Row(
            title: "used before one that rests, too",
            limits: one,
            events: ready + [.submit(1), .submit(2), .idle(0), .idle(1), .submit(3)],
            actions: ["run 3 on 0"]
        ),
        Row(
            title: "before it is initialized others run",
            limits: one,
            events: [.provision, .submit(1)],
            actions: ["open 1", "run 1 on 1"]
        ),
        Row(
            title: "… where there may be others",
            limits: two,
            events: [.provision, .submit(1)],
            actions: ["run 1 on 0"]
        ),
        Row(
            title: "never too old",
            limits: one,
            events: ready + [.submit(1), .idle(0), .pass(100), .time],
            actions: []
        ),
        Row(
            title: "what comes on top ends",
            limits: one,
            events: ready + [.submit(1), .submit(2), .idle(0), .idle(1), .pass(100), .time],
            actions: ["end 1"]
        ),
        Row(
            title: "one that ends is missing",
            limits: one,
            events: ready + [.ended(0), .provision],
            actions: ["open 1 ahead"]
        ),
        Row(
            title: "after a reset it is not used first",
            limits: one,
            events: ready + [.submit(1), .reset(0), .submit(2)],
            actions: ["open 1", "run 2 on 1"]
        ),
        Row(
            title: "a reset while it rests, too",
            limits: one,
            events: ready + [.reset(0), .submit(2)],
            actions: ["open 1", "run 2 on 1"]
        ),
        Row(
            title: "… until it is initialized again",
            limits: one,
            events: ready + [.reset(0), .initialized(0), .submit(2)],
            actions: ["run 2 on 0"]
        ),
        Row(
            title: "who waits has it as soon as it is initialized",
            limits: .init(environments: 1, waiting: 1, provisioned: 1),
            events: [.submit(1), .submit(2), .ended(0), .ended(1), .provision, .submit(3)],
            actions: ["run 3 on 2"]
        ),
        Row(
            title: "it takes the place of one that rests",
            limits: two,
            events: [.submit(1), .submit(2), .idle(0), .provision],
            actions: ["end 0", "open 2 ahead"]
        ),
        Row(title: "more", limits: one, events: ready + [.setProvisioned(2)], actions: ["open 1 ahead"]),
        Row(title: "fewer", limits: one, events: ready + [.setProvisioned(0)], actions: ["end 0"]),
        Row(
            title: "fewer, while it is busy: it is kept no longer than others",
            limits: one,
            events: ready + [.submit(1), .setProvisioned(0), .idle(0), .pass(60), .time],
            actions: ["end 0"]
        ),
        Row(title: "the pool retires", limits: two, events: ready + [.retire], actions: ["end 1", "end 0"]),
        Row(
            title: "none is made anew then",
            limits: one,
            events: ready + [.retire, .ended(0), .provision],
            actions: []
        ),
    ]

    @Test(arguments: rows) func actions(row: Row) {
        var script = SchedulerScript(limits: row.limits)
        #expect(script.run(row.events) == row.actions)
    }

    @Test func howManyAreReady() {
        var script = SchedulerScript(limits: Self.two)
        var counts: [Int] = []
        for event: Event in [
            .provision, .initialized(1), .initialized(0), .submit(1), .reset(1), .initialized(1), .ended(0),
        ] {
            _ = script.apply(event)
            counts.append(script.scheduler.provisionedReadyCount)
        }
        #expect(counts == [0, 1, 2, 2, 1, 2, 1])
    }

    @Test func whatCannotStartIsTriedEverMoreRarely() {
        var backoff = RestartBackoff()
        #expect(
            (0..<10).map { _ in backoff.nextDelay().nanoseconds / 1_000_000_000 } == [
                0, 1, 2, 4, 8, 16, 32, 60, 60, 60,
            ]
        )
        backoff.succeeded()
        #expect(backoff.nextDelay() == .zero)
    }
}
