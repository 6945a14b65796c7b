import LambdaModel
package import NIOCore

/// The functions that a server knows, each with its pool. Belongs to the pools' event loop.
package final class FunctionRegistry {
    package let eventLoop: any EventLoop
    private var pools: [String: FunctionPool] = [:]
    /// Other names of functions: logical ids of a template.
    private var names: [String: String] = [:]

    package init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// - Parameter alias: another name of it.
    package func add(_ pool: FunctionPool, alsoKnownAs alias: String? = nil) {
        pools[pool.function.name] = pool
        if let alias, alias != pool.function.name { names[alias] = pool.function.name }
    }

    package func pool(named name: String) -> FunctionPool? {
        pools[name] ?? names[name].flatMap { pools[$0] }
    }

    /// The names, sorted.
    package var functionNames: [String] { pools.keys.sorted() }

    /// Ends all environments. Nothing is left running when the future succeeds.
    package func shutdown() -> EventLoopFuture<Void> {
        EventLoopFuture.andAllComplete(pools.values.map { $0.shutdown() }, on: eventLoop)
    }
}
