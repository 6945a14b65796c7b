import Testing

@testable import FunctionPool

struct InvocationQueueTests {
    enum Event: Sendable { case submit(Int), idle, close }

    struct Row: Sendable {
        var events: [Event]
        /// What each event came to.
        var decisions: [String]
    }

    @Test(arguments: [
        Row(events: [.submit(1)], decisions: ["run 1"]),
        Row(events: [.submit(1), .submit(2)], decisions: ["run 1", "wait"]),
        Row(
            events: [.submit(1), .submit(2), .submit(3), .submit(4)],
            decisions: ["run 1", "wait", "wait", "refuse 4"]
        ),
        Row(events: [.submit(1), .idle, .submit(2)], decisions: ["run 1", "nothing", "run 2"]),
        Row(
            events: [.submit(1), .submit(2), .submit(3), .idle, .idle, .idle],
            decisions: ["run 1", "wait", "wait", "run 2", "run 3", "nothing"]
        ),
        Row(
            events: [.submit(1), .submit(2), .submit(3), .idle, .submit(4), .submit(5), .idle],
            decisions: ["run 1", "wait", "wait", "run 2", "wait", "refuse 5", "run 3"]
        ),
        Row(events: [.idle, .submit(1)], decisions: ["nothing", "run 1"]),
        Row(events: [.close, .submit(1)], decisions: ["left []", "refuse 1"]),
        Row(
            events: [.submit(1), .submit(2), .submit(3), .close, .idle, .submit(4), .close],
            decisions: ["run 1", "wait", "wait", "left [2, 3]", "nothing", "refuse 4", "left []"]
        ),
    ])
    func twoMayWait(row: Row) {
        var queue = InvocationQueue<Int>(limit: 2)
        #expect(row.events.map { Self.apply($0, to: &queue) } == row.decisions)
    }

    private static func apply(_ event: Event, to queue: inout InvocationQueue<Int>) -> String {
        switch event {
        case .submit(let element):
            switch queue.submit(element) {
            case .run(let element): "run \(element)"
            case .wait: "wait"
            case .refuse(let element): "refuse \(element)"
            }
        case .idle: queue.environmentBecameIdle().map { "run \($0)" } ?? "nothing"
        case .close: "left \(queue.close())"
        }
    }
}
