import HTTPServer
import LambdaModel
import NIOCore

/// What the Runtime API's calls mean for the environment.
extension ExecutionEnvironment {
    func runtimeAsksNext(_ exchange: HTTPExchange) {
        let actions: [EnvironmentLifecycle.Action]
        do throws(APIRefusal) {
            actions = try lifecycle.runtimeAskedNext(at: clock.now())
        } catch {
            return RuntimeAPI.refuse(exchange, with: error)
        }
        runtimeHasCalled = true
        let older = waitingRuntime
        waitingRuntime = exchange
        // Last: the older one may prove to be gone, which must not be taken for the end of this one.
        if let older {
            RuntimeAPI.refuse(older, with: .invalidTransition("a second /next", in: "waiting for an event"))
        }
        let bound = NIOLoopBound((self, exchange), eventLoop: eventLoop)
        // A runtime that has only closed its sending side can still take an event; one that is gone without our noticing
        // asks again and is given the same event again.
        exchange.onConnectionLost = {
            let (environment, exchange) = bound.value
            guard environment.waitingRuntime === exchange else { return }
            environment.waitingRuntime = nil
            environment.lifecycle.runtimeHungUp()
        }
        perform(actions)
    }

    func responseBegan(for requestID: String) -> APIRefusal? {
        lifecycle.responseBegan(for: requestID, at: clock.now())
    }

    func responseArrived(_ body: ByteBuffer, for requestID: String) {
        arrived = body
        let bytes = body.readableBytes
        perform(lifecycle.responseEnded(.response, for: requestID, bytes: bytes, at: clock.now()))
    }

    func errorArrived(_ body: ByteBuffer, type: String, for requestID: String) {
        arrived = body
        let outcome = EnvironmentLifecycle.Outcome.functionError(type: type)
        perform(lifecycle.responseEnded(outcome, for: requestID, bytes: body.readableBytes, at: clock.now()))
    }

    func responseWasTooLarge(
        bytes: Int,
        limit: Int = Quotas.bufferedResponseBytes,
        for requestID: String
    ) {
        let error = LambdaError(
            errorType: "Function.ResponseSizeTooLarge",
            errorMessage: "Response payload size (\(bytes) bytes) exceeded maximum allowed payload size "
                + "(\(limit) bytes)."
        )
        perform(lifecycle.responseEnded(.failed(.responseTooLarge, error), for: requestID, at: clock.now()))
    }

    func responseWasTruncated(for requestID: String) {
        let error = LambdaError(
            errorType: "Runtime.TruncatedResponse",
            errorMessage: "RequestId: \(requestID) Error: The runtime's response ended before its announced end"
        )
        perform(lifecycle.responseEnded(.failed(.truncatedResponse, error), for: requestID, at: clock.now()))
    }

    /// Answers the runtime first: what follows kills it.
    func initErrorArrived(_ body: ByteBuffer, type: String, exchange: HTTPExchange) {
        do throws(APIRefusal) {
            let actions = try lifecycle.initErrorPosted(type: type, at: clock.now())
            initErrorBody = body
            RuntimeAPI.accept(exchange)
            perform(actions)
        } catch {
            RuntimeAPI.refuse(exchange, with: error)
        }
    }

    // MARK: Streams

    func streamBegan(for requestID: String, contentType: String?, source: HTTPExchange) {
        guard let current, current.request.requestID == requestID else { return }
        streamHasBegun = true
        streamSource = source
        current.onCallerReady = { [weak source] in source?.setReading($0) }
        current.onCallerGone = { [weak self] in self?.callerLeft(requestID) }
        current.onStreamBegan?(contentType)
    }

    func streamPiece(_ piece: ByteBuffer, for requestID: String) {
        guard let current, current.request.requestID == requestID else { return }
        current.onPiece?(piece)
    }

    func streamEnded(for requestID: String, bytes: Int) {
        perform(lifecycle.responseEnded(.streamed, for: requestID, bytes: bytes, at: clock.now()))
    }

    func streamFailed(_ error: LambdaError, for requestID: String, bytes: Int) {
        perform(lifecycle.responseEnded(.failed(.crash, error), for: requestID, bytes: bytes, at: clock.now()))
    }

    /// In a task of its own: it may come while the runtime's request, which it cuts, is being taken in.
    private func callerLeft(_ requestID: String) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute {
            let environment = bound.value
            environment.performNow(environment.lifecycle.callerLeft(requestID, at: environment.clock.now()))
        }
    }
}
