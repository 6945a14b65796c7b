package import NIOPosix

/// Runs tasks on threads that exist already.
///
/// Swift's own executor starts threads as they are needed, and waits on the spot where it cannot: where a function has used
/// up all the processes that its user may have, that would be the event loop, which alone could end the function.
package final class ThreadPoolExecutor: TaskExecutor {
    private let pool: NIOThreadPool

    /// - Parameter pool: has been started.
    package init(pool: NIOThreadPool) {
        self.pool = pool
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        pool.submit { _ in job.runSynchronously(on: executor) }
    }
}
