extension FunctionEnvironment {
    /// What the function's processes have and its external extensions have not.
    ///
    /// Source: AWS Lambda developer guide, "Lambda Extensions API", environment variables.
    private static let withheldFromExtensions: Set<String> = [
        "AWS_EXECUTION_ENV", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_XRAY_CONTEXT_MISSING",
        "AWS_XRAY_DAEMON_ADDRESS", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "_AWS_XRAY_DAEMON_ADDRESS",
        "_AWS_XRAY_DAEMON_PORT", "_HANDLER",
    ]

    /// The complete environment of the function's external extensions.
    package static func extensionVariables(
        of function: FunctionConfiguration,
        in surroundings: Surroundings
    ) -> [String: String] {
        extensionVariables(from: variables(of: function, in: surroundings))
    }

    /// The environment of external extensions beside a function with these variables.
    package static func extensionVariables(from variables: [String: String]) -> [String: String] {
        variables.filter { !withheldFromExtensions.contains($0.key) }
    }
}
