/// The error object that Lambda gives to a caller: `{"errorType":"…","errorMessage":"…"}`.
package struct LambdaError: Error, Sendable, Hashable {
    /// Such as `Runtime.ExitError` or `Sandbox.Timedout`.
    package var errorType: String
    /// The full message, usually starting with `RequestId: ID Error: `.
    package var errorMessage: String

    package init(errorType: String, errorMessage: String) {
        self.errorType = errorType
        self.errorMessage = errorMessage
    }

    /// The object as Lambda writes it to the caller, in its order of members and without white space.
    package var json: String {
        "{\"errorType\":\(JSONText.quoted(errorType)),\"errorMessage\":\(JSONText.quoted(errorMessage))}"
    }
}
