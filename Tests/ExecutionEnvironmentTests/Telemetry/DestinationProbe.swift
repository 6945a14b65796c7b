import NIOCore
import NIOPosix

@testable import ExecutionEnvironment

/// Sends batches through a destination from a test's own thread.
final class DestinationProbe {
    let threads = TestThreads()
    private let destination: NIOLoopBound<any TelemetryDestination>

    init(_ make: @escaping @Sendable (any EventLoop) -> any TelemetryDestination) throws {
        let loop = threads.loop
        destination = try loop.submit { NIOLoopBound(make(loop), eventLoop: loop) }.wait()
    }

    deinit { close() }

    /// What becomes of the batch, as text: `delivered` or the error.
    func send(_ events: [String]) -> Events<String> {
        let outcome = Events<String>()
        threads.loop.execute { [destination] in
            destination.value.send(events.map { ByteBuffer(string: $0) }).whenComplete { result in
                switch result {
                case .success: outcome.add("delivered")
                case .failure(let error as TelemetryDeliveryError): outcome.add("\(error)")
                case .failure: outcome.add("other error")
                }
            }
        }
        return outcome
    }

    func close() {
        threads.loop.execute { [destination] in destination.value.close() }
    }

    func pause() {
        threads.loop.execute { [destination] in destination.value.pause() }
    }

    /// Waits until some time has passed on the loop.
    func pass(_ time: TimeAmount) throws {
        try threads.loop.scheduleTask(in: time) {}.futureResult.wait()
    }

    /// Waits until the loop has dealt with what was readable so far.
    func settle() throws {
        for _ in 0..<3 { try threads.loop.submit {}.wait() }
    }
}
