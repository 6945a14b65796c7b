import AsyncInvocation
package import ExecutionEnvironment
package import FunctionPool
import HTTPServer
import LambdaModel
package import NIOCore
package import NIOPosix

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Functions behind one port, as the AWS Lambda API. Belongs to its event loop.
package final class LambdaServer {
    /// A function to serve.
    package struct Function: Sendable {
        /// Another name of it, its logical id.
        package var name: String
        package var configuration: EnvironmentConfiguration
        package var limits: FunctionPool.Limits

        package init(name: String, configuration: EnvironmentConfiguration, limits: FunctionPool.Limits) {
            self.name = name
            self.configuration = configuration
            self.limits = limits
        }
    }

    private let registry: FunctionRegistry
    private let events: EventDispatcher?
    private let server: HTTPServer

    private init(registry: FunctionRegistry, events: EventDispatcher?, server: HTTPServer) {
        self.registry = registry
        self.events = events
        self.server = server
    }

    /// Opens the port. No process starts before the first invocation.
    ///
    /// - Parameters:
    ///   - concurrency: invocations at the same time, all functions together.
    ///   - allowedHosts: names, in lower case, that requests may use besides loopback ones.
    ///   - state: where asynchronous invocations are kept; `nil`: there are none.
    /// - Returns: fails with an `ApusError` when the address cannot be bound.
    package static func start(
        _ functions: [Function],
        concurrency: Int,
        host: String,
        port: Int,
        allowedHosts: Set<String>,
        state: ServerState? = nil,
        eventLoop: any EventLoop,
        threadPool: NIOThreadPool,
        log: NIOLoopBound<FunctionLog>
    ) -> EventLoopFuture<NIOLoopBound<LambdaServer>> {
        eventLoop.flatSubmit {
            let registry = FunctionRegistry(eventLoop: eventLoop)
            let account = ConcurrencyLimit(concurrency)
            for function in functions {
                let pool = FunctionPool(
                    configuration: function.configuration,
                    limits: function.limits,
                    account: account,
                    eventLoop: eventLoop,
                    threadPool: threadPool,
                    log: log.value
                )
                registry.add(pool, alsoKnownAs: function.name)
            }
            let events = state.map { EventDispatcher(running: registry, in: $0, log: log.value) }
            let service = LambdaService(registry: registry, account: account, events: events)
            let bound = NIOLoopBound((registry, events), eventLoop: eventLoop)
            let address = HTTPServer.bind(
                host: host,
                port: port,
                eventLoop: eventLoop,
                access: .local(alsoAllowed: allowedHosts.union([host.lowercased()])),
                service: NIOLoopBound(service, eventLoop: eventLoop)
            )
            return address.flatMap { server in
                let (registry, events) = bound.value
                let lambda = NIOLoopBound(
                    LambdaServer(registry: registry, events: events, server: server),
                    eventLoop: eventLoop
                )
                return lambda.value.startEvents().map { lambda }
            }.flatMapErrorThrowing { error in
                let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
                throw ApusError(
                    "serve.address",
                    "cannot listen at \(host):\(port): \(reason)",
                    hint: "choose another port with --port, or end what listens there"
                )
            }
        }
    }

    /// As bound.
    package var port: Int { server.port }

    /// Asynchronous invocations that have been accepted and are not over.
    package var eventCount: Int { events?.count ?? 0 }

    /// Goes on with the events that an earlier server has accepted.
    private func startEvents() -> EventLoopFuture<Void> {
        guard let events else { return registry.eventLoop.makeSucceededVoidFuture() }
        return events.start().map { _ in }
    }

    /// Ends all functions, whose callers are told so, then stops to listen. Events that are not over stay stored.
    package func shutdown() -> EventLoopFuture<Void> {
        let server = NIOLoopBound(server, eventLoop: registry.eventLoop)
        let events = events?.stop() ?? registry.eventLoop.makeSucceededVoidFuture()
        return registry.shutdown().flatMap { events }.flatMap { server.value.close() }
    }
}
