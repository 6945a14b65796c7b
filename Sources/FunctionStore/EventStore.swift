internal import GRDB
import LambdaModel

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The events of asynchronous invocations that have been accepted and are not over. Its calls block.
package struct EventStore: Sendable {
    private let database: StoreDatabase

    package init(_ database: StoreDatabase) {
        self.database = database
    }

    static func createTables(_ database: Database) throws {
        // The payload is the last column: what stands before it is read without it.
        try database.execute(
            sql: """
                CREATE TABLE event (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                    id TEXT NOT NULL UNIQUE,
                    function TEXT NOT NULL,
                    qualifier TEXT,
                    accepted_at INTEGER NOT NULL,
                    attempts INTEGER NOT NULL,
                    due_at INTEGER NOT NULL,
                    depth INTEGER NOT NULL,
                    invoked_arn TEXT NOT NULL,
                    trace_id TEXT,
                    client_context TEXT,
                    cognito_identity TEXT,
                    tenant_id TEXT,
                    payload BLOB NOT NULL
                )
                """
        )
    }

    /// Makes all of the changes, as one transaction that is on the disk when this returns.
    ///
    /// - Returns: the new events, in the order of ``EventChanges/insertions``.
    /// - Throws: ``EventStoreError``; nothing has changed then.
    package func apply(_ changes: EventChanges) throws(EventStoreError) -> [StoredEvent] {
        try converting {
            try database.write { database in
                for sequence in changes.removals { try Self.remove(sequence, database) }
                for event in changes.updates { try Self.update(event, database) }
                return try changes.insertions.map { event in
                    StoredEvent(event, sequence: try Self.insert(event, database))
                }
            }
        }
    }

    /// The contents of those events that there are, by sequence number.
    ///
    /// - Throws: ``EventStoreError``.
    package func contents(of sequences: [Int64]) throws(EventStoreError) -> [Int64: EventContents] {
        try converting {
            try database.read { database in
                let statement = try database.cachedStatement(
                    sql: """
                        SELECT id, invoked_arn, trace_id, client_context, cognito_identity, tenant_id, payload
                        FROM event WHERE sequence = ?
                        """
                )
                var result: [Int64: EventContents] = [:]
                for sequence in sequences {
                    guard let row = try Row.fetchOne(statement, arguments: [sequence]) else { continue }
                    result[sequence] = try Self.contents(row)
                }
                return result
            }
        }
    }

    /// A page of all events, by sequence number.
    ///
    /// - Throws: ``EventStoreError``.
    package func events(after sequence: Int64, limit: Int) throws(EventStoreError) -> [StoredEvent] {
        try converting {
            try database.read { database in
                let statement = try database.cachedStatement(
                    sql: """
                        SELECT sequence, id, function, qualifier, accepted_at, attempts, due_at, depth, length(payload)
                        FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?
                        """
                )
                return try Row.fetchAll(statement, arguments: [sequence, limit]).map(Self.event)
            }
        }
    }

    // MARK: Statements

    private static func insert(_ event: AsyncEvent, _ database: Database) throws -> Int64 {
        let request = event.contents.request
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO event (
                    id, function, qualifier, accepted_at, attempts, due_at, depth,
                    invoked_arn, trace_id, client_context, cognito_identity, tenant_id, payload
                ) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(arguments: [
            request.requestID, event.function, event.qualifier, event.acceptedAt, event.acceptedAt, event.depth,
            request.invokedFunctionARN, request.traceID, request.clientContext, request.cognitoIdentity,
            request.tenantID, Data(event.contents.payload),
        ])
        return database.lastInsertedRowID
    }

    private static func update(_ event: StoredEvent, _ database: Database) throws {
        try database.cachedStatement(sql: "UPDATE event SET attempts = ?, due_at = ? WHERE sequence = ?")
            .execute(arguments: [event.attempts, event.dueAt, event.sequence])
    }

    private static func remove(_ sequence: Int64, _ database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM event WHERE sequence = ?").execute(arguments: [sequence])
    }

    private static func event(_ row: Row) throws -> StoredEvent {
        StoredEvent(
            sequence: row[0],
            id: row[1],
            function: row[2],
            qualifier: row[3],
            acceptedAt: row[4],
            attempts: row[5],
            dueAt: row[6],
            depth: row[7],
            payloadBytes: row[8]
        )
    }

    private static func contents(_ row: Row) throws -> EventContents {
        let request = InvocationRequest(
            requestID: row[0],
            invokedFunctionARN: row[1],
            traceID: row[2],
            clientContext: row[3],
            cognitoIdentity: row[4],
            tenantID: row[5]
        )
        return EventContents(request: request, payload: try row.withUnsafeData(atIndex: 6) { $0.map(Array.init) ?? [] })
    }

    private func converting<Value>(_ body: () throws -> Value) throws(EventStoreError) -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw EventStoreError(error.message ?? "\(error.resultCode)")
        } catch {
            throw EventStoreError("\(error)")
        }
    }
}
