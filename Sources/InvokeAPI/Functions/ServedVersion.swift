import ExecutionEnvironment
import FunctionPool
import FunctionStore
import LambdaModel
import NIOCore
import NIOPosix

/// One version of a function as invocations find it: its environments are made when the first one asks for them, or at once
/// where they are provisioned. Belongs to the event loop.
final class ServedVersion {
    /// What the environments depend on: when it changes, they are replaced.
    struct Identity: Hashable {
        var settings: JSONValue
        var code: StoredCode
        var layers: [StoredLayerReference]
        var hasReservedConcurrency: Bool
        /// How often the code of the template was replaced.
        var generation = 0
    }

    private enum State {
        /// → `preparing`
        case idle
        /// → `ready`, `idle` (it failed), `retired`
        case preparing([(Result<FunctionPool, LambdaAPIError>) -> Void])
        /// → `retired`
        case ready(FunctionPool, StartableFunction)
        case retired
    }

    let identity: Identity
    /// As `X-Amz-Executed-Version` has it.
    let name: String
    private let shop: EnvironmentShop
    private let preparation: FunctionPreparation
    private let limits: FunctionPool.Limits
    private let limit: ConcurrencyLimit
    private var state = State.idle

    /// - Parameters:
    ///   - limit: what the version's invocations count in.
    init(
        _ identity: Identity,
        name: String,
        limits: FunctionPool.Limits,
        limit: ConcurrencyLimit,
        in shop: EnvironmentShop,
        preparation: FunctionPreparation
    ) {
        self.identity = identity
        self.name = name
        self.limits = limits
        self.limit = limit
        self.shop = shop
        self.preparation = preparation
    }

    /// How many environments are kept ready; they are made at once.
    var provisioned = 0 {
        didSet {
            guard provisioned != oldValue else { return }
            let count = provisioned
            withPool { if case .success(let pool) = $0 { pool.setProvisioned(count) } }
        }
    }

    /// Hands over the pool, at once where there is one.
    func withPool(_ body: @escaping (Result<FunctionPool, LambdaAPIError>) -> Void) {
        switch state {
        case .ready(let pool, _): body(.success(pool))
        case .preparing(let waiting): state = .preparing(waiting + [body])
        case .retired: body(.failure(.shuttingDown))
        case .idle:
            state = .preparing([body])
            prepare()
        }
    }

    /// What has become of those that are to be kept ready.
    var readiness: ProvisionedReadiness {
        guard case .ready(let pool, _) = state else { return ProvisionedReadiness() }
        return ProvisionedReadiness(ready: pool.provisioned.ready, failures: pool.provisioned.failures)
    }

    var hasRoom: Bool { limit.hasRoom }

    /// Lets what runs come to its end and takes no more. The future succeeds when nothing is left.
    func retire() -> EventLoopFuture<Void> { end { $0.retire() } }

    /// The same at once: what runs is abandoned.
    func shutdown() -> EventLoopFuture<Void> { end { $0.shutdown() } }

    private var ending: EventLoopFuture<Void>?

    private func end(_ stop: (FunctionPool) -> EventLoopFuture<Void>) -> EventLoopFuture<Void> {
        switch state {
        case .ready(let pool, let startable):
            let future = stop(pool)
            guard ending == nil else { return future }
            let (threads, loop) = (shop.threadPool, shop.eventLoop)
            let removal = future.flatMap { threads.runIfActive(eventLoop: loop) { startable.remove() } }
            ending = removal
            return removal
        case .preparing(let waiting):
            state = .retired
            for body in waiting { body(.failure(.shuttingDown)) }
        case .idle:
            state = .retired
            let discard = preparation.discard
            return shop.run { discard() }
        case .retired: break
        }
        return shop.eventLoop.makeSucceededVoidFuture()
    }

    private func prepare() {
        let make = preparation.make
        let bound = NIOLoopBound(self, eventLoop: shop.eventLoop)
        shop.run { Result { try make() } }.whenComplete { outcome in
            bound.value.prepared(outcome.flatMap { $0 })
        }
    }

    private func prepared(_ outcome: Result<StartableFunction, any Error>) {
        guard case .preparing(let waiting) = state else {
            // Retired meanwhile.
            if case .success(let startable) = outcome { shop.run { startable.remove() }.whenComplete { _ in } }
            return
        }
        switch outcome {
        case .success(let startable):
            let pool = shop.pool(startable.configuration, limits, limit)
            state = .ready(pool, startable)
            for body in waiting { body(.success(pool)) }
        case .failure(let error):
            // The next invocation tries again: somebody may have put right what was wrong.
            state = .idle
            let reason = (error as? ApusError)?.message ?? "\(error)"
            for body in waiting {
                body(
                    .failure(
                        LambdaAPIError(
                            502,
                            "ServiceException",
                            "The function cannot be started: \(reason)",
                            fault: "Service"
                        )
                    )
                )
            }
        }
    }
}
