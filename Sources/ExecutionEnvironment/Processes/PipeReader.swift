import NIOCore
import NIOPosix

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Reads what processes write into a pipe.
enum PipeReader {
    /// Takes a descriptor over, and closes it where the event loop cannot take it.
    ///
    /// - Parameters:
    ///   - begin: called with the channel before anything is read; adds the handler.
    ///   - onFailure: the descriptor has been closed.
    static func read(
        _ descriptor: Int32,
        on eventLoop: any EventLoop,
        begin: @escaping @Sendable (any Channel) throws -> Void,
        onFailure: @escaping @Sendable () -> Void
    ) {
        NIOPipeBootstrap(group: eventLoop)
            .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try begin(channel) } }
            .takingOwnershipOfDescriptor(input: descriptor)
            .whenFailure { _ in
                _ = close(descriptor)
                onFailure()
            }
    }
}
