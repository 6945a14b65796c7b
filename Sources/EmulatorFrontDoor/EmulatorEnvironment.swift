package import LambdaModel
package import Sandbox

/// The function that `rie` runs, as the image around it describes it: environment variables and arguments.
///
/// Source: README of the AWS Lambda Runtime Interface Emulator, and its behaviour as measured.
package struct EmulatorEnvironment: Sendable, Hashable {
    package var function: FunctionConfiguration
    /// What to start: the program and its arguments.
    package var command: [String]
    package var workingDirectory: String
    /// The host's (that is, the image's) variables, which the function inherits.
    package var inherited: [String: String]
    /// The CPU on which everything runs; `nil`: this machine's.
    package var emulation: CPUEmulation?

    /// The places where a bootstrap is looked for when no command is given.
    package static let bootstrapPaths = ["/var/task/bootstrap", "/opt/bootstrap", "/var/runtime/bootstrap"]

    /// - Parameters:
    ///   - arguments: `CMD… [HANDLER]`; the last of at least two is the handler, and still an argument of the command.
    ///   - variables: the host's environment.
    ///   - currentDirectory: where the command runs; a bootstrap that was searched for runs in /var/task.
    ///   - isExecutableFile: whether a path is a file; injected for tests.
    package init(
        arguments: [String],
        variables: [String: String],
        currentDirectory: String,
        isFile: (String) -> Bool
    ) {
        var handler = variables["AWS_LAMBDA_FUNCTION_HANDLER"] ?? variables["_HANDLER"] ?? ""
        if arguments.isEmpty {
            command = [Self.bootstrapPaths.first(where: isFile) ?? Self.bootstrapPaths[0]]
            workingDirectory = "/var/task"
        } else {
            command = arguments
            workingDirectory = currentDirectory
            if arguments.count > 1, let last = arguments.last { handler = last }
        }
        inherited = variables
        function = FunctionConfiguration(
            name: variables["AWS_LAMBDA_FUNCTION_NAME"] ?? "test_function",
            handler: handler,
            architecture: .host,
            timeout: Self.number(variables["AWS_LAMBDA_FUNCTION_TIMEOUT"], otherwise: 300),
            memorySize: Self.number(variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], otherwise: 3008),
            region: variables["AWS_REGION"] ?? variables["AWS_DEFAULT_REGION"] ?? FunctionARN.defaultRegion,
            accountID: "012345678912",
            version: variables["AWS_LAMBDA_FUNCTION_VERSION"] ?? "$LATEST"
        )
    }

    /// The ARN that RIE reports whatever region is set.
    package var invokedFunctionARN: String {
        "arn:aws:lambda:us-east-1:\(function.accountID):function:\(function.name)"
    }

    /// The complete environment of the function's process: everything the image sets, and what Lambda adds.
    package func processVariables(runtimeAPI: String) -> [String: String] {
        var result = inherited
        let additions = [
            "AWS_LAMBDA_RUNTIME_API": runtimeAPI,
            "_HANDLER": function.handler,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_VERSION": function.version,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": String(function.memorySize),
            "AWS_LAMBDA_INITIALIZATION_TYPE": FunctionEnvironment.InitializationType.onDemand.rawValue,
        ]
        let defaults = [
            "LAMBDA_TASK_ROOT": "/var/task",
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/Functions",
            "AWS_LAMBDA_LOG_STREAM_NAME": "$LATEST",
        ]
        result.merge(defaults) { inherited, _ in inherited }
        result.merge(additions) { _, addition in addition }
        return result
    }

    private static func number(_ text: String?, otherwise fallback: Int) -> Int {
        guard let text, let value = Int(text), value > 0, value <= 1 << 20 else { return fallback }
        return value
    }
}
