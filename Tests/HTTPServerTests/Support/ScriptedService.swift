import NIOCore
import NIOHTTP1

@testable import HTTPServer

/// A service whose paths are the behaviours that a test asks for.
final class ScriptedService: HTTPService {
    static let collectLimit = 1 << 20
    static let bigBody = ByteBuffer(repeating: UInt8(ascii: "b"), count: 12 << 20)

    private let events: Events<String>
    private var held: [HTTPExchange] = []

    init(events: Events<String>) {
        self.events = events
    }

    func receive(_ exchange: HTTPExchange) -> HTTPBodyPlan {
        switch exchange.head.uri {
        case "/echo": return echo(exchange)
        case "/upload": return .stream(Upload(exchange: exchange, events: events))
        case "/hold": return hold(exchange)
        case "/release":
            for waiting in held { waiting.respond(.ok, body: ByteBuffer(string: "released")) }
            held = []
            exchange.respond(.ok)
        case "/stream":
            exchange.beginStream(.ok) { $0.add("Content-Type", fixed: "text/plain") }
            exchange.write(ByteBuffer(string: "one"))
            exchange.write(ByteBuffer(string: "two"))
            exchange.finish(trailers: [("X-Trailer", "last")])
        case "/big": exchange.respond(.ok, body: Self.bigBody)
        case "/reflect":
            exchange.respond(.ok) { $0.add("X-Reflected", "a\r\nX-Injected: yes\n\u{0}b") }
        case "/empty": exchange.respond(.noContent)
        default: exchange.respond(.notFound, body: ByteBuffer(string: "no \(exchange.head.uri)"))
        }
        return .discard
    }

    private func echo(_ exchange: HTTPExchange) -> HTTPBodyPlan {
        .collect(limit: Self.collectLimit) { [events] body in
            switch body {
            case .complete(let bytes, let trailers):
                exchange.respond(.ok, body: bytes) {
                    if let value = trailers?.first(name: "X-Trailer") { $0.add("X-Saw-Trailer", value) }
                }
            case .tooLarge(let bytes): exchange.respond(.payloadTooLarge, body: ByteBuffer(string: "\(bytes)"))
            case .truncated: events.add("truncated")
            }
        }
    }

    private func hold(_ exchange: HTTPExchange) -> HTTPBodyPlan {
        held.append(exchange)
        exchange.onConnectionLost = { [events] in events.add("lost") }
        events.add("held")
        return .discard
    }
}

/// Counts a streamed body; a first piece that begins with "no" is refused at once, one that begins with "wait" pauses
/// the reading and is answered.
private final class Upload: HTTPBodyReceiver {
    private let exchange: HTTPExchange
    private let events: Events<String>
    private var bytes = 0

    init(exchange: HTTPExchange, events: Events<String>) {
        self.exchange = exchange
        self.events = events
    }

    func receive(_ piece: ByteBuffer) {
        if bytes == 0, piece.readableBytesView.starts(with: "no".utf8) { exchange.respond(.forbidden) }
        if bytes == 0, piece.readableBytesView.starts(with: "wait".utf8) { exchange.setReading(false) }
        bytes += piece.readableBytes
    }

    func receiveEnd(trailers: HTTPHeaders?) {
        exchange.respond(.ok, body: ByteBuffer(string: "\(bytes)"))
    }

    func receiveTruncation() {
        events.add("truncated after \(bytes)")
    }
}
