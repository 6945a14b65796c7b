/// The container image of a function with `PackageType: Image`, and what its `ImageConfig` changes of it.
package struct FunctionImage: Sendable, Hashable {
    /// As an engine knows it: a name with a tag, with a registry in front or without.
    package var name: String
    /// `EntryPoint`; `nil`: the image's own.
    package var entrypoint: [String]?
    /// `Command`; `nil`: the image's own.
    package var command: [String]?
    /// `WorkingDirectory`; `nil`: the image's own.
    package var workingDirectory: String?

    package init(name: String) {
        self.name = name
    }
}
