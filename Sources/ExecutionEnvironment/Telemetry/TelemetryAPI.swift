import HTTPServer
import LambdaModel
import NIOCore
import NIOHTTP1

/// The Telemetry API (`PUT /2022-07-01/telemetry`) and its forerunner, the Logs API (`PUT /2020-08-15/logs`), of one
/// environment.
///
/// Source: AWS Lambda developer guide, "Lambda Telemetry API reference" and "Lambda Logs API".
final class TelemetryAPI: HTTPService {
    private static let routes = RouteTable<TelemetryAPIKind>([
        .init(.PUT, "/2022-07-01/telemetry", .telemetry),
        .init(.PUT, "/2020-08-15/logs", .logs),
    ])

    /// Not owned: the environment closes its server before it goes.
    private weak var environment: ExecutionEnvironment?

    init(environment: ExecutionEnvironment) {
        self.environment = environment
    }

    func receive(_ exchange: HTTPExchange) -> HTTPBodyPlan {
        guard let environment else {
            exchange.abort()
            return .discard
        }
        switch Self.routes.match(method: exchange.head.method, target: exchange.head.uri) {
        case .notFound: return RuntimeAPI.refusal(of: exchange, .notFound)
        case .methodNotAllowed: return RuntimeAPI.refusal(of: exchange, .methodNotAllowed)
        case .found(let api, _):
            return ExtensionsAPI.identified(exchange) { identifier in
                ExtensionsAPI.collect(exchange) { environment.extensionSubscribes(identifier, $0, api, exchange) }
            }
        }
    }
}
