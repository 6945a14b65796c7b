import NIOCore
import NIOHTTP1

/// The writing half of a connection: answers rendered straight to bytes, one flush per message.
extension HTTPConnectionHandler {
    /// Bodies up to this size, in bytes, go out in one buffer with their head; larger ones are not worth the copy.
    private static let mergedBodyBytes = 16 * 1024

    func writeResponse(
        _ status: HTTPStatus,
        to request: HTTPRequestHead,
        body: ByteBuffer,
        headers: (inout HTTPResponseHead) -> Void
    ) {
        guard let context else { return }
        let bodyBytes = body.readableBytes
        let isMerged = bodyBytes <= Self.mergedBodyBytes
        let buffer = context.channel.allocator.buffer(capacity: 512 + (isMerged ? bodyBytes : 0))
        var head = HTTPResponseHead(status, into: buffer)
        headers(&head)
        if status != .noContent { head.add("Content-Length", bodyBytes) }
        addConnectionField(to: &head, request: request)
        head.end()
        let hasBody = bodyBytes > 0 && request.method != .HEAD
        if isMerged || !hasBody {
            if hasBody { head.buffer.writeImmutableBuffer(body) }
            context.writeAndFlush(wrapOutboundOut(head.buffer), promise: nil)
        } else {
            context.write(wrapOutboundOut(head.buffer), promise: nil)
            context.writeAndFlush(wrapOutboundOut(body), promise: nil)
        }
    }

    func writeStreamHead(
        _ status: HTTPStatus,
        to request: HTTPRequestHead,
        headers: (inout HTTPResponseHead) -> Void
    ) {
        guard let context else { return }
        var head = HTTPResponseHead(status, into: context.channel.allocator.buffer(capacity: 512))
        headers(&head)
        if request.version.minor > 0 {
            head.add("Transfer-Encoding", fixed: "chunked")
        } else {
            closeAfterExchange()
        }
        addConnectionField(to: &head, request: request)
        head.end()
        context.writeAndFlush(wrapOutboundOut(head.buffer), promise: nil)
    }

    func writeStreamPiece(_ piece: ByteBuffer, to request: HTTPRequestHead) {
        guard let context, request.method != .HEAD else { return }
        guard request.version.minor > 0 else {
            context.writeAndFlush(wrapOutboundOut(piece), promise: nil)
            return
        }
        var frame = context.channel.allocator.buffer(capacity: 16)
        frame.writeString(String(piece.readableBytes, radix: 16))
        frame.writeStaticString("\r\n")
        context.write(wrapOutboundOut(frame), promise: nil)
        context.write(wrapOutboundOut(piece), promise: nil)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(staticString: "\r\n")), promise: nil)
    }

    func writeStreamEnd(trailers: [(name: StaticString, value: String)], to request: HTTPRequestHead) {
        guard let context, request.version.minor > 0, request.method != .HEAD else { return }
        var end = HTTPResponseHead(lastChunkInto: context.channel.allocator.buffer(capacity: 128))
        for trailer in trailers { end.add(trailer.name, trailer.value) }
        end.end()
        context.writeAndFlush(wrapOutboundOut(end.buffer), promise: nil)
    }

    func writeRefusal(_ status: HTTPStatus, _ reason: String) {
        guard let context else { return }
        var head = HTTPResponseHead(status, into: context.channel.allocator.buffer(capacity: 256))
        head.add("Content-Type", fixed: "text/plain")
        head.add("Content-Length", reason.utf8.count + 1)
        head.add("Connection", fixed: "close")
        head.end()
        head.buffer.writeString(reason + "\n")
        context.writeAndFlush(wrapOutboundOut(head.buffer), promise: nil)
    }

    private func addConnectionField(to head: inout HTTPResponseHead, request: HTTPRequestHead) {
        if !keepsAlive {
            head.add("Connection", fixed: "close")
        } else if request.version.minor == 0 {
            head.add("Connection", fixed: "keep-alive")
        }
    }
}
