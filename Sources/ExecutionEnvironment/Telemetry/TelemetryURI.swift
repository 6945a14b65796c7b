/// The URI of a listener, `SCHEME://HOST[:PORT][/PATH]`, as far as an extension may say it. What it holds goes into
/// the head of requests, so that only printable ASCII is let through.
struct TelemetryURI {
    /// In bytes; Lambda documents none.
    static let maximumLength = 2048

    /// Why a URI is refused, as the end of a sentence or a whole one of Lambda's.
    struct Failure: Error, Hashable {
        let message: String
    }

    let port: Int
    /// Path and query, `/` at least.
    let target: String

    init(_ text: String, scheme: String) throws(Failure) {
        guard text.utf8.count <= Self.maximumLength else {
            throw Failure(message: "URI is longer than \(Self.maximumLength) bytes")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Failure(message: "URI contains characters other than printable ASCII")
        }
        let prefix = scheme + "://"
        guard text.prefix(prefix.count).lowercased() == prefix else {
            throw Failure(message: "URI must begin with \(prefix)")
        }
        let rest = text.dropFirst(prefix.count)
        let authority = rest.prefix { !"/?#".contains($0) }
        port = try Self.port(of: authority)
        target = Self.target(rest[authority.endIndex...])
    }

    private static func port(of authority: Substring) throws(Failure) -> Int {
        let (host, port) = split(authority)
        guard isHost(host) else { throw Failure(message: "URI host is not valid") }
        guard let port, !port.isEmpty else { throw Failure(message: "URI port is not provided") }
        guard port.utf8.count <= 5, port.allSatisfy(\.isNumber), let number = Int(port), (1...65_535).contains(number)
        else { throw Failure(message: "URI port must be between 1 and 65535") }
        return number
    }

    /// The port is what follows the last colon outside of the brackets of an IPv6 address.
    private static func split(_ authority: Substring) -> (host: Substring, port: Substring?) {
        let afterBrackets = authority.lastIndex(of: "]") ?? authority.startIndex
        guard let colon = authority[afterBrackets...].lastIndex(of: ":") else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    /// A name or an address: no user, no colon outside of brackets.
    private static func isHost(_ host: Substring) -> Bool {
        if host.first == "[", host.last == "]" {
            let address = host.dropFirst().dropLast()
            return !address.isEmpty && address.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." || $0 == "%" }
        }
        return !host.isEmpty && host.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_" }
    }

    /// A fragment is the client's own affair and not sent.
    private static func target(_ rest: Substring) -> String {
        let target = rest.prefix { $0 != "#" }
        return target.first == "/" ? String(target) : "/" + target
    }
}
