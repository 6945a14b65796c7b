/// The version that `--version` prints; kept in step with CHANGELOG.md.
enum ApusVersion {
    static let current = "0.1.0"
}
