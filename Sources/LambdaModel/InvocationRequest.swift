/// An invocation as the front door hands it over, apart from its payload, whose bytes stay in the network buffers.
package struct InvocationRequest: Sendable, Hashable {
    /// Lower-case UUID; the one id in headers, errors and log lines.
    package var requestID: String
    /// The ARN that the caller used, with its qualifier if it gave one.
    package var invokedFunctionARN: String
    /// `X-Amzn-Trace-Id`, passed on as `Lambda-Runtime-Trace-Id`.
    package var traceID: String?
    /// Decoded client context (JSON text), passed on as `Lambda-Runtime-Client-Context`.
    package var clientContext: String?
    /// Cognito identity (JSON text), passed on as `Lambda-Runtime-Cognito-Identity`.
    package var cognitoIdentity: String?
    /// Tenant id, passed on as `Lambda-Runtime-Aws-Tenant-Id`.
    package var tenantID: String?

    package init(
        requestID: String,
        invokedFunctionARN: String,
        traceID: String? = nil,
        clientContext: String? = nil,
        cognitoIdentity: String? = nil,
        tenantID: String? = nil
    ) {
        self.requestID = requestID
        self.invokedFunctionARN = invokedFunctionARN
        self.traceID = traceID
        self.clientContext = clientContext
        self.cognitoIdentity = cognitoIdentity
        self.tenantID = tenantID
    }
}
