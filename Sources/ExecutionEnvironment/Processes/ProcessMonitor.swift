import LambdaModel
import NIOCore
import NIOPosix
import Sandbox

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Watches the processes of one environment on its event loop: the launcher's messages, and the output.
final class ProcessMonitor {
    private let processes: EnvironmentProcesses
    private let eventLoop: any EventLoop
    private let log: FunctionLog
    private let onMessage: (LauncherMessage) -> Void
    private let onEnd: () -> Void

    private var output: (any Channel)?
    private var outputIsOpen = true
    private var hasEnded = false
    private var scratch = ByteBuffer()
    /// `nil` where nobody will ask for it.
    private var tail: OutputTail?

    /// - Parameters:
    ///   - keepsTail: whether ``outputTail`` is wanted.
    ///   - onMessage: called for each message of the launcher.
    ///   - onEnd: called once, when nothing of the environment runs any more and all its output has been logged.
    init(
        processes: EnvironmentProcesses,
        eventLoop: any EventLoop,
        log: FunctionLog,
        keepsTail: Bool = false,
        onMessage: @escaping (LauncherMessage) -> Void,
        onEnd: @escaping () -> Void
    ) {
        self.processes = processes
        self.eventLoop = eventLoop
        self.log = log
        tail = keepsTail ? OutputTail() : nil
        self.onMessage = onMessage
        self.onEnd = onEnd
    }

    func start() {
        let monitor = NIOLoopBound(self, eventLoop: eventLoop)
        open(processes.outputDescriptor, onFailure: { $0.kill() }) { channel in
            try channel.pipeline.syncOperations.addHandler(OutputHandler(monitor: monitor.value))
            monitor.value.output = channel
        }
        open(processes.statusDescriptor, onFailure: { $0.statusEnded() }) { channel in
            try channel.pipeline.syncOperations.addHandler(StatusHandler(monitor: monitor.value))
        }
    }

    private func open(
        _ descriptor: Int32,
        onFailure: @escaping @Sendable (ProcessMonitor) -> Void,
        initializer: @escaping @Sendable (any Channel) throws -> Void
    ) {
        let monitor = NIOLoopBound(self, eventLoop: eventLoop)
        NIOPipeBootstrap(group: eventLoop)
            .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try initializer(channel) } }
            .takingOwnershipOfDescriptor(input: descriptor)
            .whenFailure { _ in
                // The event loop could not take the descriptor: without it nothing can be known of the processes.
                _ = close(descriptor)
                onFailure(monitor.value)
            }
    }

    /// Kills everything.
    func kill() {
        processes.end()
    }

    /// Peak memory of the living processes, in bytes.
    func peakMemoryBytes() -> Int? {
        processes.peakMemoryBytes()
    }

    /// The last of what the processes have written, as far as it has been taken.
    var outputTail: String { tail?.text ?? "" }

    /// Takes what the processes have written so far, so that it stands in the log before the line that follows.
    ///
    /// Reads beside the pipe channel, which is safe on its own event loop: whoever reads first appends first.
    func drainOutput() {
        guard !log.isCongested else { return }
        takeOutput(rounds: 16)
    }

    /// - Parameter rounds: reads of 16 KB at most, for a process that writes as fast as we read.
    private func takeOutput(rounds: Int) {
        guard outputIsOpen, output != nil else { return }
        for _ in 0..<rounds {
            scratch.clear()
            let count = scratch.writeWithUnsafeMutableBytes(minimumWritableBytes: 16 * 1024) { space in
                max(0, read(processes.outputDescriptor, space.baseAddress, space.count))
            }
            guard count > 0 else { return }
            tail?.append(scratch)
            log.append(output: scratch)
        }
    }

    fileprivate func receive(output bytes: ByteBuffer) {
        tail?.append(bytes)
        log.append(output: bytes)
        guard log.isCongested, let output else { return }
        output.setOption(.autoRead, value: false).whenFailure { _ in }
        let channel = NIOLoopBound(output, eventLoop: eventLoop)
        log.whenUncongested { channel.value.setOption(.autoRead, value: true).whenFailure { _ in } }
    }

    fileprivate func outputEnded() {
        outputIsOpen = false
        output = nil
    }

    fileprivate func receive(message: LauncherMessage) {
        onMessage(message)
    }

    fileprivate func statusEnded() {
        guard !hasEnded else { return }
        hasEnded = true
        // Nobody writes any more; a pipe holds 1 MB at most.
        takeOutput(rounds: 128)
        output?.close(promise: nil)
        processes.end()
        processes.reap()
        onEnd()
    }
}

/// Passes the processes' output on to the log.
private final class OutputHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let monitor: ProcessMonitor

    init(monitor: ProcessMonitor) {
        self.monitor = monitor
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        monitor.receive(output: unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        monitor.outputEnded()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// Decodes the launcher's messages. End of file means that every process is dead.
private final class StatusHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let monitor: ProcessMonitor
    private var decoder = LauncherMessageDecoder()

    init(monitor: ProcessMonitor) {
        self.monitor = monitor
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            let bytes = unwrapInboundIn(data)
            let messages = try bytes.withUnsafeReadableBytes { try decoder.append($0) }
            for message in messages { monitor.receive(message: message) }
        } catch {
            // Whatever wrote this is not our launcher: end it.
            monitor.kill()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        monitor.statusEnded()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
