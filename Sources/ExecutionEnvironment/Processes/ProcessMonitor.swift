import LambdaModel
import NIOCore
import NIOPosix
import Sandbox

/// Watches the processes of one environment on its event loop: the launcher's messages, and the output of the runtime and
/// of the extensions.
final class ProcessMonitor {
    /// Who has written.
    enum Source { case runtime, extensions }

    private let processes: EnvironmentProcesses
    private let eventLoop: any EventLoop
    private let threadPool: NIOThreadPool
    private let onOutput: (Source, ByteBuffer) -> Void
    private let onMessage: (LauncherMessage) -> Void
    private let onEnd: () -> Void

    private var outputs: [ProcessOutput] = []
    private var status: (any Channel)?
    private var statusHasEnded = false
    private var hasEnded = false
    private var isCleaningUp = false
    private var forcedEnd: Scheduled<Void>?
    /// `nil` where nobody will ask for it.
    private var tail: OutputTail?

    /// - Parameters:
    ///   - threadPool: has been started: a function may have left no room for another thread.
    ///   - log: whose congestion holds the processes back.
    ///   - keepsTail: whether ``outputTail`` is wanted.
    ///   - onOutput: called with what is written, in order for each source.
    ///   - onMessage: called for each message of the launcher.
    ///   - onEnd: called once, when nothing of the environment runs any more and all its output has been told.
    init(
        processes: EnvironmentProcesses,
        eventLoop: any EventLoop,
        threadPool: NIOThreadPool,
        log: FunctionLog,
        keepsTail: Bool = false,
        onOutput: @escaping (Source, ByteBuffer) -> Void,
        onMessage: @escaping (LauncherMessage) -> Void,
        onEnd: @escaping () -> Void
    ) {
        self.processes = processes
        self.eventLoop = eventLoop
        self.threadPool = threadPool
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
        PipeReader.read(processes.statusDescriptor, on: eventLoop) { channel in
            try channel.pipeline.syncOperations.addHandler(StatusHandler(monitor: monitor.value))
            monitor.value.status = channel
        } onFailure: {
            monitor.value.statusEnded()
        }
    }

    /// Passes a command to the launcher.
    func send(_ command: LauncherCommand) {
        processes.send(command)
    }

    /// How long the launcher may take to end all processes before anybody looks what it does: five times as long as it
    /// needs for 12,000 on two cores.
    private static let patience = TimeAmount.seconds(5)

    /// Kills everything.
    func kill() {
        processes.end()
        guard forcedEnd == nil, !hasEnded else { return }
        scheduleForcedEnd()
    }

    private func scheduleForcedEnd() {
        let monitor = NIOLoopBound(self, eventLoop: eventLoop)
        forcedEnd = eventLoop.scheduleTask(in: Self.patience) { monitor.value.patienceEnded() }
    }

    private func patienceEnded() {
        guard !hasEnded else { return }
        // It has exited, and somebody else holds its end of the status pipe open: found in /proc, in none of its processes.
        if processes.reapIfEnded() { return launcherEnded() }
        // A launcher that still kills is better at it: what it cannot catch would outlive it.
        guard processes.launcherIsStopped else { return scheduleForcedEnd() }
        let processes = processes
        let monitor = NIOLoopBound(self, eventLoop: eventLoop)
        threadPool.runIfActive(eventLoop: eventLoop) { processes.forceEnd() }
            .whenComplete { _ in monitor.value.launcherEnded() }
    }

    /// See `EnvironmentProcesses.takeRoom`.
    func takeRoom() throws(LaunchFailure) -> RoomHandover {
        try processes.takeRoom()
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
        guard !hasEnded else { return }
        onMessage(message)
    }

    fileprivate func statusEnded() {
        guard !statusHasEnded else { return }
        statusHasEnded = true
        kill()
        waitForLauncher()
    }

    private static let longestPause = TimeAmount.milliseconds(10)

    /// After the end of the file the launcher exits within microseconds. Where there was another end, it may still have to
    /// kill a large family, for which the event loop does not wait.
    private func waitForLauncher(pause: TimeAmount = .microseconds(100)) {
        guard !hasEnded else { return }
        if processes.reapIfEnded() { return launcherEnded() }
        let monitor = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: pause) { monitor.value.waitForLauncher(pause: min(pause * 2, Self.longestPause)) }
    }

    /// In the place of a launcher that was killed.
    private func cleanUp() {
        isCleaningUp = true
        let processes = processes
        let monitor = NIOLoopBound(self, eventLoop: eventLoop)
        threadPool.runIfActive(eventLoop: eventLoop) { processes.cleanUp() }
            .whenComplete { _ in
                monitor.value.isCleaningUp = false
                monitor.value.launcherEnded()
            }
    }

    private func launcherEnded() {
        guard !hasEnded, !isCleaningUp else { return }
        guard !processes.needsCleanup else { return cleanUp() }
        hasEnded = true
        forcedEnd?.cancel()
        status?.close(promise: nil)
        for output in outputs { output.finish() }
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
