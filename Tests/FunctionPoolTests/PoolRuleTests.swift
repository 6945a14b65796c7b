import NIOCore
import Testing

@testable import FunctionPool

/// Whatever comes, in whatever order.
struct PoolRuleTests {
    typealias Scheduler = PoolScheduler<Int>

    /// What the world looks like to the one who performs the actions.
    private struct World {
        var running: [Int: Int] = [:]
        var open: Set<Int> = []
        var ending: Set<Int> = []
        var submitted = 0
        /// Invocations that are over, and that were refused.
        var settled = 0

        mutating func perform(_ actions: [Scheduler.Action]) {
            for action in actions {
                switch action {
                case .open(let id, _): #expect(open.insert(id).inserted)
                case .run(let ticket, let id):
                    #expect(open.contains(id))
                    #expect(running.updateValue(ticket, forKey: id) == nil, "two invocations in one environment")
                case .refuse: settled += 1
                case .end(let id):
                    #expect(open.remove(id) != nil)
                    ending.insert(id)
                case .setTimer, .setPatienceTimer: break
                }
            }
        }
    }

    private static func step(_ script: inout SchedulerScript, _ world: inout World) {
        func busy() -> Int? { world.running.keys.randomElement() }
        let event: SchedulerScript.Event
        switch Int.random(in: 0..<16) {
        case 0...4:
            event = .submit(world.submitted, [.free, .free, .free, .taken, .contested].randomElement() ?? .free)
            world.submitted += 1
        case 5, 6: event = busy().map { .answered($0) } ?? .time
        case 7...9:
            guard let id = busy() else { return }
            world.running[id] = nil
            world.settled += 1
            event = [.idle(id), .idle(id), .reset(id), .idleWithoutPlace(id)].randomElement() ?? .idle(id)
        case 10: event = .passMilliseconds(.random(in: 0...30))
        case 11: event = .patience
        case 12: event = .pass(.random(in: 0...6))
        case 13: event = .provision
        case 14:
            // It ends by itself, or as it was told to.
            guard let id = world.ending.randomElement() ?? world.open.randomElement() else { return }
            world.open.remove(id)
            world.ending.remove(id)
            if world.running.removeValue(forKey: id) != nil { world.settled += 1 }
            event = .ended(id)
        default: event = world.open.randomElement().map { .initialized($0) } ?? .time
        }
        world.perform(script.apply(event))
    }

    @Test func neverTooManyAndNoneLost() {
        for _ in 0..<300 {
            let environments = Int.random(in: 1...4)
            let limits = Scheduler.Limits(
                environments: environments,
                waiting: .random(in: 0...3),
                idleTime: .seconds(5),
                provisioned: .random(in: 0...environments)
            )
            var script = SchedulerScript(limits: limits)
            var world = World()
            for _ in 0..<300 {
                Self.step(&script, &world)
                #expect(script.scheduler.count == world.open.count)
                #expect(script.scheduler.count <= environments)
                #expect(script.scheduler.busyCount == world.running.count)
                let pending = script.scheduler.waitingCount + script.scheduler.reservedCount
                #expect(world.submitted == world.settled + world.running.count + pending)
            }
            Self.retire(&script, &world)
        }
    }

    /// Whatever state it is in, a pool that retires runs what it has taken and then is over.
    private static func retire(_ script: inout SchedulerScript, _ world: inout World) {
        world.perform(script.apply(.retire))
        var steps = 0
        while !script.scheduler.isOver {
            steps += 1
            guard steps < 1000 else {
                Issue.record("the pool does not end")
                return
            }
            world.perform(script.apply(.dispatch))
            if let id = world.running.keys.first {
                world.running[id] = nil
                world.settled += 1
                world.perform(script.apply(.idle(id)))
            } else if let id = world.ending.popFirst() {
                world.perform(script.apply(.ended(id)))
            }
        }
        #expect(world.submitted == world.settled)
        #expect(world.open.isEmpty)
    }
}

extension PoolScheduler {
    /// Invocations that wait for a certain environment.
    fileprivate var reservedCount: Int {
        members.values.count { if case .reserved = $0.state { true } else { false } }
    }
}
