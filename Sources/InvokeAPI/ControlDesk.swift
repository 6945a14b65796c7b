import FunctionStore
import HTTPServer
import LambdaModel
import NIOCore
import NIOHTTP1
import NIOPosix

/// Takes the requests of the control plane: gathers each body, has it worked on off the event loop, tells the functions what
/// has changed, and answers. Belongs to the event loop.
final class ControlDesk {
    private var plane: ControlPlane
    private let functions: ServedFunctions
    private let thread: NIOThreadPool
    private let eventLoop: any EventLoop
    /// Large bodies that are being taken in or worked on.
    private var uploads = 0

    /// Each may take 70 MB, and twice that again while it is decoded.
    private static let uploadLimit = 4

    /// - Parameter thread: of one thread, started, for all that is read from and written to the store.
    init(_ plane: ControlPlane, functions: ServedFunctions, thread: NIOThreadPool, eventLoop: any EventLoop) {
        self.plane = plane
        self.functions = functions
        self.thread = thread
        self.eventLoop = eventLoop
        functions.onRetired = { [weak self] in self?.removeUnusedCode() }
    }

    func receive(
        _ operation: ControlOperation,
        _ match: LambdaRoutes.Match,
        _ exchange: HTTPExchange
    ) throws(LambdaAPIError) -> HTTPBodyPlan {
        let isUpload = operation.upload != nil
        guard !isUpload || uploads < Self.uploadLimit else {
            throw LambdaAPIError(
                429,
                "TooManyRequestsException",
                "Rate exceeded: \(Self.uploadLimit) uploads are on their way",
                reason: "CallerRateLimitExceeded"
            )
        }
        if isUpload { uploads += 1 }
        return .collect(limit: operation.bodyLimit) { [self] body in
            switch body {
            case .complete(let payload, _): return perform(operation, match, payload, exchange)
            case .tooLarge:
                LambdaResponse.refuse(
                    exchange,
                    LambdaAPIError(
                        413,
                        "RequestEntityTooLargeException",
                        "Request must be smaller than \(operation.bodyLimit) bytes for the \(match.operation.name) operation"
                    )
                )
            case .truncated: break
            }
            if isUpload { uploads -= 1 }
        }
    }

    /// Where the code of the template's functions lies from now on, by their names.
    func setTemplateCode(_ places: [String: String]) { plane.context.templateCode = places }

    /// The archive of a created function.
    func download(_ sha256: String, _ exchange: HTTPExchange) -> HTTPBodyPlan {
        guard uploads < Self.uploadLimit else {
            LambdaResponse.refuse(exchange, .resourceNotFound("Too many archives are on their way; ask again"))
            return .discard
        }
        uploads += 1
        let path = plane.context.code.archivePath(of: sha256)
        let bound = NIOLoopBound((self, exchange), eventLoop: eventLoop)
        thread.runIfActive(eventLoop: eventLoop) {
            FileBytes.read(path, limit: Quotas.unzippedPackageBytes).map { ByteBuffer(bytes: $0) }
        }.whenComplete { result in
            let (desk, exchange) = bound.value
            desk.uploads -= 1
            guard let bytes = try? result.get() else {
                return LambdaResponse.refuse(exchange, .resourceNotFound("There is no such archive"))
            }
            exchange.respond(.ok, body: bytes) { $0.add("Content-Type", fixed: "application/zip") }
        }
        return .discard
    }

    private func perform(
        _ operation: ControlOperation,
        _ match: LambdaRoutes.Match,
        _ payload: ByteBuffer,
        _ exchange: HTTPExchange
    ) {
        let parameters = Dictionary(uniqueKeysWithValues: zip(match.operation.parameterNames, match.parameters))
        let readiness = parameters["FunctionName"].flatMap(FunctionReference.init).map {
            functions.readiness(of: $0.name)
        }
        let target = exchange.head.uri
        var plane = plane
        // The address that the caller knows; it was checked to be one of ours.
        plane.context.address = "http://" + (exchange.head.headers.first(name: "Host") ?? "localhost")
        let bound = NIOLoopBound((self, exchange), eventLoop: eventLoop)
        thread.runIfActive(eventLoop: eventLoop) { [plane] () -> Result<ControlPlane.Answer, LambdaAPIError> in
            Result { () throws(LambdaAPIError) in
                try plane.perform(
                    operation,
                    parameters: parameters,
                    target: target,
                    body: Array(payload.readableBytesView),
                    readiness: readiness ?? [:]
                )
            }
        }.whenComplete { result in
            let (desk, exchange) = bound.value
            if operation.upload != nil { desk.uploads -= 1 }
            switch result {
            case .success(.success(let answer)):
                desk.functions.apply(answer.changes)
                LambdaResponse.answer(exchange, answer)
            case .success(.failure(let error)): LambdaResponse.refuse(exchange, error)
            // The thread has ended.
            case .failure: LambdaResponse.refuse(exchange, .shuttingDown)
            }
        }
    }

    /// Archives that no function uses any more, and no environment.
    private func removeUnusedCode() {
        let context = plane.context
        let used = functions.archives
        thread.runIfActive(eventLoop: eventLoop) {
            guard let stored = try? context.records.read({ try $0.archives() }) else { return }
            context.code.removeAll(but: used.union(stored.keys))
        }.whenComplete { _ in }
    }
}
