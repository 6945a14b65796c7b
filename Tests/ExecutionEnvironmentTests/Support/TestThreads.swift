import NIOCore
import NIOPosix

/// An event loop and two threads of a test's own; gone when the value is.
final class TestThreads: Sendable {
    let loop: any EventLoop
    let pool = NIOThreadPool(numberOfThreads: 2)
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    init() {
        loop = group.next()
        pool.start()
    }

    deinit {
        try? group.syncShutdownGracefully()
        try? pool.syncShutdownGracefully()
    }
}
