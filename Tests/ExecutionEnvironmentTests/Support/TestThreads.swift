import Dispatch
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
        // Not waited for: the last to hold the threads may be one of them. The pool first: what it finishes is told to the
        // event loop.
        pool.shutdownGracefully { [group] _ in group.shutdownGracefully { _ in } }
    }
}
