/// An artifact that is ready to run or to pack.
package struct BuildResult: Sendable, Hashable {
    package var logicalID: String
    package var kind: BuildRequest.Kind
    /// Absolute path of the directory with the task root's (or layer's) content: `.aws-sam/build/<LogicalId>`.
    package var directory: String
    /// Whether it was there already and nothing had to be done.
    package var isCached: Bool
}
