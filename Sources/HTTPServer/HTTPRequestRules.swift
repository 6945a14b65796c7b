import NIOHTTP1

/// What a request must fulfil before any service sees it; the gaps that the parser leaves (missing or duplicate Host,
/// an absolute-form target that differs from it, a Transfer-Encoding on HTTP/1.0 or besides chunks) are closed here.
struct HTTPRequestRules: Sendable {
    /// Why a request is refused.
    struct Refusal: Error, Hashable {
        let status: HTTPStatus
        let reason: String
    }

    let access: HTTPAccessPolicy

    /// Checks `head`; an absolute-form target is rewritten to origin form.
    ///
    /// - Parameter accepted: a `Host` that has passed before on the same connection; clients send the same every time.
    /// - Returns: the request's `Host`.
    @discardableResult
    func check(_ head: inout HTTPRequestHead, accepted: String? = nil) throws(Refusal) -> String? {
        guard head.version.major == 1 else { throw Refusal(status: .httpVersionNotSupported, reason: "HTTP/1.x only") }
        let host = try hostField(of: head)
        try checkTarget(of: &head, host: host)
        if head.headers.contains(name: "transfer-encoding") { try checkTransferEncoding(of: head) }
        if let host, host != accepted, !access.allows(host: host) {
            throw Refusal(status: .forbidden, reason: "this Host is not served here")
        }
        guard head.headers.contains(name: "origin") else { return host }
        for origin in head.headers["origin"] where !access.allows(origin: origin) {
            throw Refusal(status: .forbidden, reason: "requests from this Origin are not served")
        }
        return host
    }

    /// The one `Host`; `nil` only in HTTP/1.0, which does not ask for it (RFC 9112 §3.2).
    private func hostField(of head: HTTPRequestHead) throws(Refusal) -> String? {
        var host: String?
        for field in head.headers where field.name.utf8.count == 4 && field.name.lowercased() == "host" {
            guard host == nil else { throw Refusal(status: .badRequest, reason: "more than one Host") }
            host = field.value
        }
        if host == nil, head.version.minor > 0 {
            throw Refusal(status: .badRequest, reason: "missing Host")
        }
        return host
    }

    /// The parser undoes chunks alone; what is compressed besides would pass for the body itself (RFC 9112 §6.1).
    private func checkTransferEncoding(of head: HTTPRequestHead) throws(Refusal) {
        guard head.version.minor > 0 else {
            throw Refusal(status: .badRequest, reason: "Transfer-Encoding needs HTTP/1.1")
        }
        let codings = head.headers["transfer-encoding"]
        guard codings.count == 1, codings[0].lowercased() == "chunked" else {
            throw Refusal(status: .notImplemented, reason: "no Transfer-Encoding but chunked is served")
        }
    }

    private func checkTarget(of head: inout HTTPRequestHead, host: String?) throws(Refusal) {
        if head.uri.utf8.first == UInt8(ascii: "/") { return }
        if head.uri == "*", head.method == .OPTIONS { return }
        let scheme = "http://"
        guard head.uri.lowercased().hasPrefix(scheme) else {
            throw Refusal(status: .badRequest, reason: "the request target must be a path")
        }
        let rest = head.uri.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard let host, authority.lowercased() == host.lowercased() else {
            throw Refusal(status: .badRequest, reason: "the request target names another host than Host")
        }
        let path = rest.dropFirst(authority.count)
        head.uri = path.first == "/" ? String(path) : "/" + path
    }
}
