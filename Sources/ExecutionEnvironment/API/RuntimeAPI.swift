import HTTPServer
import LambdaModel
import NIOCore
import NIOHTTP1

/// The Runtime API (`/2018-06-01/runtime/…`) of one environment: routes, headers and bodies. What a call means is the
/// environment's to decide.
///
/// Source: AWS Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
enum RuntimeAPI {
    private enum Operation {
        case next, response, error, initError, restoreNext, restoreError, ping
    }

    private static let routes = RouteTable<Operation>([
        .init(.GET, "/2018-06-01/runtime/invocation/next", .next),
        .init(.POST, "/2018-06-01/runtime/invocation/{id}/response", .response),
        .init(.POST, "/2018-06-01/runtime/invocation/{id}/error", .error),
        .init(.POST, "/2018-06-01/runtime/init/error", .initError),
        .init(.GET, "/2018-06-01/runtime/restore/next", .restoreNext),
        .init(.POST, "/2018-06-01/runtime/restore/error", .restoreError),
        .init(.GET, "/2018-06-01/ping", .ping),
    ])

    static func receive(_ exchange: HTTPExchange, _ environment: ExecutionEnvironment) -> HTTPBodyPlan {
        routes.serve(exchange) { operation, parameters in
            perform(operation, requestID: parameters.first ?? "", exchange, environment)
        }
    }

    private static func perform(
        _ operation: Operation,
        requestID: String,
        _ exchange: HTTPExchange,
        _ environment: ExecutionEnvironment
    ) -> HTTPBodyPlan {
        switch operation {
        case .next:
            environment.runtimeAsksNext(exchange)
            return .discard
        case .response:
            return response(requestID, exchange, environment)
        case .error:
            return error(requestID, exchange, environment)
        case .initError:
            return initError(exchange, environment)
        case .restoreNext, .restoreError:
            // SnapStart alone has a restore phase, and no custom runtime has SnapStart.
            return refusal(of: exchange, .notFound)
        case .ping:
            exchange.respond(.ok, body: ByteBuffer(staticString: "pong")) {
                $0.add("Content-Type", fixed: "text/plain")
            }
            return .discard
        }
    }

    // MARK: Responses

    private static func response(
        _ requestID: String,
        _ exchange: HTTPExchange,
        _ environment: ExecutionEnvironment
    ) -> HTTPBodyPlan {
        let isStreaming: Bool
        switch exchange.head.headers.first(name: "Lambda-Runtime-Function-Response-Mode") {
        case nil: isStreaming = false
        case "streaming": isStreaming = true
        case .some: return refusal(of: exchange, .invalidResponseMode)
        }
        if let reason = environment.responseBegan(for: requestID) { return refusal(of: exchange, reason) }
        if isStreaming {
            return .stream(ResponseStream(requestID: requestID, exchange: exchange, environment: environment))
        }
        return answer(requestID, exchange, environment) { environment.responseArrived($0, for: requestID) }
    }

    private static func error(
        _ requestID: String,
        _ exchange: HTTPExchange,
        _ environment: ExecutionEnvironment
    ) -> HTTPBodyPlan {
        if let reason = environment.responseBegan(for: requestID) { return refusal(of: exchange, reason) }
        let type = FunctionErrorType.validated(
            exchange.head.headers.first(name: FunctionErrorType.header),
            otherwise: "Function.Unknown"
        )
        return answer(requestID, exchange, environment) { environment.errorArrived($0, type: type, for: requestID) }
    }

    /// Gathers a response or an error; what arrives whole goes to `arrived`, and then the runtime has its 202.
    private static func answer(
        _ requestID: String,
        _ exchange: HTTPExchange,
        _ environment: ExecutionEnvironment,
        arrived: @escaping (ByteBuffer) -> Void
    ) -> HTTPBodyPlan {
        .collect(limit: Quotas.bufferedResponseBytes) { body in
            switch body {
            case .complete(let bytes, _):
                arrived(bytes)
                accept(exchange)
            case .tooLarge(let bytes):
                environment.responseWasTooLarge(bytes: bytes, for: requestID)
                refuse(exchange, with: .tooLarge(limit: Quotas.bufferedResponseBytes))
            case .truncated:
                environment.responseWasTruncated(for: requestID)
                refuse(exchange, with: .truncated)
            }
        }
    }

    private static func initError(_ exchange: HTTPExchange, _ environment: ExecutionEnvironment) -> HTTPBodyPlan {
        let type = FunctionErrorType.validated(
            exchange.head.headers.first(name: FunctionErrorType.header),
            otherwise: "Runtime.Unknown"
        )
        return .collect(limit: Quotas.bufferedResponseBytes) { body in
            switch body {
            case .complete(let bytes, _):
                environment.initErrorArrived(bytes, type: type, exchange: exchange)
            case .tooLarge: refuse(exchange, with: .tooLarge(limit: Quotas.bufferedResponseBytes))
            case .truncated: refuse(exchange, with: .truncated)
            }
        }
    }

    // MARK: Answers

    /// Refuses a request on its head.
    static func refusal(of exchange: HTTPExchange, _ error: APIRefusal) -> HTTPBodyPlan {
        refuse(exchange, with: error)
        return .discard
    }

    static func refuse(_ exchange: HTTPExchange, with error: APIRefusal) {
        let body =
            "{\"errorMessage\":\(JSONText.quoted(error.message)),\"errorType\":\(JSONText.quoted(error.type))}"
        exchange.respond(error.status, body: ByteBuffer(string: body)) {
            $0.add("Content-Type", fixed: "application/json")
        }
    }

    static func accept(_ exchange: HTTPExchange) {
        exchange.respond(.accepted, body: acceptedBody) { $0.add("Content-Type", fixed: "application/json") }
    }

    private static let acceptedBody = ByteBuffer(staticString: "{\"status\":\"OK\"}\n")

    /// Answers `/next` with an event.
    static func deliver(_ invocation: Invocation, deadlineMilliseconds: Int64, to exchange: HTTPExchange) {
        let request = invocation.request
        exchange.respond(.ok, body: invocation.payload) { head in
            head.add("Content-Type", fixed: "application/json")
            head.add("Lambda-Runtime-Aws-Request-Id", request.requestID)
            head.add("Lambda-Runtime-Deadline-Ms", Int(deadlineMilliseconds))
            head.add("Lambda-Runtime-Invoked-Function-Arn", request.invokedFunctionARN)
            if let traceID = request.traceID { head.add("Lambda-Runtime-Trace-Id", traceID) }
            if let context = request.clientContext { head.add("Lambda-Runtime-Client-Context", context) }
            if let identity = request.cognitoIdentity { head.add("Lambda-Runtime-Cognito-Identity", identity) }
            if let tenantID = request.tenantID { head.add("Lambda-Runtime-Aws-Tenant-Id", tenantID) }
        }
    }
}
