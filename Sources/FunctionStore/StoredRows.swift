internal import GRDB
internal import LambdaModel

extension JSONValue {
    /// Of a text that the store has written itself.
    init(stored text: String) {
        self = (try? JSONValue(json: Array(text.utf8))) ?? .null
    }
}

extension StoredVersion {
    /// `nil` for a kind of code that a later Apus knows.
    init?(row: Row) {
        guard let code = StoredCode(row: row) else { return nil }
        let number: Int = row["number"]
        self.init(
            number: number == 0 ? nil : number,
            settings: JSONValue(stored: row["settings"]),
            code: code,
            layers: JSONValue(stored: row["layers"]).arrayValue?.compactMap(StoredLayerReference.init(json:)) ?? [],
            lastModified: row["last_modified"],
            revisionID: row["revision_id"]
        )
    }
}

extension StoredCode {
    init?(row: Row) {
        let reference: String = row["code_reference"]
        switch row["code_kind"] as String {
        case "archive": self = .archive(sha256: reference, size: row["code_size"])
        case "path": self = .path(reference)
        case "template": self = .template
        default: return nil
        }
    }

    var kind: String {
        switch self {
        case .archive: "archive"
        case .path: "path"
        case .template: "template"
        }
    }

    var reference: String {
        switch self {
        case .archive(let sha256, _): sha256
        case .path(let path): path
        case .template: ""
        }
    }

    var size: Int {
        guard case .archive(_, let size) = self else { return 0 }
        return size
    }
}

extension StoredLayerReference {
    init?(json: JSONValue) {
        guard let arn = json["arn"]?.stringValue, let sha256 = json["sha256"]?.stringValue,
            let size = json["size"]?.intValue
        else { return nil }
        self.init(arn: arn, sha256: sha256, size: size)
    }

    var json: JSONValue {
        .members(["arn": .string(arn), "sha256": .string(sha256), "size": .integer(size)])
    }
}

extension StoredLayer.Version {
    init(row: Row) {
        self.init(
            settings: JSONValue(stored: row["settings"]),
            sha256: row["sha256"],
            size: row["size"],
            created: row["created"]
        )
        policy = (row["policy"] as String?).map(JSONValue.init(stored:))
    }
}
