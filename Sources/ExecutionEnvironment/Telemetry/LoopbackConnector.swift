import NIOCore
import NIOPosix

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Connects to a port of this machine.
enum LoopbackConnector {
    /// IPv4 first; IPv6 where nobody listens there. No name is looked up.
    static func connect(
        port: Int,
        on eventLoop: any EventLoop,
        initializer: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        connect(address: "127.0.0.1", port: port, on: eventLoop, initializer: initializer).flatMapError { error in
            guard (error as? IOError)?.errnoCode == ECONNREFUSED else { return eventLoop.makeFailedFuture(error) }
            return connect(address: "::1", port: port, on: eventLoop, initializer: initializer)
        }
    }

    private static func connect(
        address: String,
        port: Int,
        on eventLoop: any EventLoop,
        initializer: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        do {
            return ClientBootstrap(group: eventLoop)
                .connectTimeout(TelemetryDelivery.connectTime)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try initializer(channel) } }
                .connect(to: try SocketAddress(ipAddress: address, port: port))
        } catch {
            return eventLoop.makeFailedFuture(error)
        }
    }
}
