/// Turns paths relative to one directory into paths relative to another.
struct PathRelocation {
    /// Absolute, without links.
    let from: String
    /// Absolute, without links.
    let to: String

    init(from: String, to: String) {
        self.from = from
        self.to = to
    }

    /// `nil` for what is not a relative path: an address, an absolute path.
    func relocated(_ path: String) -> String? {
        guard !path.hasPrefix("/"), !path.isEmpty else { return nil }
        for scheme in ["s3://", "http://", "https://"] where path.hasPrefix(scheme) { return nil }
        return LexicalPath.relative(LexicalPath.normalized(from + "/" + path), to: to)
    }

    /// A path on this machine as seen from the new directory.
    func relative(_ path: String) -> String {
        LexicalPath.relative(LexicalPath.absolute(path), to: to)
    }
}
