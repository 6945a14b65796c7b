import HTTPServer
import NIOHTTP1

/// Everything that the processes of one environment can ask of it, behind `AWS_LAMBDA_RUNTIME_API`: each API has its own
/// version as the first part of its paths.
final class EnvironmentAPI: HTTPService {
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
        let path = exchange.head.uri.utf8
        if path.starts(with: "/2020-01-01/".utf8) { return ExtensionsAPI.receive(exchange, environment) }
        if path.starts(with: "/2022-07-01/".utf8) || path.starts(with: "/2020-08-15/".utf8) {
            return TelemetryAPI.receive(exchange, environment)
        }
        return RuntimeAPI.receive(exchange, environment)
    }
}
