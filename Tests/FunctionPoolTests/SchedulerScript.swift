import NIOCore

@testable import FunctionPool

/// Drives a ``PoolScheduler`` and writes its actions as text, so that a table reads like a log.
struct SchedulerScript {
    typealias Scheduler = PoolScheduler<Int>

    enum Event: Sendable {
        case submit(Int, Room = .free)
        /// The environment has answered, after an init phase of so many milliseconds.
        case answered(Int, initDuration: Int64 = 0)
        /// The environment is ready for another invocation, and whoever waits may have it.
        case idle(Int)
        case idleWithoutDispatch(Int)
        /// … after a reset.
        case reset(Int)
        /// … but the limit that others share is lower now.
        case idleWithoutPlace(Int)
        case ended(Int)
        case dispatch, refuseWaiting
        case time, patience
        case provision, initialized(Int), setProvisioned(Int)
        case retire, close
        /// Moves the clock, in seconds, or milliseconds.
        case pass(Int64), passMilliseconds(Int64)
    }

    private(set) var scheduler: Scheduler
    private(set) var now = NIODeadline.uptimeNanoseconds(0)

    init(limits: Scheduler.Limits) {
        scheduler = Scheduler(limits: limits)
    }

    /// The actions of the last event.
    mutating func run(_ events: [Event]) -> [String] {
        var last: [Scheduler.Action] = []
        for event in events { last = apply(event) }
        return last.map(Self.text)
    }

    mutating func apply(_ event: Event) -> [Scheduler.Action] {
        switch event {
        case .submit(let ticket, let room): return scheduler.submit(ticket, room: room, at: now)
        case .answered(let id, let milliseconds):
            scheduler.answered(id, initDuration: .milliseconds(milliseconds), at: now)
            return []
        case .idle(let id): return scheduler.becameIdle(id, at: now) + scheduler.dispatch()
        case .idleWithoutDispatch(let id): return scheduler.becameIdle(id, at: now)
        case .reset(let id): return scheduler.becameIdle(id, isInitialized: false, at: now) + scheduler.dispatch()
        case .idleWithoutPlace(let id): return scheduler.becameIdle(id, hasPlace: false, at: now)
        case .ended(let id): return scheduler.ended(id) + scheduler.dispatch()
        case .dispatch: return scheduler.dispatch()
        case .refuseWaiting: return scheduler.refuseWaiting()
        case .time: return scheduler.timePassed(at: now)
        case .patience: return scheduler.patienceEnded(at: now) + scheduler.dispatch()
        case .provision: return scheduler.provision()
        case .initialized(let id): return scheduler.initialized(id, at: now) + scheduler.dispatch()
        case .setProvisioned(let number): return scheduler.setProvisioned(number)
        case .retire: return scheduler.retire()
        case .close: return scheduler.close()
        case .pass(let seconds):
            now = now + .seconds(seconds)
            return []
        case .passMilliseconds(let milliseconds):
            now = now + .milliseconds(milliseconds)
            return []
        }
    }

    static func text(_ action: Scheduler.Action) -> String {
        switch action {
        case .open(let id, let isProvisioned): isProvisioned ? "open \(id) ahead" : "open \(id)"
        case .run(let ticket, let id): "run \(ticket) on \(id)"
        case .refuse(let ticket): "refuse \(ticket)"
        case .end(let id): "end \(id)"
        case .setTimer(let deadline): "timer \(deadline.uptimeNanoseconds / 1_000_000_000)"
        case .setPatienceTimer(let deadline): "patience \(deadline.uptimeNanoseconds / 1_000_000) ms"
        }
    }
}
