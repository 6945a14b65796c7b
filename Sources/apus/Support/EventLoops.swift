import ExecutionEnvironment
import NIOCore
import NIOPosix

/// The one event loop and the few threads of a command.
final class EventLoops: Sendable {
    let eventLoop: any EventLoop
    let threadPool: NIOThreadPool
    private let group: MultiThreadedEventLoopGroup

    init() {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        eventLoop = group.next()
        threadPool = NIOThreadPool(numberOfThreads: 2)
        threadPool.start()
    }

    /// A log that writes to `descriptor`. Call on the event loop.
    func makeLog(descriptor: Int32) -> FunctionLog {
        FunctionLog(eventLoop: eventLoop, threadPool: threadPool) { bytes in
            bytes.withUnsafeReadableBytes { _ = Console.write($0, to: descriptor) }
        }
    }

    func shutdown() async {
        try? await group.shutdownGracefully()
        try? await threadPool.shutdownGracefully()
    }
}
