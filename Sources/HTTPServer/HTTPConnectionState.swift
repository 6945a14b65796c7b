/// Where one connection stands between request and answer. Pure: the handler translates.
///
/// Requests are answered one after another; what a client sends ahead (pipelining) is held back by the handler while
/// `mustHold` says so.
struct HTTPConnectionState {
    private enum State: Equatable {
        /// Between requests. → `receiving` on a head, `closed`.
        case idle
        /// A request's body is arriving. → `answering` when it ends unanswered, `idle` when it ends answered, `closed`.
        case receiving(answered: Bool)
        /// The request is complete, its answer is not. → `idle`, `closed`.
        case answering
        /// Nothing more is read or written. Final.
        case closed
    }

    /// What the handler has to do after an event.
    enum Action: Equatable {
        case none
        /// The exchange is over and the connection is ready for the next request.
        case nextRequest
        /// The exchange is over and the connection with it.
        case close
    }

    private var state = State.idle
    /// Whether the connection outlives the present exchange.
    private(set) var keepsAlive = true

    /// Whether a part that arrives now belongs to a later request.
    var mustHold: Bool { state == .answering }
    var isIdle: Bool { state == .idle }
    var isClosed: Bool { state == .closed }

    /// Whether a request has begun whose end has not arrived.
    var isReceiving: Bool {
        if case .receiving = state { true } else { false }
    }

    /// Whether a request that is still arriving has been answered already.
    var isAnswered: Bool { state == .receiving(answered: true) }

    mutating func requestBegan(keepsAlive: Bool) {
        guard state == .idle else { return }
        self.keepsAlive = keepsAlive
        state = .receiving(answered: false)
    }

    mutating func requestEnded() -> Action {
        switch state {
        case .receiving(answered: false):
            state = .answering
            return .none
        case .receiving(answered: true): return exchangeEnded()
        case .idle, .answering, .closed: return .none
        }
    }

    mutating func answerEnded() -> Action {
        switch state {
        case .receiving(answered: false):
            state = .receiving(answered: true)
            return .none
        case .answering: return exchangeEnded()
        case .idle, .receiving(answered: true), .closed: return .none
        }
    }

    /// The client will send no more. A complete request is still answered.
    mutating func inputClosed() -> Action {
        keepsAlive = false
        guard state != .answering else { return .none }
        state = .closed
        return .close
    }

    mutating func closeAfterExchange() {
        keepsAlive = false
    }

    mutating func closed() {
        state = .closed
    }

    private mutating func exchangeEnded() -> Action {
        state = keepsAlive ? .idle : .closed
        return keepsAlive ? .nextRequest : .close
    }
}
