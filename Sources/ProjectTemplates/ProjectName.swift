package import LambdaModel

/// The name of a project: of its directory, and at the top of its README.
package struct ProjectName: Sendable, Hashable {
    package let text: String

    private static let maximumLength = 128

    /// Letters, digits, `-`, `_` and `.`, so that it needs no quotes in a shell, cannot be taken for an option, and is no way out
    /// of the directory that it belongs in.
    package init(_ text: String) throws(ApusError) {
        guard let first = text.utf8.first else {
            throw ApusError("init.name", "the project's name is empty")
        }
        if text.utf8.contains(UInt8(ascii: "/")) {
            throw ApusError(
                "init.name",
                "'\(Printable.text(text))' is a path, not the name of a project",
                hint: "Say where the project's directory goes with --output-dir."
            )
        }
        guard Self.isLetterOrDigit(first), text.utf8.allSatisfy({ Self.isLetterOrDigit($0) || "-_.".utf8.contains($0) })
        else {
            throw ApusError(
                "init.name",
                "'\(Printable.text(text))' is not a name for a project",
                hint: "It begins with a letter or digit, and has letters, digits, '-', '_' and '.' only."
            )
        }
        guard text.utf8.count <= Self.maximumLength else {
            throw ApusError("init.name", "the project's name is longer than \(Self.maximumLength) characters")
        }
        self.text = text
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
