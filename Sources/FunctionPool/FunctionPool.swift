package import ExecutionEnvironment
package import LambdaModel
package import NIOCore
package import NIOPosix

/// The environments of one function: for now a single one, whose invocations queue up.
///
/// Belongs to its event loop, on which the environment lives too, so that handing over an invocation is a call.
package final class FunctionPool {
    /// How many invocations may wait for the environment.
    package static let queueLimit = 1024

    package let function: FunctionConfiguration
    package let eventLoop: any EventLoop
    private let environment: ExecutionEnvironment
    private var queue = InvocationQueue<Invocation>(limit: FunctionPool.queueLimit)

    package init(
        configuration: EnvironmentConfiguration,
        eventLoop: any EventLoop,
        threadPool: NIOThreadPool,
        log: FunctionLog,
        onLaunchFailure: ((LaunchFailure) -> Void)? = nil
    ) {
        function = configuration.function
        self.eventLoop = eventLoop
        environment = ExecutionEnvironment(
            configuration: configuration,
            eventLoop: eventLoop,
            threadPool: threadPool,
            log: log
        )
        environment.onLaunchFailure = onLaunchFailure
        environment.onIdle = { [weak self] in self?.environmentBecameIdle() }
    }

    /// Opens the environment's Runtime API; no process starts before the first invocation.
    package func open() -> EventLoopFuture<Void> {
        environment.open()
    }

    /// Runs the invocation when its turn has come.
    ///
    /// - Returns: `false` when too many wait already or the pool has shut down; the invocation is abandoned then.
    @discardableResult
    package func submit(_ invocation: Invocation) -> Bool {
        switch queue.submit(invocation) {
        case .run(let invocation): environment.invoke(invocation)
        case .wait: break
        case .refuse(let invocation):
            invocation.abandon()
            return false
        }
        return true
    }

    /// Ends the environment; waiting invocations are abandoned. Nothing is left running when the future succeeds.
    package func shutdown() -> EventLoopFuture<Void> {
        let waiting = queue.close()
        for invocation in waiting { invocation.abandon() }
        return environment.shutdown()
    }

    private func environmentBecameIdle() {
        if let next = queue.environmentBecameIdle() { environment.invoke(next) }
    }
}
