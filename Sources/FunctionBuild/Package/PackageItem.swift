package import LambdaModel

/// A function or layer to be packaged.
package struct PackageItem: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable { case function, layer }

    package var logicalID: String
    package var kind: Kind
    /// What is packed: a directory, an archive that is taken as it is, or a file that becomes `bootstrap`.
    package var code: FunctionCode
    /// Logical ids of the layers that a function uses: their unpacked size counts with its own.
    package var layers: [String]
    /// Whether the function cannot start without a `bootstrap` of its own: a custom runtime without layers.
    package var needsBootstrap: Bool

    package init(
        logicalID: String,
        kind: Kind = .function,
        code: FunctionCode,
        layers: [String] = [],
        needsBootstrap: Bool = false
    ) {
        self.logicalID = logicalID
        self.kind = kind
        self.code = code
        self.layers = layers
        self.needsBootstrap = needsBootstrap
    }
}

/// What became of a ``PackageItem``.
package struct PackagedItem: Sendable, Hashable {
    package var logicalID: String
    /// Where the archive or the directory lies, below the output directory as given.
    package var path: String
    /// `nil` for a directory.
    package var zippedBytes: Int?
    package var unpackedBytes: Int
    /// What will not stop the upload, but the function.
    package var warnings: [String]
}

/// What `apus package` makes.
package enum PackageFormat: String, Sendable, Hashable, CaseIterable {
    /// `<LogicalId>.zip`
    case zip
    /// `<LogicalId>/`
    case dir
}
