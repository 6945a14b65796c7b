// Dispatch sources are thread-safe but not marked so.
@preconcurrency import Dispatch
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// SIGINT, SIGTERM and SIGHUP as an event: the command cleans up and ends with 128 + the signal's number.
package final class Termination: Sendable {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    private struct State {
        var received: Int32?
        var waiters: [CheckedContinuation<Int32, Never>] = []
    }

    private let state = Mutex(State())
    private let sources: [any DispatchSourceSignal]

    /// Takes the signals over for the rest of the process's life.
    package init() {
        sources = Self.signals.map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        // A reader of our output that goes away is an error of a write, not our death.
        signal(SIGPIPE, SIG_IGN)
        for (source, number) in zip(sources, Self.signals) {
            source.setEventHandler { [weak self] in self?.receive(number) }
            source.resume()
        }
    }

    /// The signal that arrived, waiting for one.
    package func next() async -> Int32 {
        await withCheckedContinuation { continuation in
            let received = state.withLock { state -> Int32? in
                if let received = state.received { return received }
                state.waiters.append(continuation)
                return nil
            }
            if let received { continuation.resume(returning: received) }
        }
    }

    /// Lets every waiter go without a signal; they get 0.
    package func stop() {
        for source in sources { source.cancel() }
        receive(0)
    }

    private func receive(_ number: Int32) {
        let waiters = state.withLock { state in
            if state.received == nil { state.received = number }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: number) }
    }
}
