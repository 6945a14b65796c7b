import NIOCore
import Testing

@testable import HTTPServer

struct HTTPResponseHeadTests {
    @Test(arguments: [
        ("plain", "plain"), ("tab\tbed", "tab\tbed"), ("a\r\nX: y", "a  X: y"), ("\n", " "), ("nul\u{0}", "nul "),
        ("早め", "早め"), ("", ""),
    ])
    func noValueStartsAFieldOfItsOwn(value: String, expected: String) {
        var head = HTTPResponseHead(.ok, into: ByteBuffer())
        head.add("X", value)
        head.add("Y", fixed: "z")
        head.add("Z", -1)
        head.end()
        #expect(String(buffer: head.buffer) == "HTTP/1.1 200 OK\r\nX: \(expected)\r\nY: z\r\nZ: -1\r\n\r\n")
    }

    @Test(arguments: [
        HTTPStatus.ok, .accepted, .noContent, .badRequest, .forbidden, .notFound, .methodNotAllowed, .requestTimeout,
        .payloadTooLarge, .tooManyRequests, .headerFieldsTooLarge, .internalServerError, .badGateway,
        .serviceUnavailable, .httpVersionNotSupported,
    ])
    func theStatusLineNamesTheCode(status: HTTPStatus) {
        let head = HTTPResponseHead(status, into: ByteBuffer())
        let line = String(buffer: head.buffer)
        #expect(line.hasPrefix("HTTP/1.1 \(status.code) "))
        #expect(line.hasSuffix("\r\n"))
    }
}
