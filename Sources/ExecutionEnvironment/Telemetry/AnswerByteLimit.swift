import NIOCore

/// Ends a connection whose other side sends more than ``TelemetryDelivery/answerBytes`` for one batch: what a subscriber
/// answers is of no interest beyond its status.
final class AnswerByteLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Of so many batches the answers may come at once.
    private static let batches = 16

    /// Bytes that may still come.
    private var credit = TelemetryDelivery.answerBytes

    /// The next batch's answer may take as much again.
    func reset() {
        credit = TelemetryDelivery.answerBytes
    }

    /// The same where the answers to earlier batches may be on their way.
    func addBatch() {
        credit = min(credit + TelemetryDelivery.answerBytes, Self.batches * TelemetryDelivery.answerBytes)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        credit -= unwrapInboundIn(data).readableBytes
        guard credit >= 0 else {
            context.fireErrorCaught(TelemetryDeliveryError.answerTooLarge)
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }
}
