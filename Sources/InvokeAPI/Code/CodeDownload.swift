import HTTPServer
import NIOCore

/// The address from which the code of a created function can be fetched: the `Location` of `GetFunction`.
enum CodeDownload {
    static let path = "/_apus/code/"

    /// The SHA-256 in a request's target, where it asks for code.
    static func sha256(in target: String) -> String? {
        guard target.hasPrefix(path), target.hasSuffix(".zip") else { return nil }
        let name = target.dropFirst(path.count).dropLast(4)
        let isHash =
            name.utf8.count == 64
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            }
        return isHash ? String(name) : nil
    }
}
