import LambdaModel

/// Bytes as a JSON value on one line.
enum JSONLine {
    /// JSON as it is, but for line breaks, which stand between its parts only and become blanks; anything else as a string, and
    /// no bytes as `null`.
    static func value(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return Array("null".utf8) }
        guard (try? JSONSyntax.validate(bytes)) != nil else {
            return Array(JSONText.quoted(String(decoding: bytes, as: UTF8.self)).utf8)
        }
        return bytes.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }
    }
}
