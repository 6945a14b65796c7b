import NIOCore

@testable import ExecutionEnvironment

/// Drives a ``TelemetryBatcher`` of at most 3 events, 10 bytes and 100 ms a batch; writes its actions as text.
struct BatcherScript {
    enum Event: Sendable {
        /// An event with this text.
        case add(String)
        /// Moves the clock, in milliseconds.
        case pass(Int64)
        case timer, sent, failed, flush, pause, resume
    }

    private(set) var batcher: TelemetryBatcher
    private var now = NIODeadline.uptimeNanoseconds(0)

    /// - Parameter isTold: whether dropped events make up an event, such as `!2/7` for 2 of 7 bytes.
    init(isTold: Bool = true) {
        var buffering = TelemetrySubscription.Buffering()
        buffering.maxItems = 3
        buffering.maxBytes = 10
        buffering.timeout = .milliseconds(100)
        batcher = TelemetryBatcher(buffering: buffering) { records, bytes in
            isTold ? ByteBuffer(string: "!\(records)/\(bytes)") : nil
        }
    }

    /// Applies the events and returns the actions of the last one.
    mutating func run(_ events: [Event]) -> [String] {
        var result: [String] = []
        for event in events { result = apply(event).map(Self.describe) }
        return result
    }

    private mutating func apply(_ event: Event) -> [TelemetryBatcher.Action] {
        switch event {
        case .add(let text): return batcher.add(ByteBuffer(string: text), at: now)
        case .pass(let milliseconds):
            now = now + .milliseconds(milliseconds)
            return []
        case .timer: return batcher.timerFired(at: now)
        case .sent: return batcher.sent(at: now)
        case .failed: return batcher.sendFailed(at: now)
        case .flush: return batcher.flush(at: now)
        case .pause: return batcher.pause()
        case .resume: return batcher.resume(at: now)
        }
    }

    private static func describe(_ action: TelemetryBatcher.Action) -> String {
        switch action {
        case .send(let events): "send " + events.map { String(buffer: $0) }.joined(separator: " ")
        case .setTimer(let deadline): "timer \(deadline.uptimeNanoseconds / 1_000_000)"
        case .clearTimer: "no timer"
        case .flushed: "flushed"
        }
    }
}
