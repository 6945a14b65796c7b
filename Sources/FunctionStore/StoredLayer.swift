package import LambdaModel

/// A layer with its versions.
package struct StoredLayer: Sendable, Hashable {
    package var name: String
    /// Never used again.
    package var nextVersion: Int
    package var versions: [Int: Version]

    /// What `PublishLayerVersion` was given, and when.
    package struct Version: Sendable, Hashable {
        package var settings: JSONValue
        package var sha256: String
        package var size: Int
        /// Milliseconds since 1970.
        package var created: Int64
        package var policy: JSONValue?

        package init(settings: JSONValue, sha256: String, size: Int, created: Int64) {
            self.settings = settings
            self.sha256 = sha256
            self.size = size
            self.created = created
        }
    }

    package init(name: String) {
        self.name = name
        nextVersion = 1
        versions = [:]
    }
}
