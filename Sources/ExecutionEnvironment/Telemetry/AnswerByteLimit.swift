import NIOCore

/// Ends a connection whose other side sends more than ``TelemetryDelivery/answerBytes`` for one batch: what a subscriber
/// answers is of no interest beyond its status.
final class AnswerByteLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var received = 0

    /// The next batch's answer may take as much again.
    func reset() {
        received = 0
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += unwrapInboundIn(data).readableBytes
        guard received <= TelemetryDelivery.answerBytes else {
            context.fireErrorCaught(TelemetryDeliveryError.answerTooLarge)
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }
}
