package import NIOCore
import NIOHTTP1
import NIOPosix

/// A listening HTTP/1.1 server whose connections all live on one event loop, the service's own: both sides of an
/// invocation meet there without a hop.
package final class HTTPServer: Sendable {
    private let channel: any Channel
    private let registry: NIOLoopBound<HTTPConnectionRegistry>

    private init(channel: any Channel, registry: NIOLoopBound<HTTPConnectionRegistry>) {
        self.channel = channel
        self.registry = registry
    }

    /// Binds and starts to answer.
    ///
    /// - Parameters:
    ///   - port: 0 lets the system choose; see ``port``.
    ///   - service: bound to `eventLoop`.
    /// - Returns: fails with an `IOError` when the address cannot be bound.
    package static func bind(
        host: String,
        port: Int,
        eventLoop: any EventLoop,
        access: HTTPAccessPolicy,
        limits: HTTPServerLimits = HTTPServerLimits(),
        service: NIOLoopBound<any HTTPService>
    ) -> EventLoopFuture<HTTPServer> {
        open(on: eventLoop, access: access, limits: limits, service: service) { bootstrap in
            // An address needs no resolver, which would look at files and sockets of the system first.
            if let address = try? SocketAddress(ipAddress: host, port: port) {
                bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1).bind(to: address)
            } else {
                bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1).bind(host: host, port: port)
            }
        }
    }

    /// Answers at a socket that listens already.
    ///
    /// - Parameters:
    ///   - listener: taken over, unless the result fails.
    ///   - service: bound to `eventLoop`.
    package static func serve(
        listener: CInt,
        eventLoop: any EventLoop,
        access: HTTPAccessPolicy,
        limits: HTTPServerLimits = HTTPServerLimits(),
        service: NIOLoopBound<any HTTPService>
    ) -> EventLoopFuture<HTTPServer> {
        open(on: eventLoop, access: access, limits: limits, service: service) { $0.withBoundSocket(listener) }
    }

    private static func open(
        on eventLoop: any EventLoop,
        access: HTTPAccessPolicy,
        limits: HTTPServerLimits,
        service: NIOLoopBound<any HTTPService>,
        listen: @escaping @Sendable (ServerBootstrap) -> EventLoopFuture<any Channel>
    ) -> EventLoopFuture<HTTPServer> {
        eventLoop.flatSubmit {
            let registry = NIOLoopBound(HTTPConnectionRegistry(), eventLoop: eventLoop)
            let bootstrap = ServerBootstrap(group: eventLoop)
                .serverChannelOption(.backlog, value: 1024)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelOption(.recvAllocator, value: receiveAllocator)
                .childChannelInitializer { child in
                    Self.initialize(child, service: service, access: access, limits: limits, registry: registry)
                }
            return listen(bootstrap).map { HTTPServer(channel: $0, registry: registry) }
        }
    }

    /// Large reads for large bodies, small ones for the rest.
    private static var receiveAllocator: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 256 * 1024)
    }

    private static func initialize(
        _ channel: any Channel,
        service: NIOLoopBound<any HTTPService>,
        access: HTTPAccessPolicy,
        limits: HTTPServerLimits,
        registry: NIOLoopBound<HTTPConnectionRegistry>
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            guard registry.value.add(channel, limit: limits.connections) else {
                channel.close(promise: nil)
                return
            }
            channel.closeFuture.whenComplete { _ in registry.value.remove(channel) }
            let meter = InboundByteMeter(limit: limits.headBytes)
            let handler = HTTPConnectionHandler(
                service: service.value,
                rules: HTTPRequestRules(access: access),
                limits: limits,
                meter: meter
            )
            meter.onExcess = { [unowned handler] bytes in
                // Who goes on sending after the refusal is cut off.
                guard bytes < 32 * limits.headBytes else { return handler.abort() }
                handler.refuseConnection(.headerFieldsTooLarge, "the request head is too large")
            }
            var parserLimits = NIOHTTPDecoderLimitConfiguration()
            parserLimits.maxHeaderFieldSize = limits.headBytes
            parserLimits.maxHeaderListSize = limits.headBytes
            parserLimits.maxHeaderFieldCount = limits.headerFields
            let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: parserLimits)
            try channel.pipeline.syncOperations.addHandlers([meter, ByteToMessageHandler(decoder), handler])
        }
    }

    /// The bound port.
    package var port: Int { channel.localAddress?.port ?? 0 }

    /// The bound address.
    package var address: SocketAddress? { channel.localAddress }

    /// Stops listening and cuts every connection.
    package func close() -> EventLoopFuture<Void> {
        let registry = registry
        return channel.eventLoop.flatSubmit { [channel] in
            registry.value.closeAll()
            return channel.close().flatMapErrorThrowing { error in
                // Closing twice is no error.
                guard let error = error as? ChannelError, error == .alreadyClosed else { throw error }
            }
        }
    }
}
