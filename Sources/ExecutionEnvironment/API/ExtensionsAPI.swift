import HTTPServer
import LambdaModel
import NIOCore
import NIOHTTP1

/// The Extensions API (`/2020-01-01/extension/…`) of one environment: routes, headers and bodies. What a call means is
/// the environment's to decide.
///
/// Source: AWS Lambda developer guide, "Extensions API reference".
enum ExtensionsAPI {
    private enum Operation {
        case register, next, initError, exitError
    }

    static let nameHeader = "Lambda-Extension-Name"
    static let identifierHeader = "Lambda-Extension-Identifier"
    static let errorTypeHeader = "Lambda-Extension-Function-Error-Type"

    /// In bytes: a registration is a short list, an error report a stack trace.
    static let bodyLimit = 256 * 1024

    private static let routes = RouteTable<Operation>([
        .init(.POST, "/2020-01-01/extension/register", .register),
        .init(.GET, "/2020-01-01/extension/event/next", .next),
        .init(.POST, "/2020-01-01/extension/init/error", .initError),
        .init(.POST, "/2020-01-01/extension/exit/error", .exitError),
    ])

    static func receive(_ exchange: HTTPExchange, _ environment: ExecutionEnvironment) -> HTTPBodyPlan {
        routes.serve(exchange) { operation, _ in perform(operation, exchange, environment) }
    }

    private static func perform(
        _ operation: Operation,
        _ exchange: HTTPExchange,
        _ environment: ExecutionEnvironment
    ) -> HTTPBodyPlan {
        switch operation {
        case .register:
            return collect(exchange) { environment.extensionRegisters($0, exchange) }
        case .next:
            return identified(exchange) { identifier in
                environment.extensionAsksNext(identifier, exchange)
                return .discard
            }
        case .initError, .exitError:
            return identified(exchange) { identifier in
                guard let type = exchange.head.headers.first(name: errorTypeHeader), !type.isEmpty else {
                    return RuntimeAPI.refusal(of: exchange, .missingErrorType(errorTypeHeader))
                }
                return collect(exchange) { _ in
                    environment.extensionReports(
                        operation == .initError ? .initError : .exitError,
                        type: type,
                        identifier,
                        exchange
                    )
                }
            }
        }
    }

    /// Gathers a small body.
    static func collect(_ exchange: HTTPExchange, _ completion: @escaping (ByteBuffer) -> Void) -> HTTPBodyPlan {
        .collect(limit: bodyLimit) { body in
            switch body {
            case .complete(let bytes, _): completion(bytes)
            case .tooLarge: RuntimeAPI.refuse(exchange, with: .tooLarge(limit: bodyLimit))
            case .truncated: RuntimeAPI.refuse(exchange, with: .truncated)
            }
        }
    }

    /// Refuses a request without the identifier of an extension.
    static func identified(_ exchange: HTTPExchange, _ body: (String) -> HTTPBodyPlan) -> HTTPBodyPlan {
        guard let identifier = exchange.head.headers.first(name: identifierHeader), !identifier.isEmpty else {
            return RuntimeAPI.refusal(of: exchange, .missingExtensionIdentifier)
        }
        guard RequestIdentifier.isUUID(identifier) else {
            return RuntimeAPI.refusal(of: exchange, .invalidExtensionIdentifier)
        }
        return body(identifier.lowercased())
    }
}
