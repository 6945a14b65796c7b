package import LambdaModel

/// Makes the errors of this module, all of the form "NAME: what is wrong" with the archive's own file name in front.
struct ArchiveError {
    /// The path as the caller gave it.
    let path: String

    func callAsFunction(_ code: ApusError.Code, _ text: String, hint: String? = nil) -> ApusError {
        ApusError(code, "\(path): \(text)", hint: hint)
    }

    func entry(_ code: ApusError.Code, _ name: String, _ text: String, hint: String? = nil) -> ApusError {
        self(code, "entry '\(Self.printable(name))' \(text)", hint: hint)
    }

    func system(_ operation: String, _ code: Int32) -> ApusError {
        self(.archiveInputOutput, "\(operation): \(ErrnoName.lambdaName(of: code))")
    }

    func damaged(_ text: String) -> ApusError {
        self(.archiveDamaged, "the zip archive is damaged: \(text)", hint: "Pack it again.")
    }

    /// A name from an archive for a terminal: control characters escaped, length bounded.
    static func printable(_ name: String) -> String {
        var result = ""
        for scalar in name.unicodeScalars.prefix(200) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: result += scalar.escaped(asASCII: true)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return name.unicodeScalars.count > 200 ? result + "…" : result
    }
}

extension ApusError.Code {
    /// The file is missing, unreadable, or an operation of the file system failed.
    package static let archiveInputOutput: Self = "archive.input-output"
    /// The file is not a zip archive.
    package static let archiveNotZip: Self = "archive.not-zip"
    /// The archive contradicts itself, is cut off, or its data does not unpack.
    package static let archiveDamaged: Self = "archive.damaged"
    /// An entry would reach outside the package, or is no file, directory or link.
    package static let archiveUnsafe: Self = "archive.unsafe-entry"
    /// Encryption or a compression that Lambda does not take.
    package static let archiveUnsupported: Self = "archive.unsupported"
    /// More bytes or entries than allowed.
    package static let archiveTooLarge: Self = "archive.too-large"
}
