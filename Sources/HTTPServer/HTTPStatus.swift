/// A status code with its reason phrase as the bytes of a status line.
package struct HTTPStatus: Sendable, Hashable {
    package let code: Int
    let line: StaticString

    private init(_ code: Int, _ line: StaticString) {
        self.code = code
        self.line = line
    }

    package static let ok = HTTPStatus(200, "HTTP/1.1 200 OK\r\n")
    package static let created = HTTPStatus(201, "HTTP/1.1 201 Created\r\n")
    package static let accepted = HTTPStatus(202, "HTTP/1.1 202 Accepted\r\n")
    package static let noContent = HTTPStatus(204, "HTTP/1.1 204 No Content\r\n")
    package static let badRequest = HTTPStatus(400, "HTTP/1.1 400 Bad Request\r\n")
    package static let forbidden = HTTPStatus(403, "HTTP/1.1 403 Forbidden\r\n")
    package static let notFound = HTTPStatus(404, "HTTP/1.1 404 Not Found\r\n")
    package static let methodNotAllowed = HTTPStatus(405, "HTTP/1.1 405 Method Not Allowed\r\n")
    package static let conflict = HTTPStatus(409, "HTTP/1.1 409 Conflict\r\n")
    package static let requestTimeout = HTTPStatus(408, "HTTP/1.1 408 Request Timeout\r\n")
    package static let preconditionFailed = HTTPStatus(412, "HTTP/1.1 412 Precondition Failed\r\n")
    package static let payloadTooLarge = HTTPStatus(413, "HTTP/1.1 413 Payload Too Large\r\n")
    package static let tooManyRequests = HTTPStatus(429, "HTTP/1.1 429 Too Many Requests\r\n")
    package static let headerFieldsTooLarge = HTTPStatus(431, "HTTP/1.1 431 Request Header Fields Too Large\r\n")
    package static let internalServerError = HTTPStatus(500, "HTTP/1.1 500 Internal Server Error\r\n")
    package static let notImplemented = HTTPStatus(501, "HTTP/1.1 501 Not Implemented\r\n")
    package static let badGateway = HTTPStatus(502, "HTTP/1.1 502 Bad Gateway\r\n")
    package static let serviceUnavailable = HTTPStatus(503, "HTTP/1.1 503 Service Unavailable\r\n")
    package static let httpVersionNotSupported = HTTPStatus(505, "HTTP/1.1 505 HTTP Version Not Supported\r\n")

    package static func == (left: HTTPStatus, right: HTTPStatus) -> Bool { left.code == right.code }
    package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
