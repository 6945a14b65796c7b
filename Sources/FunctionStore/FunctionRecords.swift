internal import GRDB

/// Created functions with all that belongs to them.
package struct FunctionRecords: Sendable {
    private let database: StoreDatabase

    package init(_ database: StoreDatabase) {
        self.database = database
    }

    /// Runs one transaction: all of it is on the disk when this returns, or, with an error, nothing has happened.
    package func write<Value>(_ body: (FunctionTransaction) throws -> Value) throws -> Value {
        try database.write { try body(FunctionTransaction($0)) }
    }

    package func read<Value>(_ body: (FunctionTransaction) throws -> Value) throws -> Value {
        try database.read { try body(FunctionTransaction($0)) }
    }

    static func createTables(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE function (
                    name TEXT PRIMARY KEY, from_template INTEGER NOT NULL, next_version INTEGER NOT NULL,
                    reserved_concurrency INTEGER
                ) STRICT;
                CREATE TABLE function_version (
                    function TEXT NOT NULL REFERENCES function (name) ON DELETE CASCADE,
                    number INTEGER NOT NULL, -- 0: $LATEST
                    settings TEXT NOT NULL, code_kind TEXT NOT NULL, code_reference TEXT NOT NULL, code_size INTEGER NOT NULL,
                    layers TEXT NOT NULL, last_modified INTEGER NOT NULL, revision_id TEXT NOT NULL,
                    PRIMARY KEY (function, number)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE function_document (
                    function TEXT NOT NULL REFERENCES function (name) ON DELETE CASCADE,
                    kind TEXT NOT NULL, qualifier TEXT NOT NULL, body TEXT NOT NULL,
                    PRIMARY KEY (function, kind, qualifier)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE layer (name TEXT PRIMARY KEY, next_version INTEGER NOT NULL) STRICT;
                CREATE TABLE layer_version (
                    layer TEXT NOT NULL REFERENCES layer (name), number INTEGER NOT NULL,
                    settings TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, created INTEGER NOT NULL,
                    policy TEXT, PRIMARY KEY (layer, number)
                ) STRICT, WITHOUT ROWID;
                """
        )
    }
}
