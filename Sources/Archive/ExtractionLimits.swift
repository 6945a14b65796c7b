import LambdaModel

/// Bounds on what one archive may unpack to. They hold for what really comes out of it, not only for what it declares.
package struct ExtractionLimits: Sendable, Hashable {
    /// Bytes of all files together.
    package var bytes: Int
    /// Files, links and directories together, directories that only a longer name implies included.
    package var entries: Int

    package init(bytes: Int = .max, entries: Int = ExtractionLimits.defaultEntries) {
        self.bytes = bytes
        self.entries = entries
    }

    /// Lambda's 250 MB for an unpacked function. Lambda publishes no limit on the number of files; this one only bounds
    /// time and memory, and no package of 250 MB comes near it.
    package static let lambda = ExtractionLimits(bytes: Quotas.unzippedPackageBytes)

    package static let defaultEntries = 250_000
}
