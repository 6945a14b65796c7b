package import LambdaModel

/// A function as the store keeps it, with its versions and all that hangs on it.
package struct StoredFunction: Sendable, Hashable {
    package var name: String
    /// Whether a template describes it; such a function is brought up to date when a server starts.
    package var isFromTemplate: Bool
    /// The number that the next published version gets; numbers are never used again.
    package var nextVersion: Int
    package var reservedConcurrency: Int?
    package var latest: StoredVersion
    /// By their numbers.
    package var published: [Int: StoredVersion]
    package var documents: [StoredDocument.Key: JSONValue]

    package init(name: String, isFromTemplate: Bool = false, latest: StoredVersion) {
        self.name = name
        self.isFromTemplate = isFromTemplate
        nextVersion = 1
        self.latest = latest
        published = [:]
        documents = [:]
    }

    /// `$LATEST` or a number.
    package func version(_ text: String) -> StoredVersion? {
        text == "$LATEST" ? latest : Int(text).flatMap { published[$0] }
    }

    package subscript(kind: StoredDocument.Kind, qualifier: String) -> JSONValue? {
        get { documents[.init(kind, qualifier)] }
        set { documents[.init(kind, qualifier)] = newValue }
    }

    /// Documents of a kind by their qualifiers, sorted by those.
    package func documents(_ kind: StoredDocument.Kind) -> [(qualifier: String, body: JSONValue)] {
        documents.filter { $0.key.kind == kind }.map { ($0.key.qualifier, $0.value) }.sorted { $0.0 < $1.0 }
    }
}

/// What hangs on a function besides its versions.
package enum StoredDocument {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The qualifier is the alias's name.
        case alias
        case eventInvokeConfig
        case policy
        case provisionedConcurrency
        case recursionConfig
        case runtimeManagement
        case tags
        case url
    }

    package struct Key: Sendable, Hashable {
        package var kind: Kind
        /// A version or an alias; empty for the function as a whole.
        package var qualifier: String

        package init(_ kind: Kind, _ qualifier: String) {
            self.kind = kind
            self.qualifier = qualifier
        }
    }
}

/// A version of a function: its settings and its code.
package struct StoredVersion: Sendable, Hashable {
    /// `nil`: `$LATEST`.
    package var number: Int?
    /// The members that `CreateFunction` takes, apart from names, code, layers and tags.
    package var settings: JSONValue
    package var code: StoredCode
    package var layers: [StoredLayerReference]
    /// Milliseconds since 1970.
    package var lastModified: Int64
    package var revisionID: String

    package init(
        number: Int? = nil,
        settings: JSONValue,
        code: StoredCode,
        layers: [StoredLayerReference] = [],
        lastModified: Int64,
        revisionID: String
    ) {
        self.number = number
        self.settings = settings
        self.code = code
        self.layers = layers
        self.lastModified = lastModified
        self.revisionID = revisionID
    }

    /// As ARNs and log lines have it.
    package var name: String { number.map(String.init) ?? "$LATEST" }
}

/// Where a version's code is.
package enum StoredCode: Sendable, Hashable {
    /// A zip that was taken in; the SHA-256 of its bytes in hexadecimal, and their number.
    case archive(sha256: String, size: Int)
    /// A directory, a zip or a file of this machine, which is used where it is.
    case path(String)
    /// Where the template has it, which is known to who serves the template.
    case template

    /// Of code that the store keeps.
    package var archiveSHA256: String? {
        guard case .archive(let sha256, _) = self else { return nil }
        return sha256
    }
}

/// A version of a layer that a function uses. Its content is kept as long as somebody uses it, the layer deleted or not.
package struct StoredLayerReference: Sendable, Hashable {
    package var arn: String
    package var sha256: String
    package var size: Int

    package init(arn: String, sha256: String, size: Int) {
        self.arn = arn
        self.sha256 = sha256
        self.size = size
    }
}
