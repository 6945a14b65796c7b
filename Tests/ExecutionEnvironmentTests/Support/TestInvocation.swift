import LambdaModel
import NIOCore
import Testing

@testable import ExecutionEnvironment

/// The caller of one invocation, as a test sees it.
final class TestInvocation: Sendable {
    private let loop: any EventLoop
    private let answers = Events<InvocationOutcome>()
    private let reports = Events<InvocationReport?>()
    /// The content type of a streamed response and its pieces.
    let stream = Events<String>()
    private let pause = Events<NIOLoopBound<Invocation>>()

    init(loop: any EventLoop) {
        self.loop = loop
    }

    /// To be called on the event loop.
    func attach(to invocation: Invocation) {
        invocation.onAnswer = { [answers] in answers.add($0) }
        invocation.onOver = { [reports] in reports.add($0) }
        invocation.onStreamBegan = { [stream] in stream.add("begins as \($0 ?? "nothing")") }
        invocation.onPiece = { [stream] in stream.add(String(buffer: $0)) }
        pause.add(NIOLoopBound(invocation, eventLoop: loop))
    }

    /// Pauses the runtime's stream, as a caller does that reads slowly. Once only.
    func pauseStream() throws {
        guard let invocation = pause.next() else { return }
        try loop.submit { invocation.value.onCallerReady?(false) }.wait()
    }

    /// The answer in words: its kind, error type and bytes.
    func answer() -> String? {
        answers.next().map { outcome in
            switch outcome {
            case .success(let body): "success \(String(buffer: body))"
            case .streamed: "streamed"
            case .streamFailed(let error): "stream failed \(error.errorType) \(error.errorMessage)"
            case .functionError(let type, let body): "function error \(type) \(String(buffer: body))"
            case .initError(let type, let body): "init error \(type) \(String(buffer: body))"
            case .failed(let failure, let error): "\(failure) \(error.errorType) \(error.errorMessage)"
            case .abandoned: "abandoned"
            }
        }
    }

    /// The figures, once the invocation is over; `nil` for one that never began.
    func report() throws -> InvocationReport? {
        try #require(reports.next())
    }

    /// Waits until the invocation is over; whether it came to that, with figures.
    func isOver() -> Bool {
        if case .some(.some) = reports.next() { true } else { false }
    }
}
