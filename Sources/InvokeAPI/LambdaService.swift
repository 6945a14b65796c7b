package import AsyncInvocation
package import ExecutionEnvironment
package import FunctionPool
package import HTTPServer
import LambdaModel
import NIOCore
import NIOHTTP1

/// The AWS Lambda API: what `aws lambda …`, boto3 and every SDK call. Belongs to the event loop of its functions.
///
/// Sources: AWS Lambda API reference; 02 §1 of the design.
package final class LambdaService: HTTPService {
    private let registry: FunctionRegistry
    private let account: ConcurrencyLimit
    private let events: EventDispatcher?
    private let clock: EnvironmentClock

    /// - Parameters:
    ///   - account: the limit that the registry's pools share.
    ///   - events: takes asynchronous invocations; `nil`: there are none.
    package init(
        registry: FunctionRegistry,
        account: ConcurrencyLimit,
        events: EventDispatcher? = nil,
        clock: EnvironmentClock = .system
    ) {
        self.registry = registry
        self.account = account
        self.events = events
        self.clock = clock
    }

    package func receive(_ exchange: HTTPExchange) -> HTTPBodyPlan {
        guard let match = LambdaRoutes.match(exchange.head) else {
            LambdaResponse.refuse(exchange, Self.unknownOperation)
            return .discard
        }
        do throws(LambdaAPIError) {
            switch match.operation.name {
            case "Invoke": return try invoke(match, exchange)
            case "InvokeWithResponseStream": return try invoke(match, exchange)
            default: throw .notImplemented(match.operation.name)
            }
        } catch {
            LambdaResponse.refuse(exchange, error)
            return .discard
        }
    }

    private static let unknownOperation = LambdaAPIError(
        404,
        "UnknownOperationException",
        "The Lambda API has no such path"
    )

    // MARK: Invoke

    private func invoke(_ match: LambdaRoutes.Match, _ exchange: HTTPExchange) throws(LambdaAPIError) -> HTTPBodyPlan {
        let call = try InvokeCall(name: match.parameters[0], head: exchange.head)
        let pool = try pool(for: call)
        let streams = match.operation.name == "InvokeWithResponseStream"
        guard call.kind != .event || (events != nil && !streams) else {
            throw .notImplemented("\(match.operation.name) with InvocationType Event")
        }
        let operation = streams ? "InvokeWithResponseStream" : "InvokeFunction"
        return .collect(limit: call.payloadLimit) { [self] body in
            switch body {
            case .complete(let payload, _): run(call, payload, in: pool, streams: streams, exchange)
            case .tooLarge:
                LambdaResponse.refuse(exchange, .requestTooLarge(limit: call.payloadLimit, operation: operation))
            case .truncated: break
            }
        }
    }

    private func pool(for call: InvokeCall) throws(LambdaAPIError) -> FunctionPool {
        let name = call.reference.name
        guard let pool = registry.pool(named: name) else {
            let arn = FunctionARN(
                region: call.reference.region ?? FunctionARN.defaultRegion,
                accountID: call.reference.accountID ?? FunctionARN.placeholderAccountID,
                functionName: name,
                qualifier: call.qualifier
            )
            throw .functionNotFound(arn.description)
        }
        // Templates have no versions.
        guard call.qualifier == nil || call.qualifier == "$LATEST" else {
            var arn = pool.function.arn
            arn.qualifier = call.qualifier
            throw .functionNotFound(arn.description)
        }
        return pool
    }

    private func run(
        _ call: InvokeCall,
        _ payload: ByteBuffer,
        in pool: FunctionPool,
        streams: Bool,
        _ exchange: HTTPExchange
    ) {
        // No payload is an empty object, as the SDKs have it.
        let payload = payload.readableBytes == 0 ? ByteBuffer(staticString: "{}") : payload
        if let error = Self.problem(with: payload) { return LambdaResponse.refuse(exchange, error) }
        guard call.kind != .dryRun else {
            return LambdaResponse.dryRun(exchange, requestID: RequestIdentifier.random())
        }
        var arn = pool.function.arn
        arn.qualifier = call.qualifier
        let request = InvocationRequest(
            requestID: RequestIdentifier.random(),
            invokedFunctionARN: arn.description,
            traceID: call.traceID ?? RequestIdentifier.trace(epochMilliseconds: clock.epochMilliseconds()),
            clientContext: call.clientContext,
            tenantID: call.tenantID
        )
        if call.kind == .event, let events {
            return AcceptedAnswer.accept(request, payload, of: pool.function.name, call.qualifier, by: events, exchange)
        }
        let invocation = Invocation(request: request, payload: payload)
        let abandonment = Abandonment(account.hasRoom ? .throttled : .accountThrottled)
        if streams {
            StreamedAnswer(invocation, exchange, wantsLog: call.wantsLog, abandonment).connect()
        } else {
            BufferedAnswer(invocation, exchange, wantsLog: call.wantsLog, abandonment).connect()
        }
        if pool.submit(invocation) { abandonment.error = .shuttingDown }
    }

    /// Lambda's front door takes JSON alone.
    private static func problem(with payload: ByteBuffer) -> LambdaAPIError? {
        payload.withUnsafeReadableBytes { bytes -> LambdaAPIError? in
            do throws(JSONSyntax.Failure) {
                try JSONSyntax.validate(bytes.bindMemory(to: UInt8.self))
                return nil
            } catch {
                return .invalidContent(
                    "Could not parse request body into json: expected \(error.expected) at byte \(error.offset)"
                )
            }
        }
    }
}
