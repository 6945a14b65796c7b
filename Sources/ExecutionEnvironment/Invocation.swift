package import LambdaModel
package import NIOCore

/// One event on its way through an environment, with its caller. Belongs to the environment's event loop.
package final class Invocation {
    package let request: InvocationRequest
    package let payload: ByteBuffer

    /// A streamed response begins; its pieces follow through ``onPiece``. Called at most once, before ``onAnswer``.
    package var onStreamBegan: ((_ contentType: String?) -> Void)?
    package var onPiece: ((ByteBuffer) -> Void)?
    /// The caller's answer; called exactly once.
    package var onAnswer: ((InvocationOutcome) -> Void)?
    /// The invocation is over for the environment too, which may be later; called exactly once, with the figures where
    /// the invocation had begun.
    package var onOver: ((InvocationReport?) -> Void)?
    /// Set by the environment while a response streams: tells the runtime to pause (`false`) or go on (`true`).
    package var onCallerReady: ((Bool) -> Void)?
    /// Set by the environment while a response streams: tells it that nobody takes the rest.
    package var onCallerGone: (() -> Void)?

    /// Set by who wants to see what goes into the log from the invocation's START on: lines of the platform and output of the
    /// function, in their order.
    package var onLog: ((ByteBuffer) -> Void)?

    private var isAnswered = false

    package init(request: InvocationRequest, payload: ByteBuffer) {
        self.request = request
        self.payload = payload
    }

    func answer(_ outcome: InvocationOutcome) {
        guard !isAnswered else { return }
        isAnswered = true
        let callback = onAnswer
        onAnswer = nil
        onStreamBegan = nil
        onPiece = nil
        callback?(outcome)
    }

    func finish(_ report: InvocationReport?) {
        answer(.abandoned)
        let callback = onOver
        onOver = nil
        onCallerReady = nil
        onCallerGone = nil
        callback?(report)
    }

    /// Ends an invocation that no environment has taken.
    package func abandon() {
        finish(nil)
    }
}
