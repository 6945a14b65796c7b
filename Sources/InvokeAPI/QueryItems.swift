import HTTPServer

/// The items of a request target's query, decoded.
struct QueryItems {
    private var items: [String: [String]] = [:]

    init(target: String) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return }
        for item in parts[1].split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = PercentEncoding.decode(Array(pair[0].utf8))
            let value = pair.count == 2 ? PercentEncoding.decode(Array(pair[1].utf8)) : ""
            items[name, default: []].append(value)
        }
    }

    /// Of a name that comes twice the first counts.
    subscript(name: String) -> String? { items[name]?.first }

    /// Of a name, in their order.
    func all(_ name: String) -> [String] { items[name] ?? [] }
}
