import DequeModule
import NIOCore
import NIOHTTP1

/// Translates between one connection's HTTP parts and the service: holds back pipelined requests, applies the rules
/// and limits, gathers or streams bodies. Decisions are in `HTTPConnectionState` and `HTTPRequestRules`.
final class HTTPConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum BodyState {
        case none
        case collecting(HTTPBodyCollector, (HTTPBody) -> Void)
        case streaming(any HTTPBodyReceiver)
        /// Read and thrown away; the count is bounded.
        case discarding(bytes: Int)
    }

    private let service: any HTTPService
    private let rules: HTTPRequestRules
    private var acceptedHost: String?
    private let limits: HTTPServerLimits
    private let meter: InboundByteMeter

    private var state = HTTPConnectionState()
    private var exchange: HTTPExchange?
    private var bodyState = BodyState.none
    /// Parts of later requests. Bounded: reading stops while it is not empty.
    private var held = Deque<HTTPServerRequestPart>()
    private var isDrainingHeld = false
    private var readingPaused = false
    private var readWanted = false
    /// The client has closed its sending side while requests of its were still held back.
    private var inputHasClosed = false
    private var lastProgress = NIODeadline.now()
    private var idleCheck: Scheduled<Void>?
    private(set) var context: ChannelHandlerContext?

    init(
        service: any HTTPService,
        rules: HTTPRequestRules,
        limits: HTTPServerLimits,
        meter: InboundByteMeter
    ) {
        self.service = service
        self.rules = rules
        self.limits = limits
        self.meter = meter
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }
    var keepsAlive: Bool { state.keepsAlive }

    // MARK: Lifetime

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        scheduleIdleCheck()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        idleCheck?.cancel()
        connectionEnded()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        connectionEnded()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { inputClosed() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError {
            let isTooLarge = error == .headerOverflow
            refuseConnection(isTooLarge ? .headerFieldsTooLarge : .badRequest, "malformed HTTP request")
        } else {
            context.close(promise: nil)
        }
    }

    // MARK: Reading

    func read(context: ChannelHandlerContext) {
        if readingPaused || !held.isEmpty || !context.channel.isWritable {
            readWanted = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        exchange?.onWritabilityChanged?(context.channel.isWritable)
        continueReading()
        context.fireChannelWritabilityChanged()
    }

    func setReading(_ reads: Bool) {
        readingPaused = !reads
        continueReading()
    }

    private func continueReading() {
        guard readWanted, !readingPaused, held.isEmpty, let context, context.channel.isWritable else { return }
        readWanted = false
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !state.isClosed else { return }
        meter.noteProgress()
        lastProgress = .now()
        let part = unwrapInboundIn(data)
        if state.mustHold || !held.isEmpty {
            held.append(part)
        } else {
            process(part)
        }
    }

    private func process(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head): begin(head)
        case .body(let piece): receive(piece)
        case .end(let trailers): end(trailers: trailers)
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        var head = head
        // The parser stops for good behind a request that offers another protocol (Java's client offers h2c).
        let offersUpgrade = head.headers.contains(name: "upgrade")
        state.requestBegan(keepsAlive: head.isKeepAlive && !offersUpgrade)
        let refusal: HTTPRequestRules.Refusal?
        do throws(HTTPRequestRules.Refusal) {
            acceptedHost = try rules.check(&head, accepted: acceptedHost)
            refusal = nil
        } catch {
            refusal = error
        }
        let exchange = HTTPExchange(head: head, connection: self)
        self.exchange = exchange
        if let refusal {
            bodyState = .discarding(bytes: 0)
            closeAfterExchange()
            exchange.respond(refusal.status, body: ByteBuffer(string: refusal.reason + "\n")) {
                $0.add("Content-Type", fixed: "text/plain")
            }
            return
        }
        adopt(service.receive(exchange), for: head, exchange: exchange)
    }

    private func adopt(_ plan: HTTPBodyPlan, for head: HTTPRequestHead, exchange: HTTPExchange) {
        switch plan {
        case .collect(let limit, let completion):
            let announced = head.headers.first(name: "content-length").flatMap { Int($0) }
            bodyState = .collecting(HTTPBodyCollector(limit: limit, announced: announced), completion)
        case .stream(let receiver): bodyState = .streaming(receiver)
        case .discard: bodyState = .discarding(bytes: 0)
        }
        guard exchange.isOpen, expectsContinue(head) else { return }
        if case .collecting(let collector, _) = bodyState, collector.isTooLarge {
            // The client waits for a word before it sends: it gets the last one.
            overrun()
            return
        }
        if let context {
            var buffer = context.channel.allocator.buffer(capacity: 32)
            buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        }
    }

    private func expectsContinue(_ head: HTTPRequestHead) -> Bool {
        guard head.version.minor > 0 else { return false }
        return head.headers.first(name: "expect")?.lowercased() == "100-continue"
    }

    private func receive(_ piece: ByteBuffer) {
        switch bodyState {
        case .none: break
        case .collecting(var collector, let completion):
            // Emptied first, so that the collector's buffer is not copied on write.
            bodyState = .none
            collector.append(piece)
            bodyState = .collecting(collector, completion)
            if collector.isTooLarge, collector.received > limits.drainBytes { overrun() }
        case .streaming(let receiver):
            receiver.receive(piece)
            if state.isAnswered { bodyState = .discarding(bytes: 0) }
        case .discarding(let bytes):
            bodyState = .discarding(bytes: bytes + piece.readableBytes)
            if bytes > limits.drainBytes { abort() }
        }
    }

    /// A body that is refused and does not end: the answer is given now, and the connection goes with it.
    private func overrun() {
        state.closeAfterExchange()
        guard case .collecting(let collector, let completion) = bodyState else { return }
        bodyState = .discarding(bytes: 0)
        completion(.tooLarge(bytes: collector.size))
        closeGently()
    }

    private func end(trailers: HTTPHeaders?) {
        let finished = bodyState
        bodyState = .none
        // The request has ended before the service learns of it, so that an answer given at once ends the exchange.
        let action = state.requestEnded()
        switch finished {
        case .none, .discarding: break
        case .collecting(let collector, let completion):
            let size = collector.size
            completion(collector.isTooLarge ? .tooLarge(bytes: size) : .complete(collector.body(), trailers: trailers))
        case .streaming(let receiver): receiver.receiveEnd(trailers: trailers)
        }
        perform(action)
    }

    // MARK: Ending exchanges and the connection

    func answerEnded() {
        lastProgress = .now()
        // Whoever paused the reading was interested in this request's body.
        readingPaused = false
        perform(state.answerEnded())
        continueReading()
    }

    private func perform(_ action: HTTPConnectionState.Action) {
        switch action {
        case .none: break
        case .nextRequest:
            exchange = nil
            drainHeld()
            if inputHasClosed, held.isEmpty { inputClosed() }
            continueReading()
        case .close:
            exchange = nil
            held.removeAll()
            closeAfterPendingWrites()
        }
    }

    private func drainHeld() {
        guard !isDrainingHeld else { return }
        isDrainingHeld = true
        defer { isDrainingHeld = false }
        while !state.mustHold, !state.isClosed, let part = held.popFirst() {
            process(part)
        }
    }

    /// What the client sent before it closed its sending side is still answered.
    private func inputClosed() {
        inputHasClosed = true
        guard held.isEmpty else { return }
        if state.isReceiving { truncateBody() }
        if state.inputClosed() == .close {
            closeAfterPendingWrites()
        } else {
            exchange?.inputClosed()
        }
    }

    private func connectionEnded() {
        guard !state.isClosed || exchange != nil else { return }
        if state.isReceiving { truncateBody() }
        state.closed()
        held.removeAll()
        let lost = exchange
        exchange = nil
        lost?.connectionLost()
    }

    private func truncateBody() {
        let cut = bodyState
        bodyState = .none
        switch cut {
        case .none, .discarding: break
        case .collecting(_, let completion): completion(.truncated)
        case .streaming(let receiver): receiver.receiveTruncation()
        }
    }

    func abort() {
        context?.close(promise: nil)
    }

    func closeAfterExchange() {
        state.closeAfterExchange()
    }

    /// The bytes are not HTTP, too many or too slow: says so, where an answer is still owed, and closes.
    func refuseConnection(_ status: HTTPStatus, _ reason: String) {
        guard !state.isClosed else { return }
        guard exchange.map({ $0.isOpen && state.isReceiving }) ?? true else {
            // A complete request waits for its answer, or an answer is under way: there is no place for another.
            abort()
            return
        }
        let wasReceiving = state.isReceiving
        state.closed()
        exchange?.connectionLost()
        exchange = nil
        if wasReceiving { truncateBody() }
        writeRefusal(status, reason)
        closeGently()
    }

    /// Closing at once would drop what a slow reader has not taken yet.
    private func closeAfterPendingWrites() {
        guard let context else { return }
        lastProgress = .now()
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
    }

    /// Closes the sending side first and the rest a second later: closing at once while the client still writes would
    /// reset the connection and destroy the answer on its way.
    private func closeGently() {
        guard let context else { return }
        let channel = context.channel
        context.close(mode: .output, promise: nil)
        context.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }

    // MARK: Idle connections

    private func scheduleIdleCheck() {
        let shortest = [limits.requestIdleTime, limits.keepAliveTime].compactMap(\.self).min()
        guard let context, let shortest else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        idleCheck = context.eventLoop.scheduleTask(in: shortest) { bound.value.checkIdle() }
    }

    private func checkIdle() {
        let rest = NIODeadline.now() - max(lastProgress, meter.firstUnparsed ?? lastProgress)
        if state.isClosed || state.isIdle && meter.firstUnparsed == nil {
            if let limit = limits.keepAliveTime, rest >= limit { abort() }
        } else if state.isReceiving || state.isIdle, let limit = limits.requestIdleTime, rest >= limit {
            refuseConnection(.requestTimeout, "the request did not arrive in time")
        }
        scheduleIdleCheck()
    }
}
