import NIOCore
import NIOPosix

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Connects to a port of an environment.
struct LoopbackConnector {
    /// Makes a connected socket in a network that is not this machine's; the caller's to close. `nil`: it is.
    var makeSocket: ((_ port: Int) -> EventLoopFuture<CInt>)?

    static var thisMachine: LoopbackConnector { LoopbackConnector() }

    /// IPv4 first; IPv6 where nobody listens there. No name is looked up.
    func connect(
        port: Int,
        on eventLoop: any EventLoop,
        initializer: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        guard let makeSocket else { return Self.connect(port: port, on: eventLoop, initializer) }
        return makeSocket(port).flatMap { socket in
            Self.bootstrap(on: eventLoop, initializer).withConnectedSocket(socket).flatMapErrorThrowing { error in
                _ = close(socket)
                throw error
            }
        }
    }

    private static func connect(
        port: Int,
        on eventLoop: any EventLoop,
        _ initializer: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        connect("127.0.0.1", port, on: eventLoop, initializer).flatMapError { error in
            guard (error as? IOError)?.errnoCode == ECONNREFUSED else { return eventLoop.makeFailedFuture(error) }
            return connect("::1", port, on: eventLoop, initializer)
        }
    }

    private static func connect(
        _ address: String,
        _ port: Int,
        on eventLoop: any EventLoop,
        _ initializer: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        do {
            return bootstrap(on: eventLoop, initializer).connect(to: try SocketAddress(ipAddress: address, port: port))
        } catch {
            return eventLoop.makeFailedFuture(error)
        }
    }

    private static func bootstrap(
        on eventLoop: any EventLoop,
        _ initializer: @escaping @Sendable (any Channel) throws -> Void
    ) -> ClientBootstrap {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(TelemetryDelivery.connectTime)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try initializer(channel) } }
    }
}
