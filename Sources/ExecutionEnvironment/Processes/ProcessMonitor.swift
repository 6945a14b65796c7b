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

/// Watches the processes of one environment on its event loop: the launcher's messages, and the output of the runtime and
/// of the extensions.
final class ProcessMonitor {
    /// Who has written.
    enum Source { case runtime, extensions }

    private let processes: EnvironmentProcesses
    private let eventLoop: any EventLoop
    private let onOutput: (Source, ByteBuffer) -> Void
    private let onMessage: (LauncherMessage) -> Void
    private let onEnd: () -> Void

    private var outputs: [ProcessOutput] = []
    private var hasEnded = false
    /// `nil` where nobody will ask for it.
    private var tail: OutputTail?

    /// - Parameters:
    ///   - log: whose congestion holds the processes back.
    ///   - keepsTail: whether ``outputTail`` is wanted.
    ///   - onOutput: called with what is written, in order for each source.
    ///   - onMessage: called for each message of the launcher.
    ///   - onEnd: called once, when nothing of the environment runs any more and all its output has been told.
    init(
        processes: EnvironmentProcesses,
        eventLoop: any EventLoop,
        log: FunctionLog,
        keepsTail: Bool = false,
        onOutput: @escaping (Source, ByteBuffer) -> Void,
        onMessage: @escaping (LauncherMessage) -> Void,
        onEnd: @escaping () -> Void
    ) {
        self.processes = processes
        self.eventLoop = eventLoop
        tail = keepsTail ? OutputTail() : nil
        self.onOutput = onOutput
        self.onMessage = onMessage
        self.onEnd = onEnd
        addOutput(processes.outputDescriptor, .runtime, log)
        if let descriptor = processes.extensionOutputDescriptor { addOutput(descriptor, .extensions, log) }
    }

    private func addOutput(_ descriptor: Int32, _ source: Source, _ log: FunctionLog) {
        let output = ProcessOutput(
            descriptor: descriptor,
            eventLoop: eventLoop,
            log: log,
            receive: { [weak self] in self?.receive($0, from: source) }
        )
        outputs.append(output)
    }

    func start() {
        let monitor = NIOLoopBound(self, eventLoop: eventLoop)
        // Without its output or its messages nothing can be known of the processes.
        for output in outputs { output.start(onFailure: { monitor.value.kill() }) }
        let descriptor = processes.statusDescriptor
        NIOPipeBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StatusHandler(monitor: monitor.value))
                }
            }
            .takingOwnershipOfDescriptor(input: descriptor)
            .whenFailure { _ in
                _ = close(descriptor)
                monitor.value.statusEnded()
            }
    }

    /// Passes a command to the launcher.
    func send(_ command: LauncherCommand) {
        processes.send(command)
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
    func drainOutput() {
        for output in outputs { output.drain() }
    }

    private func receive(_ bytes: ByteBuffer, from source: Source) {
        tail?.append(bytes)
        onOutput(source, bytes)
    }

    fileprivate func receive(message: LauncherMessage) {
        onMessage(message)
    }

    fileprivate func statusEnded() {
        guard !hasEnded else { return }
        hasEnded = true
        for output in outputs { output.finish() }
        processes.end()
        processes.reap()
        onEnd()
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
