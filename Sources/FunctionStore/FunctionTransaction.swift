internal import GRDB
internal import LambdaModel

/// What can be asked and changed within one transaction.
package struct FunctionTransaction {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    // MARK: Functions

    package func function(named name: String) throws -> StoredFunction? {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM function WHERE name = ?", arguments: [name])
        else { return nil }
        let versions = try Row.fetchAll(
            database,
            sql: "SELECT * FROM function_version WHERE function = ?",
            arguments: [name]
        ).compactMap(StoredVersion.init(row:))
        guard let latest = versions.first(where: { $0.number == nil }) else { return nil }
        var result = StoredFunction(name: name, isFromTemplate: row["from_template"], latest: latest)
        result.nextVersion = row["next_version"]
        result.reservedConcurrency = row["reserved_concurrency"]
        for version in versions { if let number = version.number { result.published[number] = version } }
        result.documents = try documents(of: name)
        return result
    }

    /// In order.
    package func functionNames() throws -> [String] {
        try String.fetchAll(database, sql: "SELECT name FROM function ORDER BY name")
    }

    /// Writes what is new or has changed, and removes what is no more.
    package func save(_ function: StoredFunction) throws {
        let old = try self.function(named: function.name)
        try database.execute(
            sql: """
                INSERT INTO function (name, from_template, next_version, reserved_concurrency) VALUES (?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET from_template = excluded.from_template,
                    next_version = excluded.next_version, reserved_concurrency = excluded.reserved_concurrency
                """,
            arguments: [
                function.name, function.isFromTemplate, function.nextVersion, function.reservedConcurrency,
            ]
        )
        if old?.latest != function.latest { try save(function.latest, of: function.name) }
        for (number, version) in function.published where old?.published[number] != version {
            try save(version, of: function.name)
        }
        for number in old?.published.keys ?? [:].keys where function.published[number] == nil {
            try database.execute(
                sql: "DELETE FROM function_version WHERE function = ? AND number = ?",
                arguments: [function.name, number]
            )
        }
        for (key, body) in function.documents where old?.documents[key] != body {
            try database.execute(
                sql: "INSERT OR REPLACE INTO function_document (function, kind, qualifier, body) VALUES (?, ?, ?, ?)",
                arguments: [function.name, key.kind.rawValue, key.qualifier, body.text]
            )
        }
        for key in old?.documents.keys ?? [:].keys where function.documents[key] == nil {
            try database.execute(
                sql: "DELETE FROM function_document WHERE function = ? AND kind = ? AND qualifier = ?",
                arguments: [function.name, key.kind.rawValue, key.qualifier]
            )
        }
    }

    package func deleteFunction(named name: String) throws {
        try database.execute(sql: "DELETE FROM function WHERE name = ?", arguments: [name])
    }

    /// Of all versions of all functions, and of all layers: the archives that are needed, and their sizes in bytes.
    package func archives() throws -> [String: Int] {
        var result: [String: Int] = [:]
        for name in try functionNames() {
            guard let function = try function(named: name) else { continue }
            for version in [function.latest] + function.published.values {
                if case .archive(let sha256, let size) = version.code { result[sha256] = size }
                for layer in version.layers { result[layer.sha256] = layer.size }
            }
        }
        for row in try Row.fetchAll(database, sql: "SELECT sha256, size FROM layer_version") {
            result[row["sha256"]] = row["size"]
        }
        return result
    }

    // MARK: Layers

    package func layer(named name: String) throws -> StoredLayer? {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM layer WHERE name = ?", arguments: [name])
        else { return nil }
        var result = StoredLayer(name: name)
        result.nextVersion = row["next_version"]
        for row in try Row.fetchAll(database, sql: "SELECT * FROM layer_version WHERE layer = ?", arguments: [name]) {
            result.versions[row["number"]] = StoredLayer.Version(row: row)
        }
        return result
    }

    /// In their order; those without a version as well.
    package func layerNames() throws -> [String] {
        try String.fetchAll(database, sql: "SELECT name FROM layer ORDER BY name")
    }

    package func save(_ layer: StoredLayer) throws {
        let old = try self.layer(named: layer.name)
        try database.execute(
            sql: "INSERT INTO layer (name, next_version) VALUES (?, ?) "
                + "ON CONFLICT (name) DO UPDATE SET next_version = excluded.next_version",
            arguments: [layer.name, layer.nextVersion]
        )
        for (number, version) in layer.versions where old?.versions[number] != version {
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO layer_version (layer, number, settings, sha256, size, created, policy)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    layer.name, number, version.settings.text, version.sha256, version.size, version.created,
                    version.policy?.text,
                ]
            )
        }
        for number in old?.versions.keys ?? [:].keys where layer.versions[number] == nil {
            try database.execute(
                sql: "DELETE FROM layer_version WHERE layer = ? AND number = ?",
                arguments: [layer.name, number]
            )
        }
    }

    // MARK: Parts

    private func save(_ version: StoredVersion, of function: String) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO function_version (function, number, settings, code_kind, code_reference, code_size,
                    layers, last_modified, revision_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                function, version.number ?? 0, version.settings.text, version.code.kind, version.code.reference,
                version.code.size, JSONValue.array(version.layers.map(\.json)).text, version.lastModified,
                version.revisionID,
            ]
        )
    }

    private func documents(of function: String) throws -> [StoredDocument.Key: JSONValue] {
        var result: [StoredDocument.Key: JSONValue] = [:]
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT kind, qualifier, body FROM function_document WHERE function = ?",
            arguments: [function]
        )
        for row in rows {
            guard let kind = StoredDocument.Kind(rawValue: row["kind"]) else { continue }
            result[.init(kind, row["qualifier"])] = JSONValue(stored: row["body"])
        }
        return result
    }
}
