import ExecutionEnvironment
import HTTPServer
import LambdaModel
import NIOCore

/// Answers of the Lambda API.
enum LambdaResponse {
    static func refuse(_ exchange: HTTPExchange, _ error: LambdaAPIError) {
        exchange.respond(status(error.status), body: ByteBuffer(string: error.json)) { head in
            head.add("Content-Type", fixed: "application/json")
            head.add("x-amzn-ErrorType", error.type)
            head.add("X-Amzn-RequestId", RequestIdentifier.random())
            if error.status == 429 { head.add("Retry-After", fixed: "1") }
        }
    }

    static func answer(_ exchange: HTTPExchange, _ answer: ControlPlane.Answer) {
        let body = answer.body.map { ByteBuffer(string: $0.text) } ?? ByteBuffer()
        exchange.respond(status(answer.status), body: body) { head in
            if answer.body != nil { head.add("Content-Type", fixed: "application/json") }
            head.add("X-Amzn-RequestId", RequestIdentifier.random())
        }
    }

    static func dryRun(_ exchange: HTTPExchange, requestID: String) {
        exchange.respond(.noContent) { $0.add("X-Amzn-RequestId", requestID) }
    }

    private static func status(_ code: Int) -> HTTPStatus {
        switch code {
        case 200: .ok
        case 201: .created
        case 202: .accepted
        case 204: .noContent
        case 400: .badRequest
        case 404: .notFound
        case 409: .conflict
        case 412: .preconditionFailed
        case 413: .payloadTooLarge
        case 429: .tooManyRequests
        case 501: .notImplemented
        case 502: .badGateway
        case 503: .serviceUnavailable
        default: .internalServerError
        }
    }
}
