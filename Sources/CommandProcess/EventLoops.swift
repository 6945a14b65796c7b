package import ExecutionEnvironment
package import NIOCore
package import NIOPosix

/// The one event loop and the few threads of a command. They end with the process.
package final class EventLoops: Sendable {
    package let eventLoop: any EventLoop
    package let threadPool: NIOThreadPool
    private let group: MultiThreadedEventLoopGroup

    /// Those of this process: a command runs once.
    package static let shared = EventLoops()

    private init() {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        eventLoop = group.next()
        threadPool = NIOThreadPool(numberOfThreads: 2)
        threadPool.start()
    }

    /// Prepares what an environment needs, on other threads.
    package func rehearse() {
        Rehearsal.start(on: eventLoop, threadPool: threadPool)
    }

    /// A log that writes to `descriptor`, in the batches that the event loop gathers.
    ///
    /// - Parameters:
    ///   - observe: sees each batch before it is written, on the writing thread.
    ///   - onFailure: told, on the same thread, when a batch could not be written.
    package func makeLog(
        descriptor: Int32,
        observe: @escaping @Sendable (ByteBuffer) -> Void = { _ in },
        onFailure: @escaping @Sendable () -> Void = {}
    ) -> EventLoopFuture<NIOLoopBound<FunctionLog>> {
        eventLoop.submit { [eventLoop, threadPool] in
            let log = FunctionLog(eventLoop: eventLoop, threadPool: threadPool) { bytes in
                observe(bytes)
                if !bytes.withUnsafeReadableBytes({ Console.write($0, to: descriptor) }) { onFailure() }
            }
            return NIOLoopBound(log, eventLoop: eventLoop)
        }
    }
}
