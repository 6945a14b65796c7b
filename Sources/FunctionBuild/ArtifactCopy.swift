package import LambdaModel

/// An artifact once more, for who goes on with it while a build puts another one into its place.
package enum ArtifactCopy {
    /// Copies all that is in an artifact into a directory that is there and empty: contents, permissions and times, links as
    /// links.
    package static func make(of artifact: String, in directory: String) throws(ApusError) {
        try TreeCopy.copy(try SourceTree.artifact(artifact), to: directory)
    }
}
