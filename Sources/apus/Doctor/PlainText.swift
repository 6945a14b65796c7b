/// Text from other programs and from the machine: a terminal must not obey it.
enum PlainText {
    /// At most so many characters of it are shown.
    private static let limit = 1_000

    /// One line without control characters.
    static func line(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The first number with a dot in a program's answer: `7.2.22` of `qemu-x86_64 version 7.2.22 (Debian …)`.
    static func version(in text: String) -> String? {
        let words = text.prefix(1_000).split { !($0.isASCII && ($0.isLetter || $0.isNumber || ".-+_".contains($0))) }
        for word in words {
            // `go1.22.1`, `v20.1`, `nasm-2.16`
            let number = word.drop { !$0.isNumber }
            let version = number.prefix { $0.isNumber || $0 == "." }
            if version.contains(".") && version.first?.isNumber == true && version.last?.isNumber == true {
                return String(version)
            }
        }
        return nil
    }
}
