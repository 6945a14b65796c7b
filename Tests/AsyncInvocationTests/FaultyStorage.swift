import FunctionStore
import LambdaModel
import NIOConcurrencyHelpers

@testable import AsyncInvocation

/// A store in memory that fails where it is told to, and keeps a list of what was asked of it.
final class FaultyStorage: EventStorage {
    enum Step: Hashable {
        case insert, update, remove, read, list, append
    }

    struct State {
        var events: [Int64: StoredEvent] = [:]
        var contents: [Int64: EventContents] = [:]
        var lines: [String] = []
        /// How often a step is yet to fail.
        var faults: [Step: Int] = [:]
        /// The number of insertions in each transaction.
        var transactions: [Int] = []
        var next: Int64 = 1
        /// Of calls of `contents`.
        var readings = 0
    }

    let state = NIOLockedValueBox(State())

    func fail(_ step: Step, times: Int = 1) {
        state.withLockedValue { $0.faults[step] = times }
    }

    /// The ids of events that are not over.
    var pending: [String] {
        state.withLockedValue { state in state.events.values.sorted { $0.sequence < $1.sequence }.map(\.id) }
    }

    var lines: [String] { state.withLockedValue { $0.lines } }

    func apply(_ changes: EventChanges) throws(EventStoreError) -> [StoredEvent] {
        let result = state.withLockedValue { state -> Result<[StoredEvent], EventStoreError> in
            if !changes.insertions.isEmpty, state.fails(.insert) { return .failure(Self.fault) }
            if !changes.updates.isEmpty, state.fails(.update) { return .failure(Self.fault) }
            if !changes.removals.isEmpty, state.fails(.remove) { return .failure(Self.fault) }
            state.transactions.append(changes.insertions.count)
            for sequence in changes.removals {
                state.events[sequence] = nil
                state.contents[sequence] = nil
            }
            for event in changes.updates { state.events[event.sequence] = event }
            return .success(changes.insertions.map { state.insert($0) })
        }
        return try result.get()
    }

    func contents(of sequences: [Int64]) throws(EventStoreError) -> [Int64: EventContents] {
        let result = state.withLockedValue { state -> Result<[Int64: EventContents], EventStoreError> in
            state.readings += 1
            if state.fails(.read) { return .failure(Self.fault) }
            return .success(state.contents.filter { sequences.contains($0.key) })
        }
        return try result.get()
    }

    func events(after sequence: Int64, limit: Int) throws(EventStoreError) -> [StoredEvent] {
        let result = state.withLockedValue { state -> Result<[StoredEvent], EventStoreError> in
            if state.fails(.list) { return .failure(Self.fault) }
            let later = state.events.values.filter { $0.sequence > sequence }.sorted { $0.sequence < $1.sequence }
            return .success(Array(later.prefix(limit)))
        }
        return try result.get()
    }

    func append(_ lines: [[UInt8]], to destination: String) throws(EventStoreError) {
        let fails = state.withLockedValue { state in
            if state.fails(.append) { return true }
            state.lines += lines.map { destination + " " + String(decoding: $0, as: UTF8.self) }
            return false
        }
        if fails { throw Self.fault }
    }

    func path(of destination: String) -> String { "/state/" + destination }

    static let fault = EventStoreError("disk full")
}

extension FaultyStorage.State {
    fileprivate mutating func fails(_ step: FaultyStorage.Step) -> Bool {
        guard let times = faults[step], times > 0 else { return false }
        faults[step] = times - 1
        return true
    }

    fileprivate mutating func insert(_ event: AsyncEvent) -> StoredEvent {
        let stored = StoredEvent(
            sequence: next,
            id: event.contents.request.requestID,
            function: event.function,
            qualifier: event.qualifier,
            acceptedAt: event.acceptedAt,
            dueAt: event.acceptedAt,
            depth: event.depth,
            payloadBytes: event.contents.payload.count
        )
        next += 1
        events[stored.sequence] = stored
        contents[stored.sequence] = event.contents
        return stored
    }
}
