import FunctionStore

/// Everything that came while the commit before it ran, on its way to the disk together: one sync for all of it.
struct EventCommit: Sendable {
    var insertions: [AsyncEvent] = []
    var updates: [StoredEvent] = []
    var conclusions: [EventConclusion] = []

    /// What has become of it.
    struct Outcome: Sendable {
        /// The new events, in the order of ``EventCommit/insertions``.
        var inserted: Result<[StoredEvent], EventStoreError> = .success([])
        /// Events for the functions among the destinations.
        var followUps: [StoredEvent] = []
        /// By sequence number: why the end of an event could not be stored.
        var failures: [Int64: EventStoreError] = [:]
        /// Why attempts could not be noted.
        var updateFailure: EventStoreError?
    }

    var isEmpty: Bool { insertions.isEmpty && updates.isEmpty && conclusions.isEmpty }

    /// Blocks. First the destinations' lines, then the changes: after a crash between the two a line comes twice, and none is
    /// lost.
    func perform(on storage: some EventStorage) -> Outcome {
        var outcome = Outcome()
        let failedFiles = appendLines(storage)
        let delivered = conclusions.filter { conclusion in
            guard let error = conclusion.lines.lazy.compactMap({ failedFiles[$0.file] }).first else { return true }
            outcome.failures[conclusion.sequence] = error
            return false
        }
        let followUps = delivered.flatMap(\.followUps)
        var changes = EventChanges(updates: updates, removals: delivered.map(\.sequence))
        do throws(EventStoreError) {
            changes.insertions = followUps + insertions
            let stored = changes.isEmpty ? [] : try storage.apply(changes)
            outcome.followUps = Array(stored.prefix(followUps.count))
            outcome.inserted = .success(Array(stored.dropFirst(followUps.count)))
            return outcome
        } catch {
            guard !insertions.isEmpty, !updates.isEmpty || !delivered.isEmpty else {
                outcome.fail(error, delivered, updates)
                return outcome
            }
        }
        // Where there is no room for new events, there may still be for the end of others.
        do throws(EventStoreError) {
            changes.insertions = followUps
            outcome.followUps = try storage.apply(changes)
        } catch {
            outcome.fail(error, delivered, updates)
        }
        do throws(EventStoreError) {
            outcome.inserted = .success(try storage.apply(EventChanges(insertions: insertions)))
        } catch {
            outcome.inserted = .failure(error)
        }
        return outcome
    }

    /// What has become of it where it could not even be tried.
    func refused(_ error: EventStoreError) -> Outcome {
        var outcome = Outcome()
        outcome.fail(error, conclusions, updates)
        return outcome
    }

    /// - Returns: the files that could not be written.
    private func appendLines(_ storage: some EventStorage) -> [String: EventStoreError] {
        var failures: [String: EventStoreError] = [:]
        for (file, lines) in Dictionary(grouping: conclusions.flatMap(\.lines), by: \.file) {
            do throws(EventStoreError) {
                try storage.append(lines.map(\.bytes), to: file)
            } catch {
                failures[file] = error
            }
        }
        return failures
    }
}

extension EventCommit.Outcome {
    fileprivate mutating func fail(_ error: EventStoreError, _ conclusions: [EventConclusion], _ updates: [StoredEvent])
    {
        inserted = .failure(error)
        for conclusion in conclusions { failures[conclusion.sequence] = error }
        if !updates.isEmpty { updateFailure = error }
    }
}
