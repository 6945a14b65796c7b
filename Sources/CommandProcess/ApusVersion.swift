/// The version that `--version` prints; kept in step with CHANGELOG.md.
package enum ApusVersion {
    package static let current = "0.1.0"
}
