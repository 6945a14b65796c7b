package import LambdaModel

/// The words for a refused environment variable.
package struct EnvironmentProblem {
    /// What is wrong and why.
    package let message: String
    /// What to do, if there is something to say.
    package let hint: String?

    package init(_ refusal: FunctionEnvironment.Refusal) {
        switch refusal {
        case .reservedKeys(let keys):
            message = "Lambda reserves the key \(keys.joined(separator: ", ")) and sets it itself"
            hint = "Choose another name."
        case .invalidKey(let key):
            message = "'\(key.prefix(80))' is not a name that Lambda takes"
            hint = "A name has two characters or more: a letter, then letters, digits and underscores."
        case .invalidValue(let key):
            message = "the value of \(key) holds a NUL byte"
            hint = nil
        case .tooLarge(let bytes):
            message =
                "the environment variables take \(bytes) bytes, and Lambda allows \(Quotas.environmentVariableBytes)"
            hint = "Put large values into a file of the package."
        }
    }
}
