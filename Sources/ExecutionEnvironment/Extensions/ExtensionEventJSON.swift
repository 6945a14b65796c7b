import LambdaModel

/// What `GET /extension/event/next` answers with.
enum ExtensionEventJSON {
    static func invoke(_ request: InvocationRequest, deadlineMilliseconds: Int64) -> String {
        let tracing = request.traceID.map { traceID in
            JSONText.object([
                ("type", JSONText.quoted("X-Amzn-Trace-Id")), ("value", JSONText.quoted(traceID)),
            ])
        }
        return JSONText.object([
            ("eventType", JSONText.quoted(ExtensionEvent.invoke.rawValue)),
            ("deadlineMs", String(deadlineMilliseconds)),
            ("requestId", JSONText.quoted(request.requestID)),
            ("invokedFunctionArn", JSONText.quoted(request.invokedFunctionARN)),
            ("tracing", tracing),
        ])
    }

    static func shutdown(_ reason: ShutdownReason, deadlineMilliseconds: Int64) -> String {
        JSONText.object([
            ("eventType", JSONText.quoted(ExtensionEvent.shutdown.rawValue)),
            ("shutdownReason", JSONText.quoted(reason.rawValue)),
            ("deadlineMs", String(deadlineMilliseconds)),
        ])
    }
}
