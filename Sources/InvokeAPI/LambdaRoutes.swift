import HTTPServer
import NIOHTTP1

/// Finds the operation that a request asks for.
enum LambdaRoutes {
    struct Match {
        var operation: LambdaOperation
        /// What stands in the braces of its path, decoded.
        var parameters: [String]
    }

    // Those with a query come first: without it the path is another operation's.
    private static let table = RouteTable<LambdaOperation>(
        // The one that comes a thousand times as often as all others is found first.
        (LambdaOperation.all.filter { $0.name == "Invoke" } + LambdaOperation.all.filter { $0.query == nil })
            .map { .init($0.method, $0.path, $0) }
    )
    private static let withQuery = RouteTable<LambdaOperation>(
        LambdaOperation.all.filter { $0.query != nil }.map { .init($0.method, $0.path, $0) }
    )

    /// `nil` when there is no such operation. A slash at the end, which older SDKs send, makes no difference.
    static func match(_ head: HTTPRequestHead) -> Match? {
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var path = String(parts.first ?? "")
        if path.count > 1, path.hasSuffix("/") { path.removeLast() }
        let items = parts.count > 1 ? parts[1].split(separator: "&").map(String.init) : []
        if !items.isEmpty,
            case .found(let operation, let parameters) = withQuery.match(method: head.method, target: path),
            let query = operation.query, items.contains(query)
        {
            return Match(operation: operation, parameters: parameters)
        }
        guard case .found(let operation, let parameters) = table.match(method: head.method, target: path) else {
            return nil
        }
        return Match(operation: operation, parameters: parameters)
    }
}
