import NIOCore

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

    /// An extension's connection ended while it waited.
    mutating func extensionHungUp(_ identifier: String) {
        extensions.hungUp(identifier)
    }
}
