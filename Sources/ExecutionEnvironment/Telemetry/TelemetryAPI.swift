import HTTPServer
import LambdaModel
import NIOCore
import NIOHTTP1

/// The Telemetry API (`PUT /2022-07-01/telemetry`) and its forerunner, the Logs API (`PUT /2020-08-15/logs`), of one
/// environment.
///
/// Source: AWS Lambda developer guide, "Lambda Telemetry API reference" and "Lambda Logs API".
enum TelemetryAPI {
    private static let routes = RouteTable<TelemetryAPIKind>([
        .init(.PUT, "/2022-07-01/telemetry", .telemetry),
        .init(.PUT, "/2020-08-15/logs", .logs),
    ])

    static func receive(_ exchange: HTTPExchange, _ environment: ExecutionEnvironment) -> HTTPBodyPlan {
        routes.serve(exchange) { api, _ in
            ExtensionsAPI.identified(exchange) { identifier in
                ExtensionsAPI.collect(exchange) { environment.extensionSubscribes(identifier, $0, api, exchange) }
            }
        }
    }
}
