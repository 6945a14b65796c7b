import NIOCore

/// Stands before the parser and counts bytes: a client that sends on and on without the parser getting anywhere (an
/// endless request line, header list or chunk extension) is cut off.
final class InboundByteMeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limit: Int
    /// Called at every read that leaves more than the limit unparsed, with how much that is.
    var onExcess: (_ bytes: Int) -> Void = { _ in }
    private var sinceProgress = 0
    /// When the first byte arrived of which the parser has made nothing yet.
    private(set) var firstUnparsed: NIODeadline?

    init(limit: Int) {
        self.limit = limit
    }

    /// The parser has produced something.
    func noteProgress() {
        sinceProgress = 0
        firstUnparsed = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytes
        if sinceProgress == 0 { firstUnparsed = .now() }
        sinceProgress += bytes
        context.fireChannelRead(data)
        // The parser has seen the bytes by now and reported any progress. One read may be larger than the limit.
        if sinceProgress > limit { onExcess(sinceProgress) }
    }
}
