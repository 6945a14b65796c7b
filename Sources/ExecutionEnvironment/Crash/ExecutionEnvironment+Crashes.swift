import LambdaModel
import NIOCore

/// Crashes: noted as they come, explained off the event loop, logged when the platform's own lines are written.
extension ExecutionEnvironment {
    /// A process, the main one or a child, is about to die.
    func crashed(_ seen: CrashFacts) {
        var facts = seen.mappingPaths(configuration.hostPath)
        facts.phase = lifecycle.crashPhase
        let isExplained = configuration.explainCrash != nil
        let crashes = crashes ?? CrashLog(eventLoop: eventLoop)
        guard let place = crashes.add(facts, isExplained: isExplained) else { return }
        if current != nil {
            self.crashes = crashes
        } else {
            // Between two invocations it belongs to neither.
            logExplanations(of: crashes) { _ in }
        }
        guard let explainer = configuration.explainCrash else { return }
        let bound = NIOLoopBound((self, crashes), eventLoop: eventLoop)
        // Draining needs a task of its own; see `perform`.
        eventLoop.execute {
            let (environment, crashes) = bound.value
            environment.monitor?.drainOutput()
            crashes.explain(
                place,
                outputTail: environment.monitor?.outputTail ?? "",
                with: explainer,
                on: environment.configuration.explanationExecutor
            )
        }
    }

    /// The crashes of the invocation that is over; `nil` when there was none.
    func takeCrashes() -> CrashLog? {
        defer { crashes = nil }
        return crashes
    }

    /// Writes the explanations into the log as soon as they are all there; then calls back with them.
    func logExplanations(of crashes: CrashLog, _ completion: @escaping ([CrashExplanation]) -> Void) {
        crashLogsWaiting += 1
        crashes.whenExplained { [self] explanations in
            for explanation in explanations { write(.crash(explanation)) }
            completion(explanations)
            crashLogsWaiting -= 1
            guard crashLogsWaiting == 0 else { return }
            let waiting = afterExplanations
            afterExplanations = []
            for action in waiting { action() }
        }
    }

    /// Calls back, at once where possible, when no explanation is missing any more.
    func whenAllIsExplained(_ action: @escaping () -> Void) {
        guard crashLogsWaiting > 0 else { return action() }
        afterExplanations.append(action)
    }
}
