internal import GRDB
package import LambdaModel

/// Created functions with all that belongs to them.
package struct FunctionRecords: Sendable {
    private let database: StoreDatabase

    package init(_ database: StoreDatabase) {
        self.database = database
    }

    static func createTables(_ database: Database) throws {}
}
