import LambdaModel
import NIOCore

/// What goes into the log and to the subscribers of telemetry.
extension ExecutionEnvironment {
    /// A record of the platform's.
    func write(_ record: LogRecord) {
        if drainsOutput(.log(record)) { monitor?.drainOutput() }
        if case .start = record { hasBegunInvocation = true }
        if let line = formatter.line(of: record, at: { PlatformMoment(clock) }) {
            log.append(platform: line)
            if hasBegunInvocation { observed?.onLog?(ByteBuffer(string: line)) }
        }
        publish(record)
        guard case .initReport(let duration, _, .success) = record else { return }
        initDuration = duration
        // Whoever has subscribed has; the events so far need not be kept for others.
        telemetry.closeSubscriptions()
    }

    /// Output of the processes.
    func written(_ bytes: ByteBuffer, by source: ProcessMonitor.Source) {
        if source != lastSource { log.beginLine() }
        lastSource = source
        switch source {
        case .runtime:
            if telemetry.isListening { telemetry.publishOutput(bytes, stream: .function) }
            let passed = applicationFilter?.filter(bytes) ?? bytes
            if passed.readableBytes > 0 { append(output: passed) }
        case .extensions:
            if telemetry.isListening { telemetry.publishOutput(bytes, stream: .extension) }
            append(output: bytes)
        }
    }

    private func append(output bytes: ByteBuffer) {
        log.append(output: bytes)
        if current != nil { observed?.onLog?(bytes) }
    }

    /// The runtime has ended: the line that it has begun has no other end.
    func runtimeOutputEnded() {
        monitor?.drainOutput()
        if let rest = applicationFilter?.finish(), rest.readableBytes > 0 { log.append(output: rest) }
        telemetry.endOfOutput(.function)
    }

    /// Whether the log must hold all that the processes have written before this action.
    func drainsOutput(_ action: EnvironmentLifecycle.Action) -> Bool {
        switch action {
        // Between invocations the output has come in by itself; what init has written stands before the first START.
        case .log(.start): !hasBegunInvocation
        // These two have no line, as a rule; for subscribers they close what the function has written.
        case .log(.runtimeDone), .log(.initRuntimeDone): telemetry.isListening
        case .log(.initStart): false
        case .log, .finish: true
        default: false
        }
    }

    /// Hands a record on to subscribers, in their schemas.
    private func publish(_ record: LogRecord) {
        guard telemetry.isListening else { return }
        let moment = PlatformMoment(clock)
        let (function, type, instance, trace) = (
            configuration.function, configuration.initializationType, instanceID, traceID
        )
        telemetry.publish(
            TelemetryEvent(stream: .platform) { schema in
                let event = PlatformEvent(
                    function: function,
                    initializationType: type,
                    instanceID: instance,
                    schema: schema,
                    traceID: trace
                )
                return event.json(of: record, at: moment)
            }
        )
    }
}
