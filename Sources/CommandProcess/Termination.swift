// Dispatch sources are thread-safe but not marked so.
@preconcurrency import Dispatch
import NIOConcurrencyHelpers

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// ``EndingSignals`` as an event: the command cleans up and ends with 128 + the signal's number.
package final class Termination: Sendable {
    private struct State {
        var received: Int32?
        var waiters: [Int: CheckedContinuation<Int32?, Never>] = [:]
        var waits = 0
    }

    // A lock that ThreadSanitizer sees: that of Synchronization waits inside the standard library.
    private let state = NIOLockedValueBox(State())
    private let sources: [any DispatchSourceSignal]

    /// Takes the signals over for the rest of the process's life.
    package init() {
        let numbers = EndingSignals.wanted
        sources = numbers.map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        // A reader of our output that goes away is an error of a write, not our death.
        signal(SIGPIPE, SIG_IGN)
        for (source, number) in zip(sources, numbers) {
            source.setEventHandler { [weak self] in self?.receive(number) }
            source.resume()
        }
    }

    /// The first signal that arrived, waiting for one; `nil` when the task is cancelled before.
    package func next() async -> Int32? {
        let wait = state.withLockedValue { state in
            state.waits += 1
            return state.waits
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLockedValue { state in
                    guard state.received == nil, !Task.isCancelled else { return true }
                    state.waiters[wait] = continuation
                    return false
                }
                if isOver { continuation.resume(returning: state.withLockedValue { $0.received }) }
            }
        } onCancel: {
            let waiter = state.withLockedValue { $0.waiters.removeValue(forKey: wait) }
            waiter?.resume(returning: nil)
        }
    }

    private func receive(_ number: Int32) {
        let waiters = state.withLockedValue { state in
            if state.received == nil { state.received = number }
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume(returning: number) }
    }
}
