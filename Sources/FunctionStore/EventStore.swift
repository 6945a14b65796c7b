internal import GRDB
package import LambdaModel

/// The events of asynchronous invocations that have been accepted and are not over.
package struct EventStore: Sendable {
    private let database: StoreDatabase

    package init(_ database: StoreDatabase) {
        self.database = database
    }

    static func createTables(_ database: Database) throws {}
}
