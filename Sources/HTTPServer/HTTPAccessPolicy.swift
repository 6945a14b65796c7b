/// Who may talk to a server: the defence against web pages that post to localhost and against DNS rebinding.
package enum HTTPAccessPolicy: Sendable, Hashable {
    /// Anyone. For `rie` alone, which stands inside an image behind a published port.
    case any
    /// Requests whose `Host` is a loopback name or one of these names (lower case, without port), and whose `Origin`,
    /// if there is one, is such a host too.
    case local(alsoAllowed: Set<String>)

    /// Whether a request with this `Host` value passes.
    package func allows(host: String) -> Bool {
        switch self {
        case .any: return true
        case .local(let names):
            guard let name = Self.hostName(of: host) else { return false }
            return Self.isLoopback(name) || names.contains(name)
        }
    }

    /// Whether a request with this `Origin` value passes. `null`, the origin of sandboxed pages and of local files,
    /// does not.
    package func allows(origin: String) -> Bool {
        switch self {
        case .any: return true
        case .local:
            let scheme = ["http://", "https://"].first { origin.hasPrefix($0) }
            guard let scheme else { return false }
            return allows(host: String(origin.dropFirst(scheme.count)))
        }
    }

    /// The name in `name`, `name:port`, `[v6]` or `[v6]:port`, in lower case; `nil` when it is none of these.
    private static func hostName(of host: String) -> String? {
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let rest = host[host.index(after: end)...]
            guard rest.isEmpty || isPort(rest) else { return nil }
            return host[host.index(after: host.startIndex)..<end].lowercased()
        }
        guard let colon = host.firstIndex(of: ":") else { return host.isEmpty ? nil : host.lowercased() }
        guard isPort(host[colon...]), colon != host.startIndex else { return nil }
        return host[..<colon].lowercased()
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && text.utf8.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isLoopback(_ name: String) -> Bool {
        if name == "localhost" || name == "::1" || name.hasSuffix(".localhost") { return true }
        let octets = name.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { $0.first != "+" && UInt8($0) != nil }
    }
}
