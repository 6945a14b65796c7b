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
    private let server: HTTPServer

    private init(registry: FunctionRegistry, server: HTTPServer) {
        self.registry = registry
        self.server = server
    }

    /// Opens the port. No process starts before the first invocation.
    ///
    /// - Parameters:
    ///   - concurrency: invocations at the same time, all functions together.
    ///   - allowedHosts: names, in lower case, that requests may use besides loopback ones.
    /// - Returns: fails with an `ApusError` when the address cannot be bound.
    package static func start(
        _ functions: [Function],
        concurrency: Int,
        host: String,
        port: Int,
        allowedHosts: Set<String>,
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
            let service = LambdaService(registry: registry, account: account)
            let bound = NIOLoopBound(registry, eventLoop: eventLoop)
            return HTTPServer.bind(
                host: host,
                port: port,
                eventLoop: eventLoop,
                access: .local(alsoAllowed: allowedHosts.union([host.lowercased()])),
                service: NIOLoopBound(service, eventLoop: eventLoop)
            ).map { server in
                NIOLoopBound(LambdaServer(registry: bound.value, server: server), eventLoop: eventLoop)
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

    /// Stops to listen, then ends all functions, whose callers are told so.
    package func shutdown() -> EventLoopFuture<Void> {
        let server = NIOLoopBound(server, eventLoop: registry.eventLoop)
        return registry.shutdown().flatMap { server.value.close() }
    }
}
