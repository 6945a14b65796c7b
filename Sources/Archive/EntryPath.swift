import LambdaModel

/// The name of a zip entry, checked and cut into components. It names a place inside the package, always.
///
/// Components are bytes: two strings that Swift holds for equal (é composed and decomposed) are two files.
struct EntryPath: Hashable {
    /// Empty for the package's own root (`./`).
    let components: [[UInt8]]

    /// Deeper trees are refused, so that walking them needs bounded descriptors and time.
    static let maximumDepth = 128
    private static let maximumComponentBytes = 255
    private static let maximumBytes = 4_000

    init(components: [[UInt8]]) {
        self.components = components
    }

    /// Refuses every name that leaves the package, or that would be another one on Lambda than here.
    init(name: String, error: ArchiveError) throws(ApusError) {
        let bytes = Array(name.utf8)
        guard !bytes.isEmpty else { throw error.damaged("an entry has no name") }
        guard !bytes.contains(0) else {
            throw error.entry(.archiveUnsafe, name, "has a NUL byte in its name", hint: Self.hint)
        }
        guard bytes.first != UInt8(ascii: "/") else {
            throw error.entry(.archiveUnsafe, name, "has an absolute name", hint: Self.hint)
        }
        guard !bytes.contains(UInt8(ascii: "\\")) else {
            throw error.entry(
                .archiveUnsafe,
                name,
                "has a backslash in its name, which is no separator on Linux",
                hint: "Pack it again with a tool that writes '/' between directories."
            )
        }
        let components = bytes.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != Self.dot }
        guard !components.contains(Self.dotDot) else {
            throw error.entry(.archiveUnsafe, name, "leads outside the package", hint: Self.hint)
        }
        guard
            bytes.count <= Self.maximumBytes, components.count <= Self.maximumDepth,
            components.allSatisfy({ $0.count <= Self.maximumComponentBytes })
        else {
            throw error.entry(.archiveUnsafe, name, "has a name that is too long for a file system")
        }
        self.components = components
    }

    var parent: EntryPath { EntryPath(components: Array(components.dropLast())) }

    static let dot: [UInt8] = [UInt8(ascii: ".")]
    static let dotDot: [UInt8] = [UInt8(ascii: "."), UInt8(ascii: ".")]
    private static let hint = "Pack the files again, from inside their own directory."
}

/// Calls `body` with the component as a C string.
func withCString(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> CInt) -> CInt {
    (bytes + [0]).withUnsafeBytes { buffer in
        guard let base = buffer.assumingMemoryBound(to: CChar.self).baseAddress else { return -1 }
        return body(base)
    }
}
