import HTTPServer
import NIOHTTP1

extension RouteTable {
    /// Hands a request to its operation, or refuses what is none.
    ///
    /// - Parameter perform: takes the operation and the parameters of its path.
    func serve(_ exchange: HTTPExchange, _ perform: (Operation, [String]) -> HTTPBodyPlan) -> HTTPBodyPlan {
        switch match(method: exchange.head.method, target: exchange.head.uri) {
        case .notFound: RuntimeAPI.refusal(of: exchange, .notFound)
        case .methodNotAllowed: RuntimeAPI.refusal(of: exchange, .methodNotAllowed)
        case .found(let operation, let parameters): perform(operation, parameters)
        }
    }
}
