import AsyncInvocation
import ExecutionEnvironment
import FunctionPool
package import HTTPServer
import LambdaModel
import NIOCore
import NIOHTTP1

/// The AWS Lambda API: what `aws lambda …`, boto3 and every SDK call. Belongs to the event loop of its functions.
///
/// Sources: AWS Lambda API reference; 02 §1 of the design.
package final class LambdaService: HTTPService {
    private let functions: ServedFunctions
    private let desk: ControlDesk
    private let events: EventDispatcher
    private let clock: EnvironmentClock

    init(functions: ServedFunctions, desk: ControlDesk, events: EventDispatcher, clock: EnvironmentClock = .system) {
        self.functions = functions
        self.desk = desk
        self.events = events
        self.clock = clock
    }

    package func receive(_ exchange: HTTPExchange) -> HTTPBodyPlan {
        guard let match = LambdaRoutes.match(exchange.head) else {
            if exchange.head.method == .GET, let sha256 = CodeDownload.sha256(in: exchange.head.uri) {
                return desk.download(sha256, exchange)
            }
            LambdaResponse.refuse(exchange, Self.unknownOperation)
            return .discard
        }
        do throws(LambdaAPIError) {
            switch match.operation.name {
            case "Invoke": return try invoke(match, exchange)
            case "InvokeAsync": return try invoke(match, exchange)
            case "InvokeWithResponseStream": return try invoke(match, exchange)
            default: break
            }
            guard let operation = ControlOperation.all[match.operation.name] else {
                throw .notImplemented(match.operation.name)
            }
            return try desk.receive(operation, match, exchange)
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
        var call = try InvokeCall(name: match.parameters[0], head: exchange.head)
        // The older way to say Event.
        if match.operation.name == "InvokeAsync" { call.kind = .event }
        let version = try version(for: call)
        let streams = match.operation.name == "InvokeWithResponseStream"
        guard call.kind != .event || !streams else {
            throw .invalidParameter("InvocationType must be one of RequestResponse and DryRun, not 'Event'")
        }
        let operation = streams ? "InvokeWithResponseStream" : "InvokeFunction"
        return .collect(limit: call.payloadLimit) { [self] body in
            switch body {
            case .complete(let payload, _): run(call, payload, on: version, streams: streams, exchange)
            case .tooLarge:
                LambdaResponse.refuse(exchange, .requestTooLarge(limit: call.payloadLimit, operation: operation))
            case .truncated: break
            }
        }
    }

    private func version(for call: InvokeCall) throws(LambdaAPIError) -> ServedVersion {
        guard let function = functions.function(named: call.reference.name),
            let version = function.version(call.qualifier)
        else { throw .functionNotFound(arn(of: call)) }
        return version
    }

    /// With the qualifier as the caller has it.
    private func arn(of call: InvokeCall) -> String {
        functions.arn(call.reference.name, call.qualifier)
    }

    private func run(
        _ call: InvokeCall,
        _ payload: ByteBuffer,
        on version: ServedVersion,
        streams: Bool,
        _ exchange: HTTPExchange
    ) {
        // No payload is an empty object, as the SDKs have it.
        let payload = payload.readableBytes == 0 ? ByteBuffer(staticString: "{}") : payload
        if let error = Self.problem(with: payload) { return LambdaResponse.refuse(exchange, error) }
        guard call.kind != .dryRun else {
            return LambdaResponse.dryRun(exchange, requestID: RequestIdentifier.random())
        }
        let request = InvocationRequest(
            requestID: RequestIdentifier.random(),
            invokedFunctionARN: arn(of: call),
            traceID: call.traceID ?? RequestIdentifier.trace(epochMilliseconds: clock.epochMilliseconds()),
            clientContext: call.clientContext,
            tenantID: call.tenantID
        )
        guard call.kind != .event else {
            let name = functions.function(named: call.reference.name)?.name ?? call.reference.name
            return AcceptedAnswer.accept(request, payload, of: name, call.qualifier, by: events, exchange)
        }
        let invocation = Invocation(request: request, payload: payload)
        version.withPool { pool in
            switch pool {
            case .success(let pool): self.submit(invocation, to: pool, of: version, call, streams: streams, exchange)
            case .failure(let error): LambdaResponse.refuse(exchange, error)
            }
        }
    }

    private func submit(
        _ invocation: Invocation,
        to pool: FunctionPool,
        of version: ServedVersion,
        _ call: InvokeCall,
        streams: Bool,
        _ exchange: HTTPExchange
    ) {
        let isReserved = version.identity.hasReservedConcurrency
        let abandonment = Abandonment(isReserved ? .throttled : .accountThrottled)
        let context = AnswerContext(
            invocation: invocation,
            exchange: exchange,
            version: version.name,
            wantsLog: call.wantsLog,
            abandonment: abandonment
        )
        if streams { StreamedAnswer(context).connect() } else { BufferedAnswer(context).connect() }
        if pool.submit(invocation) { abandonment.error = .noEnvironment }
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
