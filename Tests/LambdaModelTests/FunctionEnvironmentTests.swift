import LambdaModel
import Testing

@Suite struct FunctionEnvironmentTests {
    private let function = FunctionConfiguration(
        name: "hello",
        handler: "bin/app",
        memorySize: 256,
        environment: ["STAGE": "test"],
        region: "eu-central-1",
        version: "7"
    )

    private let surroundings = FunctionEnvironment.Surroundings(
        runtimeAPI: "127.0.0.1:9001",
        logStream: "2030/01/02/[7]0123456789abcdef0123456789abcdef"
    )

    /// The whole environment: a variable more would be a leak, a variable less breaks a runtime.
    @Test func setsExactlyWhatLambdaSets() {
        #expect(
            FunctionEnvironment.variables(of: function, in: surroundings) == [
                "STAGE": "test",
                "_HANDLER": "bin/app",
                "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
                "LAMBDA_TASK_ROOT": "/var/task",
                "LAMBDA_RUNTIME_DIR": "/var/runtime",
                "AWS_REGION": "eu-central-1",
                "AWS_DEFAULT_REGION": "eu-central-1",
                "AWS_LAMBDA_FUNCTION_NAME": "hello",
                "AWS_LAMBDA_FUNCTION_VERSION": "7",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
                "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/hello",
                "AWS_LAMBDA_LOG_STREAM_NAME": "2030/01/02/[7]0123456789abcdef0123456789abcdef",
                "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
                "AWS_ACCESS_KEY_ID": FunctionEnvironment.Credentials.placeholder.accessKeyID,
                "AWS_SECRET_ACCESS_KEY": FunctionEnvironment.Credentials.placeholder.secretAccessKey,
                "AWS_SESSION_TOKEN": "apus-fake-session-token",
                "TZ": ":UTC",
                "LANG": "en_US.UTF-8",
                "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin",
                "LD_LIBRARY_PATH":
                    "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
            ]
        )
    }

    @Test func namesTheRealDirectoriesWhereThereIsNoVarTask() {
        let surroundings = FunctionEnvironment.Surroundings(
            runtimeAPI: "127.0.0.1:1",
            taskRoot: "/home/me/task",
            runtimeDirectory: "/home/me/runtime",
            layerRoots: ["/layers/b", "/layers/a"],
            logStream: "stream"
        )
        let variables = FunctionEnvironment.variables(of: function, in: surroundings)
        #expect(variables["LAMBDA_TASK_ROOT"] == "/home/me/task")
        #expect(variables["LAMBDA_RUNTIME_DIR"] == "/home/me/runtime")
        #expect(variables["PATH"] == "/usr/local/bin:/usr/bin:/bin:/layers/b/bin:/layers/a/bin")
        let task = "/home/me/task:/home/me/task/lib"
        let runtime = "/home/me/runtime:/home/me/runtime/lib"
        #expect(
            variables["LD_LIBRARY_PATH"] == "/lib64:/usr/lib64:\(runtime):\(task):/layers/b/lib:/layers/a/lib"
        )
    }

    @Test(arguments: ["TZ", "LANG", "PATH", "LD_LIBRARY_PATH"])
    func letsTheFunctionReplaceUnreservedDefaults(key: String) {
        var function = function
        function.environment = [key: "own"]
        #expect(FunctionEnvironment.variables(of: function, in: surroundings)[key] == "own")
    }

    /// Even if a check was left out: a function cannot point its runtime at another Runtime API.
    @Test func reservedVariablesWinOverTheFunctionsOwn() {
        var function = function
        function.environment = ["AWS_LAMBDA_RUNTIME_API": "evil:1", "_HANDLER": "evil"]
        let variables = FunctionEnvironment.variables(of: function, in: surroundings)
        #expect(variables["AWS_LAMBDA_RUNTIME_API"] == "127.0.0.1:9001")
        #expect(variables["_HANDLER"] == "bin/app")
    }

    @Test func passesCredentialsAndInitializationTypeOn() {
        let surroundings = FunctionEnvironment.Surroundings(
            runtimeAPI: "127.0.0.1:1",
            credentials: .init(accessKeyID: "AK", secretAccessKey: "SK", sessionToken: nil),
            logStream: "stream",
            initializationType: .provisionedConcurrency
        )
        let variables = FunctionEnvironment.variables(of: function, in: surroundings)
        #expect(variables["AWS_ACCESS_KEY_ID"] == "AK")
        #expect(variables["AWS_SECRET_ACCESS_KEY"] == "SK")
        #expect(variables["AWS_SESSION_TOKEN"] == nil)
        #expect(variables["AWS_LAMBDA_INITIALIZATION_TYPE"] == "provisioned-concurrency")
    }

    @Test(arguments: [("provided", nil), ("provided.al2023", nil), ("python3.13", "AWS_Lambda_python3.13")])
    func setsTheExecutionEnvironmentOnlyForManagedRuntimes(identifier: String, expected: String?) throws {
        var function = function
        function.runtime = try #require(FunctionRuntime(identifier: identifier))
        #expect(FunctionEnvironment.variables(of: function, in: surroundings)["AWS_EXECUTION_ENV"] == expected)
    }

    @Test func takesTheLogGroupOfTheLoggingConfiguration() {
        var function = function
        function.logging.logGroup = "/my/group"
        let variables = FunctionEnvironment.variables(of: function, in: surroundings)
        #expect(variables["AWS_LAMBDA_LOG_GROUP_NAME"] == "/my/group")
    }

    @Test(
        arguments: [
            (LoggingConfiguration(), nil, nil),
            (LoggingConfiguration(format: .text, applicationLevel: .debug), nil, nil),
            (LoggingConfiguration(format: .json), "JSON", "INFO"),
            (LoggingConfiguration(format: .json, applicationLevel: .trace), "JSON", "TRACE"),
        ] as [(LoggingConfiguration, String?, String?)]
    )
    func tellsOfLoggingInJSON(logging: LoggingConfiguration, format: String?, level: String?) {
        var function = function
        function.logging = logging
        var variables = FunctionEnvironment.variables(of: function, in: surroundings)
        #expect(variables["AWS_LAMBDA_LOG_FORMAT"] == format)
        #expect(variables["AWS_LAMBDA_LOG_LEVEL"] == level)
        // They are not reserved.
        function.environment = ["AWS_LAMBDA_LOG_LEVEL": "own"]
        variables = FunctionEnvironment.variables(of: function, in: surroundings)
        #expect(variables["AWS_LAMBDA_LOG_LEVEL"] == "own")
    }

    // MARK: Extensions

    /// The whole environment, as in `setsExactlyWhatLambdaSets`.
    @Test func givesExtensionsWhatLambdaGivesThem() {
        var function = function
        function.runtime = FunctionRuntime(identifier: "python3.13") ?? function.runtime
        function.environment["AWS_XRAY_CONTEXT_MISSING"] = "LOG_ERROR"
        #expect(
            FunctionEnvironment.extensionVariables(of: function, in: surroundings) == [
                "STAGE": "test",
                "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
                "AWS_REGION": "eu-central-1",
                "AWS_DEFAULT_REGION": "eu-central-1",
                "AWS_LAMBDA_FUNCTION_NAME": "hello",
                "AWS_LAMBDA_FUNCTION_VERSION": "7",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
                "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
                "AWS_ACCESS_KEY_ID": FunctionEnvironment.Credentials.placeholder.accessKeyID,
                "AWS_SECRET_ACCESS_KEY": FunctionEnvironment.Credentials.placeholder.secretAccessKey,
                "AWS_SESSION_TOKEN": "apus-fake-session-token",
                "TZ": ":UTC",
                "LANG": "en_US.UTF-8",
                "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin",
                "LD_LIBRARY_PATH":
                    "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
            ]
        )
    }

    @Test(arguments: [
        "AWS_EXECUTION_ENV", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_XRAY_CONTEXT_MISSING",
        "AWS_XRAY_DAEMON_ADDRESS", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "_AWS_XRAY_DAEMON_ADDRESS",
        "_AWS_XRAY_DAEMON_PORT", "_HANDLER",
    ])
    func withholdsFromExtensions(key: String) {
        #expect(FunctionEnvironment.extensionVariables(from: [key: "x", "OWN": "y"]) == ["OWN": "y"])
    }

    // MARK: What CreateFunction refuses

    @Test(
        arguments: [
            [:], ["STAGE": ""], ["a1": "x", "A_b": "y"], ["Ab": String(repeating: "x", count: 4094)], ["TZ": "CET"],
            ["PATH": "/bin"], ["AWS_PROFILE": "x"], ["KEY": "早い\n\u{1}"],
        ]
    )
    func accepts(_ variables: [String: String]) throws {
        try FunctionEnvironment.check(variables)
    }

    @Test(
        arguments: [
            (["A": "x"], .invalidKey("A")),
            (["": "x"], .invalidKey("")),
            (["1A": "x"], .invalidKey("1A")),
            (["_A": "x"], .invalidKey("_A")),
            (["A-B": "x"], .invalidKey("A-B")),
            (["A B": "x"], .invalidKey("A B")),
            (["A=B": "x"], .invalidKey("A=B")),
            (["Äb": "x"], .invalidKey("Äb")),
            (["A\u{0}": "x"], .invalidKey("A\u{0}")),
            (["AB@": "x", "AB[": "x"], .invalidKey("AB@")),
            (["GOOD": "a\u{0}b"], .invalidValue(key: "GOOD")),
            (["ABC": String(repeating: "x", count: 4094)], .tooLarge(bytes: 4097)),
            // Bytes count, not characters.
            (["AB": String(repeating: "早", count: 1_365)], .tooLarge(bytes: 4_097)),
            (["AWS_REGION": "x", "_HANDLER": "x", "OWN": "x"], .reservedKeys(["AWS_REGION", "_HANDLER"])),
        ] as [([String: String], FunctionEnvironment.Refusal)]
    )
    func refuses(_ variables: [String: String], _ refusal: FunctionEnvironment.Refusal) {
        #expect(throws: refusal) { try FunctionEnvironment.check(variables) }
    }

    @Test(
        arguments: [
            "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
            "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
            "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API",
            "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
        ]
    )
    func refusesEveryReservedKey(_ key: String) {
        #expect(throws: FunctionEnvironment.Refusal.reservedKeys([key])) {
            try FunctionEnvironment.check([key: "x"])
        }
    }

    /// Whatever `variables` sets over the function's head must be refused beforehand, or a value would be lost silently.
    @Test func everyVariableThatCannotBeReplacedIsReserved() {
        var function = function
        function.environment = [:]
        let replaceable: Set<String> = ["TZ", "LANG", "PATH", "LD_LIBRARY_PATH"]
        let forced = Set(FunctionEnvironment.variables(of: function, in: surroundings).keys).subtracting(replaceable)
        #expect(forced.isSubset(of: FunctionEnvironment.reservedKeys))
    }
}
