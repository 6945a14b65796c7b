import AsyncInvocation
package import ExecutionEnvironment
import FunctionPool
import FunctionStore
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
    /// Where a server listens, and to whom.
    package struct Address: Sendable {
        package var host: String
        /// 0: the system chooses.
        package var port: Int
        /// Names, in lower case, that requests may use besides loopback ones.
        package var allowedHosts: Set<String>

        package init(host: String, port: Int, allowedHosts: Set<String> = []) {
            self.host = host
            self.port = port
            self.allowedHosts = allowedHosts
        }
    }

    private let functions: ServedFunctions
    private let desk: ControlDesk
    private let events: EventDispatcher
    private let server: HTTPServer
    private let context: ControlContext
    private let controlThread: NIOThreadPool

    private init(
        functions: ServedFunctions,
        desk: ControlDesk,
        events: EventDispatcher,
        server: HTTPServer,
        context: ControlContext,
        controlThread: NIOThreadPool
    ) {
        self.functions = functions
        self.desk = desk
        self.events = events
        self.server = server
        self.context = context
        self.controlThread = controlThread
    }

    /// Brings the template's functions into the store and opens the port. No process starts before the first invocation,
    /// apart from those of provisioned concurrency.
    ///
    /// - Parameters:
    ///   - templates: functions that are ready to be started.
    ///   - starter: makes those ready that are created.
    ///   - region: of all functions.
    /// - Returns: fails with an `ApusError` when the address cannot be bound or the store cannot be read.
    package static func start(
        _ templates: [ServedTemplateFunction],
        limits: ServedFunctions.Limits,
        starter: any FunctionStarter,
        at address: Address,
        region: String,
        state: ServerState,
        eventLoop: any EventLoop,
        threadPool: NIOThreadPool,
        log: NIOLoopBound<FunctionLog>
    ) -> EventLoopFuture<NIOLoopBound<LambdaServer>> {
        let context = ControlContext(
            region: region,
            accountID: FunctionARN.placeholderAccountID,
            concurrency: limits.concurrency,
            records: state.records,
            code: state.code,
            templateCode: templateCode(of: templates),
            address: "",
            epochMilliseconds: { WallClock.epochMilliseconds() }
        )
        return state.controlThread.runIfActive(eventLoop: eventLoop) { () throws -> [StoredFunction] in
            let stored = try TemplateImport.run(templates, in: context)
            context.code.removeAll(but: Set(try context.records.read { try $0.archives() }.keys))
            return stored
        }.flatMapErrorThrowing { error -> [StoredFunction] in
            throw error as? ApusError ?? ApusError("state.database", "cannot read the store: \(error)")
        }.flatMap { stored in
            let shop = EnvironmentShop(eventLoop: eventLoop, threadPool: threadPool, log: log.value)
            let functions = ServedFunctions(
                templates: templates,
                limits: limits,
                context: context,
                starter: starter,
                shop: shop
            )
            let desk = ControlDesk(
                ControlPlane(context: context),
                functions: functions,
                thread: state.controlThread,
                eventLoop: eventLoop
            )
            let events = EventDispatcher(running: functions, in: state, log: log.value)
            functions.onChanged = { [weak events] in events?.wake(function: $0) }
            let service = LambdaService(functions: functions, desk: desk, events: events)
            let parts = NIOLoopBound((functions, desk, events), eventLoop: eventLoop)
            return listen(at: address, service, eventLoop).flatMap { server in
                let (functions, desk, events) = parts.value
                let lambda = LambdaServer(
                    functions: functions,
                    desk: desk,
                    events: events,
                    server: server,
                    context: context,
                    controlThread: state.controlThread
                )
                // Not before the port is ours: provisioned environments start now.
                functions.apply(Dictionary(uniqueKeysWithValues: stored.map { ($0.name, .some($0)) }))
                let result = NIOLoopBound(lambda, eventLoop: eventLoop)
                return events.start().map { _ in result }
            }
        }
    }

    private static func templateCode(of templates: [ServedTemplateFunction]) -> [String: String] {
        let places = templates.compactMap { template in
            template.code.map { (template.configuration.name, $0.path) }
        }
        return Dictionary(places) { first, _ in first }
    }

    /// Takes over a template that has been built anew: what has changed gets new environments for the next invocations, and
    /// what runs comes to its end.
    ///
    /// - Parameters:
    ///   - templates: all functions of the template; those that have not changed as they were.
    ///   - changed: names of those whose code or configuration is another one.
    /// - Returns: fails with an error of the store's.
    package func reload(_ templates: [ServedTemplateFunction], changed: Set<String>) -> EventLoopFuture<Void> {
        var changedContext = context
        changedContext.templateCode = Self.templateCode(of: templates)
        let context = changedContext
        let bound = NIOLoopBound((functions, desk), eventLoop: functions.shop.eventLoop)
        return controlThread.runIfActive(eventLoop: functions.shop.eventLoop) {
            try TemplateImport.run(templates, in: context)
        }.map { stored in
            let (functions, desk) = bound.value
            desk.setTemplateCode(context.templateCode)
            functions.replaceTemplates(templates, changed: changed, stored: stored)
        }
    }

    private static func listen(
        at address: Address,
        _ service: LambdaService,
        _ eventLoop: any EventLoop
    ) -> EventLoopFuture<HTTPServer> {
        HTTPServer.bind(
            host: address.host,
            port: address.port,
            eventLoop: eventLoop,
            access: .local(alsoAllowed: address.allowedHosts.union([address.host.lowercased()])),
            service: NIOLoopBound(service, eventLoop: eventLoop)
        ).flatMapErrorThrowing { error in
            let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
            throw ApusError(
                "serve.address",
                "cannot listen at \(address.host):\(address.port): \(reason)",
                hint: "choose another port with --port, or end what listens there"
            )
        }
    }

    /// As bound.
    package var port: Int { server.port }

    /// Asynchronous invocations that have been accepted and are not over.
    package var eventCount: Int { events.count }

    /// Names of all functions, sorted.
    package var functionNames: [String] { functions.names }

    /// Ends all functions, whose callers are told so, then stops to listen. Events that are not over stay stored.
    package func shutdown() -> EventLoopFuture<Void> {
        let server = NIOLoopBound(server, eventLoop: functions.shop.eventLoop)
        let events = events.stop()
        return functions.shutdown().flatMap { events }.flatMap { server.value.close() }
    }
}
