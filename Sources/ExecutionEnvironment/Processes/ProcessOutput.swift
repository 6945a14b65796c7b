import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One pipe of output of an environment's processes: read as it comes, or all at once where something has to stand behind
/// it in the log. Belongs to its event loop.
final class ProcessOutput {
    private let descriptor: Int32
    private let eventLoop: any EventLoop
    private let log: FunctionLog
    private let receive: (ByteBuffer) -> Void

    private var channel: (any Channel)?
    private var isOpen = true
    private var scratch = ByteBuffer()

    /// - Parameters:
    ///   - descriptor: taken over.
    ///   - log: while it is congested, nothing more is read, so that processes wait.
    init(
        descriptor: Int32,
        eventLoop: any EventLoop,
        log: FunctionLog,
        receive: @escaping (ByteBuffer) -> Void
    ) {
        self.descriptor = descriptor
        self.eventLoop = eventLoop
        self.log = log
        self.receive = receive
    }

    /// - Parameter onFailure: the event loop could not take the descriptor, which is closed.
    func start(onFailure: @escaping @Sendable () -> Void) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        PipeReader.read(descriptor, on: eventLoop) { channel in
            try channel.pipeline.syncOperations.addHandler(OutputHandler(output: bound.value))
            bound.value.channel = channel
        } onFailure: {
            bound.value.ended()
            onFailure()
        }
    }

    /// Takes what the processes have written so far, so that it stands in the log before the line that follows.
    ///
    /// Reads beside the pipe channel, which is safe on its own event loop: whoever reads first appends first.
    func drain() {
        guard !log.isCongested else { return }
        take(rounds: 16)
    }

    /// Takes the rest: nobody writes any more, and a pipe holds 1 MB at most.
    func finish() {
        take(rounds: 128)
        channel?.close(promise: nil)
        ended()
    }

    /// - Parameter rounds: reads of 16 KB at most, for a process that writes as fast as we read.
    private func take(rounds: Int) {
        guard isOpen, channel != nil else { return }
        for _ in 0..<rounds {
            scratch.clear()
            let count = scratch.writeWithUnsafeMutableBytes(minimumWritableBytes: 16 * 1024) { space in
                max(0, read(descriptor, space.baseAddress, space.count))
            }
            guard count > 0 else { return }
            receive(scratch)
        }
    }

    fileprivate func received(_ bytes: ByteBuffer) {
        receive(bytes)
        guard log.isCongested, let channel else { return }
        channel.setOption(.autoRead, value: false).whenFailure { _ in }
        let bound = NIOLoopBound(channel, eventLoop: eventLoop)
        log.whenUncongested { bound.value.setOption(.autoRead, value: true).whenFailure { _ in } }
    }

    fileprivate func ended() {
        guard isOpen else { return }
        isOpen = false
        channel = nil
    }
}

private final class OutputHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let output: ProcessOutput

    init(output: ProcessOutput) {
        self.output = output
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        output.received(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        output.ended()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
