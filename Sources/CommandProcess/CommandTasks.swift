package import ExecutionEnvironment
import NIOPosix

/// Where the tasks of a command run that wait for the event loop.
package enum CommandTasks {
    /// Its threads are started with the first use, which should be before a function runs.
    package static let executor: ThreadPoolExecutor = {
        // One for the command; the others explain crashes, which takes a second now and then.
        let pool = NIOThreadPool(numberOfThreads: 4)
        pool.start()
        return ThreadPoolExecutor(pool: pool)
    }()
}
