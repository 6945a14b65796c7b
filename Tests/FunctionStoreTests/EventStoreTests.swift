import GRDB
import LambdaModel
import Testing

@testable import FunctionStore

@Suite struct EventStoreTests {
    private func event(_ id: String, function: String = "f", payload: [UInt8] = Array("{}".utf8)) -> AsyncEvent {
        let request = InvocationRequest(
            requestID: id,
            invokedFunctionARN: "arn:\(function)",
            traceID: "Root=1",
            clientContext: #"{"a":1}"#,
            tenantID: "t"
        )
        return AsyncEvent(
            function: function,
            qualifier: "live",
            contents: EventContents(request: request, payload: payload),
            acceptedAt: 1_000,
            depth: 3
        )
    }

    private func withStore(_ body: (EventStore, StoreDatabase, String) throws -> Void) throws {
        try TemporaryDirectory.with { path in
            let database = try StoreDatabase(in: StateDirectory(path: path))
            try body(EventStore(database), database, path)
        }
    }

    @Test func whatWasAcceptedIsThereAfterwards() throws {
        try TemporaryDirectory.with { path in
            let payload = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
            let accepted = try { () throws -> [StoredEvent] in
                let store = EventStore(try StoreDatabase(in: StateDirectory(path: path)))
                return try store.apply(
                    EventChanges(insertions: [event("1"), event("2", payload: payload), event("3")])
                )
            }()
            #expect(accepted.map(\.id) == ["1", "2", "3"])
            let store = EventStore(try StoreDatabase(in: StateDirectory(path: path)))
            #expect(try store.events(after: 0, limit: 10) == accepted)
            #expect(accepted[1].payloadBytes == 100_000)
            #expect(accepted[1].depth == 3 && accepted[1].acceptedAt == 1_000 && accepted[1].qualifier == "live")
            let contents = try store.contents(of: accepted.map(\.sequence) + [99])
            #expect(contents.count == 3)
            #expect(contents[accepted[1].sequence] == event("2", payload: payload).contents)
        }
    }

    @Test func noOtherUserMayRead() throws {
        try withStore { store, _, path in
            _ = try store.apply(EventChanges(insertions: [event("1")]))
            for file in ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"] {
                #expect(TemporaryDirectory.mode(path + "/" + file) == 0o600, "\(file)")
            }
        }
    }

    @Test func aTransactionIsDoneOrNot() throws {
        try withStore { store, _, _ in
            let first = try store.apply(EventChanges(insertions: [event("1"), event("2")]))
            var later = first[0]
            later.attempts = 1
            later.dueAt = 60_000
            let changes = EventChanges(insertions: [event("3")], updates: [later], removals: [first[1].sequence])
            let third = try store.apply(changes)
            #expect(try store.events(after: 0, limit: 10) == [later] + third)
            // An id is given once.
            let twice = EventChanges(
                insertions: [event("4"), event("1")],
                updates: [first[0]],
                removals: [third[0].sequence]
            )
            #expect(throws: EventStoreError.self) { try store.apply(twice) }
            #expect(try store.events(after: 0, limit: 10) == [later] + third)
        }
    }

    @Test func sequenceNumbersAreNeverUsedAgain() throws {
        try withStore { store, _, _ in
            let first = try store.apply(EventChanges(insertions: [event("1")]))
            let second = try store.apply(EventChanges(insertions: [event("2")], removals: [first[0].sequence]))
            _ = try store.apply(EventChanges(removals: [second[0].sequence]))
            let third = try store.apply(EventChanges(insertions: [event("3")]))
            #expect(third[0].sequence > second[0].sequence)
        }
    }

    @Test func pages() throws {
        try withStore { store, _, _ in
            let all = try store.apply(EventChanges(insertions: (0..<25).map { event("\($0)") }))
            var found: [StoredEvent] = []
            for size in [10, 10, 5] {
                let page = try store.events(after: found.last?.sequence ?? 0, limit: 10)
                #expect(page.count == size)
                found += page
            }
            #expect(found == all)
            #expect(try store.events(after: all[24].sequence, limit: 10) == [])
        }
    }

    @Test func aFullDiskIsSaidAndChangesNothing() throws {
        try withStore { store, database, _ in
            let first = try store.apply(EventChanges(insertions: [event("1")]))
            try database.write { try $0.execute(sql: "PRAGMA max_page_count = 20") }
            let large = EventChanges(
                insertions: [event("2"), event("3", payload: Array(repeating: 0x20, count: 1_048_576))],
                removals: [first[0].sequence]
            )
            let error = #expect(throws: EventStoreError.self) { try store.apply(large) }
            #expect(error?.reason == "database or disk is full")
            #expect(try store.events(after: 0, limit: 10) == first)
            // It goes on.
            let second = try store.apply(EventChanges(insertions: [event("2")], removals: [first[0].sequence]))
            #expect(try store.events(after: 0, limit: 10) == second)
        }
    }

    @Test func aLockedDatabaseIsSaid() throws {
        try withStore { store, database, path in
            // In place of the five seconds.
            try database.write { try $0.execute(sql: "PRAGMA busy_timeout = 1") }
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: path + "/store.sqlite", configuration: configuration)
            try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
            let error = #expect(throws: EventStoreError.self) {
                try store.apply(EventChanges(insertions: [event("1")]))
            }
            #expect(error?.reason == "database is locked")
            try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
            #expect(try store.apply(EventChanges(insertions: [event("1")])).count == 1)
        }
    }
}
