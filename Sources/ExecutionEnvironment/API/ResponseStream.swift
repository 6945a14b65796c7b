import HTTPServer
import LambdaModel
import NIOCore
import NIOHTTP1

/// A streamed response on its way from the runtime to the caller, piece by piece, never gathered.
///
/// Source: AWS Lambda developer guide, "Response streaming for Lambda functions" and the custom-runtime rules for the
/// trailers `Lambda-Runtime-Function-Error-Type` and `-Error-Body`.
final class ResponseStream: HTTPBodyReceiver {
    private let requestID: String
    private let exchange: HTTPExchange
    private let environment: ExecutionEnvironment
    private var bytes = 0
    private var isOver = false

    init(requestID: String, exchange: HTTPExchange, environment: ExecutionEnvironment) {
        self.requestID = requestID
        self.exchange = exchange
        self.environment = environment
        let contentType = exchange.head.headers.first(name: "content-type")
        environment.streamBegan(for: requestID, contentType: contentType, source: exchange)
    }

    func receive(_ piece: ByteBuffer) {
        guard !isOver else { return }
        bytes += piece.readableBytes
        guard bytes <= Quotas.streamedResponseBytes else {
            isOver = true
            let limit = Quotas.streamedResponseBytes
            environment.responseWasTooLarge(bytes: bytes, limit: limit, for: requestID)
            RuntimeAPI.refuse(exchange, with: .tooLarge(limit: Quotas.streamedResponseBytes))
            return
        }
        environment.streamPiece(piece, for: requestID)
    }

    func receiveEnd(trailers: HTTPHeaders?) {
        guard !isOver else { return }
        isOver = true
        if let value = trailers?.first(name: FunctionErrorType.header) {
            let type = FunctionErrorType.validated(value, otherwise: "Function.Unknown")
            let body = trailers?.first(name: "Lambda-Runtime-Function-Error-Body").flatMap(Base64.decodedText)
            environment.streamFailed(
                LambdaError(errorType: type, errorMessage: body ?? ""),
                for: requestID,
                bytes: bytes
            )
        } else {
            environment.streamEnded(for: requestID, bytes: bytes)
        }
        RuntimeAPI.accept(exchange)
    }

    func receiveTruncation() {
        guard !isOver else { return }
        isOver = true
        // Where the stream was cut because its caller had gone, this comes too late to count.
        environment.responseWasTruncated(for: requestID)
    }
}
