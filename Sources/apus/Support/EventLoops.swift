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

    /// A log that writes to `descriptor`, in the batches that the event loop gathers.
    ///
    /// - Parameter observe: sees each batch before it is written, on the writing thread.
    func makeLog(
        descriptor: Int32,
        observe: @escaping @Sendable (ByteBuffer) -> Void = { _ in }
    ) async throws -> NIOLoopBound<FunctionLog> {
        let eventLoop = eventLoop
        let threadPool = threadPool
        return try await eventLoop.submit {
            let log = FunctionLog(eventLoop: eventLoop, threadPool: threadPool) { bytes in
                observe(bytes)
                bytes.withUnsafeReadableBytes { _ = Console.write($0, to: descriptor) }
            }
            return NIOLoopBound(log, eventLoop: eventLoop)
        }.get()
    }

    func shutdown() async {
        try? await group.shutdownGracefully()
        try? await threadPool.shutdownGracefully()
    }
}
