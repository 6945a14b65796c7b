import NIOHTTP1

/// An operation of the AWS Lambda API: how it is asked for, and its name.
struct LambdaOperation: Sendable {
    let method: HTTPMethod
    /// A path whose segments in braces stand for one segment each.
    let path: String
    /// What the query has to hold, where another operation has the same method and path.
    let query: String?
    let name: String
    /// What stands in the path's braces, in its order.
    let parameterNames: [String]

    init(_ method: HTTPMethod, _ path: String, query: String? = nil, _ name: String) {
        self.method = method
        self.path = path
        self.query = query
        self.name = name
        parameterNames = path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            String($0.dropFirst().dropLast())
        }
    }
}
