import NIOCore
import Testing

@testable import FunctionPool

struct PoolSchedulerTests {
    typealias Scheduler = PoolScheduler<Int>

    enum Event: Sendable {
        case start, submit(Int), submitWithoutRoom(Int), room, idle(Int), idleWithoutRoom(Int), ended(Int), time, close
        /// Moves the clock, in seconds.
        case pass(Int64)
    }

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
    private static let provisioned = Scheduler.Limits(environments: 3, idleTime: .seconds(60), provisioned: 1)

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
        Row(title: "provisioned ahead", limits: provisioned, events: [.start], actions: ["open 0"]),
        Row(
            title: "provisioned is used first",
            limits: provisioned,
            events: [.start, .submit(1)],
            actions: ["run 1 on 0"]
        ),
        Row(
            title: "provisioned never ends",
            limits: provisioned,
            events: [.start, .submit(1), .idle(0), .pass(100), .time],
            actions: []
        ),
        Row(
            title: "what comes on top ends",
            limits: provisioned,
            events: [.start, .submit(1), .submit(2), .idle(0), .idle(1), .pass(100), .time],
            actions: ["end 0"]
        ),
        Row(
            title: "no room elsewhere",
            limits: .init(environments: 3, waiting: 1),
            events: [.submitWithoutRoom(1)],
            actions: []
        ),
        Row(
            title: "room elsewhere again",
            limits: .init(environments: 3, waiting: 1),
            events: [.submitWithoutRoom(1), .room],
            actions: ["open 0", "run 1 on 0"]
        ),
        Row(
            title: "who waits goes on waiting while there is no room elsewhere",
            limits: single,
            events: [.submit(1), .submit(2), .idleWithoutRoom(0)],
            actions: []
        ),
        Row(
            title: "… and then has the environment that rests",
            limits: single,
            events: [.submit(1), .submit(2), .idleWithoutRoom(0), .room],
            actions: ["run 2 on 0"]
        ),
        Row(title: "refused for others", limits: three, events: [.submitWithoutRoom(1)], actions: ["refuse 1"]),
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
        var scheduler = Scheduler(limits: row.limits)
        var now = NIODeadline.uptimeNanoseconds(0)
        var last: [String] = []
        for event in row.events { last = Self.apply(event, to: &scheduler, &now).map(Self.text) }
        #expect(last == row.actions)
    }

    /// Whatever comes, in whatever order: never more environments than allowed, never two invocations in one, none lost.
    @Test func neverTooManyAndNoneLost() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let limits = Scheduler.Limits(
                environments: .random(in: 1...4, using: &random),
                waiting: .random(in: 0...3, using: &random),
                idleTime: .seconds(5)
            )
            var scheduler = Scheduler(limits: limits)
            var now = NIODeadline.uptimeNanoseconds(0)
            var running: [Int: Int] = [:]
            var settled = 0, submitted = 0
            for _ in 0..<300 {
                let event: Event =
                    switch Int.random(in: 0..<6, using: &random) {
                    case 0...2: .submit(submitted)
                    case 3: running.keys.randomElement(using: &random).map { .idle($0) } ?? .time
                    case 4: .pass(.random(in: 0...6, using: &random))
                    default: .time
                    }
                if case .submit = event { submitted += 1 }
                if case .idle(let id) = event, running.removeValue(forKey: id) != nil { settled += 1 }
                for action in Self.apply(event, to: &scheduler, &now) {
                    switch action {
                    case .run(let ticket, let id):
                        #expect(running.updateValue(ticket, forKey: id) == nil)
                    case .refuse: settled += 1
                    case .end(let id):
                        #expect(running[id] == nil)
                        _ = scheduler.ended(id)
                    case .open, .setTimer: break
                    }
                }
                #expect(scheduler.count <= limits.environments)
                #expect(scheduler.busyCount == running.count)
                #expect(submitted == settled + running.count + scheduler.waitingCount)
            }
        }
    }

    private static func apply(_ event: Event, to scheduler: inout Scheduler, _ now: inout NIODeadline) -> [Scheduler
        .Action]
    {
        switch event {
        case .start: return scheduler.start(at: now)
        case .submit(let ticket): return scheduler.submit(ticket)
        case .submitWithoutRoom(let ticket): return scheduler.submit(ticket, mayRun: false)
        case .room: return scheduler.roomWasMade()
        case .idle(let id): return scheduler.becameIdle(id, at: now)
        case .idleWithoutRoom(let id): return scheduler.becameIdle(id, at: now, mayRun: false)
        case .ended(let id): return scheduler.ended(id)
        case .time: return scheduler.timePassed(at: now)
        case .close: return scheduler.close()
        case .pass(let seconds):
            now = now + .seconds(seconds)
            return []
        }
    }

    private static func text(_ action: Scheduler.Action) -> String {
        switch action {
        case .open(let id): "open \(id)"
        case .run(let ticket, let id): "run \(ticket) on \(id)"
        case .refuse(let ticket): "refuse \(ticket)"
        case .end(let id): "end \(id)"
        case .setTimer(let deadline): "timer \(deadline.uptimeNanoseconds / 1_000_000_000)"
        }
    }
}
