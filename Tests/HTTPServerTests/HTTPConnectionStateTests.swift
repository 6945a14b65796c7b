import Testing

@testable import HTTPServer

struct HTTPConnectionStateTests {
    enum Event: Sendable { case begin, beginLast, requestEnd, answerEnd, inputClosed, closeAfter, close }

    struct Row: Sendable {
        var events: [Event]
        /// The action of the last event.
        var action: HTTPConnectionState.Action
        /// Whether the state is then: idle, receiving, holding, closed.
        var flags: String
    }

    @Test(arguments: [
        Row(events: [], action: .none, flags: "idle"),
        Row(events: [.begin], action: .none, flags: "receiving"),
        Row(events: [.begin, .begin], action: .none, flags: "receiving"),
        Row(events: [.begin, .requestEnd], action: .none, flags: "holding"),
        Row(events: [.begin, .requestEnd, .answerEnd], action: .nextRequest, flags: "idle"),
        Row(events: [.begin, .answerEnd], action: .none, flags: "receiving"),
        Row(events: [.begin, .answerEnd, .answerEnd], action: .none, flags: "receiving"),
        Row(events: [.begin, .answerEnd, .requestEnd], action: .nextRequest, flags: "idle"),
        Row(events: [.beginLast, .requestEnd, .answerEnd], action: .close, flags: "closed"),
        Row(events: [.beginLast, .answerEnd, .requestEnd], action: .close, flags: "closed"),
        Row(events: [.beginLast, .requestEnd, .answerEnd, .begin], action: .none, flags: "closed"),
        Row(events: [.begin, .closeAfter, .requestEnd, .answerEnd], action: .close, flags: "closed"),
        Row(events: [.begin, .requestEnd, .answerEnd, .begin, .requestEnd], action: .none, flags: "holding"),
        Row(events: [.requestEnd], action: .none, flags: "idle"),
        Row(events: [.answerEnd], action: .none, flags: "idle"),
        Row(events: [.inputClosed], action: .close, flags: "closed"),
        Row(events: [.begin, .inputClosed], action: .close, flags: "closed"),
        Row(events: [.begin, .requestEnd, .inputClosed], action: .none, flags: "holding"),
        Row(events: [.begin, .requestEnd, .inputClosed, .answerEnd], action: .close, flags: "closed"),
        Row(events: [.begin, .requestEnd, .answerEnd, .inputClosed], action: .close, flags: "closed"),
        Row(events: [.begin, .requestEnd, .close, .answerEnd], action: .none, flags: "closed"),
        Row(events: [.close, .begin], action: .none, flags: "closed"),
        Row(events: [.close, .requestEnd], action: .none, flags: "closed"),
    ])
    func transitions(row: Row) {
        var state = HTTPConnectionState()
        var action = HTTPConnectionState.Action.none
        for event in row.events { action = Self.apply(event, to: &state) }
        #expect(action == row.action)
        #expect(state.isIdle == (row.flags == "idle"))
        #expect(state.isReceiving == (row.flags == "receiving"))
        #expect(state.mustHold == (row.flags == "holding"))
        #expect(state.isClosed == (row.flags == "closed"))
    }

    private static func apply(_ event: Event, to state: inout HTTPConnectionState) -> HTTPConnectionState.Action {
        switch event {
        case .begin: state.requestBegan(keepsAlive: true)
        case .beginLast: state.requestBegan(keepsAlive: false)
        case .requestEnd: return state.requestEnded()
        case .answerEnd: return state.answerEnded()
        case .inputClosed: return state.inputClosed()
        case .closeAfter: state.closeAfterExchange()
        case .close: state.closed()
        }
        return .none
    }
}
