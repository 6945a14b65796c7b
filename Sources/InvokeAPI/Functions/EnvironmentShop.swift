import ExecutionEnvironment
import FunctionPool
import NIOCore
import NIOPosix

/// What all pools of a server are made with. Belongs to their event loop.
struct EnvironmentShop {
    let eventLoop: any EventLoop
    let threadPool: NIOThreadPool
    let log: FunctionLog
    let memoryReadings = MemoryReadings()

    func pool(
        _ configuration: EnvironmentConfiguration,
        _ limits: FunctionPool.Limits,
        _ limit: ConcurrencyLimit
    ) -> FunctionPool {
        FunctionPool(
            configuration: configuration,
            limits: limits,
            account: limit,
            eventLoop: eventLoop,
            threadPool: threadPool,
            log: log,
            memoryReadings: memoryReadings
        )
    }

    /// Runs something that may block, off the event loop.
    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> EventLoopFuture<Value> {
        threadPool.runIfActive(eventLoop: eventLoop, body)
    }
}
