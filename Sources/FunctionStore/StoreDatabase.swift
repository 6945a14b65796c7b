internal import GRDB
package import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The one SQLite database of a state directory. What a transaction has written is on the disk when it returns.
///
/// Its calls block; a server makes them on a thread that is there for it.
package final class StoreDatabase: Sendable {
    private let queue: DatabaseQueue

    /// Opens the database, makes it where it is missing, and brings its tables up to date.
    ///
    /// - Throws: `ApusError` `state.database`.
    package init(in directory: StateDirectory) throws(ApusError) {
        let path = directory.path + "/store.sqlite"
        // SQLite gives its other files the mode of this one.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path, String(cString: strerror(errno))) }
        close(descriptor)
        do {
            queue = try DatabaseQueue(path: path, configuration: Self.configuration)
            try Self.migrator.migrate(queue)
        } catch {
            throw Self.failure(path, "\(error)")
        }
    }

    /// Runs statements as one transaction. With an error nothing of it has happened.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try queue.write(body)
    }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try queue.read(body)
    }

    private static var configuration: Configuration {
        var result = Configuration()
        result.label = "apus.store"
        result.busyMode = .timeout(5)
        result.prepareDatabase { database in
            // FULL: the log is synced at every commit, so that what was accepted survives the machine's end, too. On macOS a
            // plain sync leaves it in the drive's cache.
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON")
        }
        return result
    }

    /// Steps are never changed once they were released; later ones are added below.
    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("events", migrate: EventStore.createTables)
        migrator.registerMigration("functions", migrate: FunctionRecords.createTables)
        return migrator
    }

    private static func failure(_ path: String, _ reason: String) -> ApusError {
        ApusError(
            "state.database",
            "cannot open the store \(path): \(reason)",
            hint: "move the file away to begin anew, or choose another directory with --state-dir"
        )
    }
}
