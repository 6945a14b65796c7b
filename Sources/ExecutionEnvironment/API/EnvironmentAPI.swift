import HTTPServer
import NIOCore
import NIOHTTP1

/// Everything that the processes of one environment can ask of it, behind `AWS_LAMBDA_RUNTIME_API`: each API has its own
/// version as the first part of its paths.
final class EnvironmentAPI: HTTPService {
    private let runtime: RuntimeAPI
    private let extensions: ExtensionsAPI
    private let telemetry: TelemetryAPI

    init(environment: ExecutionEnvironment) {
        runtime = RuntimeAPI(environment: environment)
        extensions = ExtensionsAPI(environment: environment)
        telemetry = TelemetryAPI(environment: environment)
    }

    func receive(_ exchange: HTTPExchange) -> HTTPBodyPlan {
        let path = exchange.head.uri.utf8
        if path.starts(with: "/2020-01-01/".utf8) { return extensions.receive(exchange) }
        if path.starts(with: "/2022-07-01/".utf8) || path.starts(with: "/2020-08-15/".utf8) {
            return telemetry.receive(exchange)
        }
        return runtime.receive(exchange)
    }
}
