import LambdaModel

/// Lambda's waits, each multiplied by a factor.
///
/// Source: AWS Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation".
package struct EventTiming: Sendable, Hashable {
    /// What Lambda's times are multiplied by: with 0.001 a minute becomes 60 ms.
    package var scale: Double

    package init(scale: Double = 1) {
        self.scale = scale
    }

    /// The wait after a run that failed, in milliseconds: a minute after the first, two after the second.
    func retryDelay(afterAttempt attempt: Int) -> Int64 {
        scaled(milliseconds: 60_000 * Int64(max(1, attempt)))
    }

    /// The wait after a function did not take an event, in milliseconds: from 1 s on twice as long each time, up to 5 min.
    ///
    /// - Parameter refusals: how often it has not, one after the other.
    func backOff(refusals: Int) -> Int64 {
        let seconds = min(300, Int64(1) << Int64(min(9, max(0, refusals - 1))))
        return scaled(milliseconds: seconds * 1000)
    }

    /// How long an event may wait, in milliseconds.
    func maximumAge(_ settings: EventInvokeSettings) -> Int64 {
        scaled(milliseconds: Int64(settings.maximumEventAge) * 1000)
    }

    /// At least one: a wait is a turn of the event loop in any case.
    private func scaled(milliseconds: Int64) -> Int64 {
        max(1, Int64((Double(milliseconds) * scale).rounded()))
    }
}
