import NIOCore

/// The errors that an extension may report.
enum ExtensionReport { case initError, exitError }

/// The calls of extensions.
extension EnvironmentLifecycle {
    /// An extension registers. The runtime starts when the last external one has.
    ///
    /// - Parameter identifier: to be given to it, new.
    mutating func extensionRegistered(
        name: String,
        events: [String],
        identifier: String,
        at now: NIODeadline
    ) throws(APIRefusal) -> [Action] {
        let waited = !extensions.allHaveRegistered
        try extensions.register(name: name, events: events, identifier: identifier)
        guard waited, extensions.allHaveRegistered else { return [] }
        runtimeIsRunning = true
        return [.startRuntime]
    }

    /// An extension asks for its next event: the event that it is given at once, or `nil` if it has to wait, and what
    /// follows from its asking.
    mutating func extensionAskedNext(
        _ identifier: String,
        at now: NIODeadline
    ) throws(APIRefusal) -> (delivery: ExtensionDelivery?, actions: [Action]) {
        if let delivery = try extensions.askedNext(identifier) { return (delivery, []) }
        switch state {
        case .initializing(let initialization): return (nil, initializedIfReady(initialization, at: now))
        case .invoking(let running): return (nil, invocationOverIfDone(running, at: now))
        case .stopped, .ready, .shuttingDown, .killing, .ended: return (nil, [])
        }
    }

    /// An extension reports an error and should end then, which is what the environment fails of. An internal one has
    /// nothing of its own to end.
    mutating func extensionReported(
        _ report: ExtensionReport,
        type: String,
        _ identifier: String,
        at now: NIODeadline
    ) throws(APIRefusal) -> [Action] {
        switch report {
        case .initError: try extensions.reportedInitError(identifier, type: type)
        case .exitError: try extensions.reportedExitError(identifier, type: type)
        }
        guard let entry = extensions.entry(identifier), entry.process == nil else { return [] }
        return extensionFailed(.extensionReported(entry), entry, at: now)
    }

    /// - Parameter entry: as it stands now.
    mutating func extensionFailed(
        _ breakdown: EnvironmentBreakdown,
        _ entry: ExtensionRegistry.Entry,
        at now: NIODeadline
    ) -> [Action] {
        switch state {
        case .initializing(let initialization): return initFailed(initialization, breakdown, at: now)
        case .invoking(let running): return broken(running, breakdown, at: now)
        case .ready:
            return [.log(.extensionState(LogRecord.ExtensionRecord(entry))), .clearTimer]
                + beginShutdown(.failure, then: Aftermath(), at: now)
        case .shuttingDown(let shutdown): return entry.process == nil ? [] : extensionEnded(in: shutdown, at: now)
        case .stopped, .killing, .ended: return []
        }
    }

    /// An extension's connection ended while it waited.
    mutating func extensionHungUp(_ identifier: String) {
        extensions.hungUp(identifier)
    }
}
