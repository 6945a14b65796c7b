/// The environment variables of a function's processes.
///
/// Source: AWS Lambda developer guide, "Defined runtime environment variables".
package enum FunctionEnvironment {
    /// Keys that Lambda sets itself and that a function's configuration may not.
    package static let reservedKeys: Set<String> = [
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "AWS_LAMBDA_MAX_CONCURRENCY", "AWS_LAMBDA_METADATA_API",
        "AWS_LAMBDA_METADATA_TOKEN",
    ]

    /// Why a function's own variables are refused.
    package enum Refusal: Error, Sendable, Hashable {
        /// The keys, sorted, that only Lambda may set.
        case reservedKeys([String])
        /// A key that does not match `[a-zA-Z][a-zA-Z0-9_]+`.
        case invalidKey(String)
        /// A value that holds a NUL byte, which no process environment can carry.
        case invalidValue(key: String)
        /// Names and values together, in bytes, over ``Quotas/environmentVariableBytes``.
        case tooLarge(bytes: Int)
    }

    /// Checks a function's own variables as `CreateFunction` does.
    package static func check(_ variables: [String: String]) throws(Refusal) {
        let reserved = variables.keys.filter(reservedKeys.contains).sorted()
        guard reserved.isEmpty else { throw .reservedKeys(reserved) }
        for key in variables.keys.sorted() {
            guard isValidKey(key) else { throw .invalidKey(key) }
            guard variables[key]?.utf8.contains(0) == false else { throw .invalidValue(key: key) }
        }
        let bytes = variables.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard bytes <= Quotas.environmentVariableBytes else { throw .tooLarge(bytes: bytes) }
    }

    private static func isValidKey(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        guard bytes.count >= 2, isLetter(bytes[0]) else { return false }
        return bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// What only the execution environment knows.
    package struct Surroundings: Sendable {
        /// `host:port` of the Runtime API.
        package var runtimeAPI: String
        /// The task root as the processes see it: `/var/task`, or the real path in the `process` backend.
        package var taskRoot: String
        /// The runtime directory as the processes see it.
        package var runtimeDirectory: String
        /// Layer roots as the processes see them, the winning one first: `["/opt"]`, or real paths.
        package var layerRoots: [String]
        package var credentials: Credentials
        package var logStream: String
        package var initializationType: InitializationType

        package init(
            runtimeAPI: String,
            taskRoot: String = "/var/task",
            runtimeDirectory: String = "/var/runtime",
            layerRoots: [String] = ["/opt"],
            credentials: Credentials = .placeholder,
            logStream: String,
            initializationType: InitializationType = .onDemand
        ) {
            self.runtimeAPI = runtimeAPI
            self.taskRoot = taskRoot
            self.runtimeDirectory = runtimeDirectory
            self.layerRoots = layerRoots
            self.credentials = credentials
            self.logStream = logStream
            self.initializationType = initializationType
        }
    }

    package enum InitializationType: String, Sendable {
        case onDemand = "on-demand"
        case provisionedConcurrency = "provisioned-concurrency"
    }

    package struct Credentials: Sendable, Hashable {
        package var accessKeyID: String
        package var secretAccessKey: String
        package var sessionToken: String?

        package init(accessKeyID: String, secretAccessKey: String, sessionToken: String?) {
            self.accessKeyID = accessKeyID
            self.secretAccessKey = secretAccessKey
            self.sessionToken = sessionToken
        }

        /// Clearly not credentials; functions that call AWS with them get an authentication error, not a surprise.
        package static let placeholder = Credentials(
            accessKeyID: "APUSFAKEACCESSKEYID",
            secretAccessKey: "apus-fake-secret-access-key",
            sessionToken: "apus-fake-session-token"
        )
    }

    /// The complete environment of the function's processes; nothing of the host's environment is in it.
    package static func variables(
        of function: FunctionConfiguration,
        in surroundings: Surroundings
    ) -> [String: String] {
        var result = function.environment
        let defaults = [
            "TZ": ":UTC",
            "LANG": "en_US.UTF-8",
            "PATH": searchPath(surroundings),
            "LD_LIBRARY_PATH": libraryPath(surroundings),
        ]
        // These and those of logging may be set by the function; the reserved ones may not.
        result.merge(defaults) { own, _ in own }
        result.merge(loggingVariables(function.logging)) { own, _ in own }
        result.merge(reserved(of: function, in: surroundings)) { _, reserved in reserved }
        return result
    }

    /// What runtimes and logging libraries read to write JSON of the wanted level. Lambda sets the format `Text` as well;
    /// here its absence means that.
    private static func loggingVariables(_ logging: LoggingConfiguration) -> [String: String] {
        guard logging.format == .json else { return [:] }
        return [
            "AWS_LAMBDA_LOG_FORMAT": logging.format.rawValue,
            "AWS_LAMBDA_LOG_LEVEL": (logging.applicationLevel ?? .info).rawValue,
        ]
    }

    private static func searchPath(_ surroundings: Surroundings) -> String {
        (["/usr/local/bin", "/usr/bin", "/bin"] + surroundings.layerRoots.map { $0 + "/bin" }).joined(separator: ":")
    }

    private static func libraryPath(_ surroundings: Surroundings) -> String {
        let runtime = surroundings.runtimeDirectory
        let task = surroundings.taskRoot
        let fixed = ["/lib64", "/usr/lib64", runtime, runtime + "/lib", task, task + "/lib"]
        return (fixed + surroundings.layerRoots.map { $0 + "/lib" }).joined(separator: ":")
    }

    private static func reserved(
        of function: FunctionConfiguration,
        in surroundings: Surroundings
    ) -> [String: String] {
        var result = [
            "_HANDLER": function.handler,
            "AWS_LAMBDA_RUNTIME_API": surroundings.runtimeAPI,
            "LAMBDA_TASK_ROOT": surroundings.taskRoot,
            "LAMBDA_RUNTIME_DIR": surroundings.runtimeDirectory,
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_VERSION": function.version,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": String(function.memorySize),
            "AWS_LAMBDA_LOG_GROUP_NAME": function.logGroup,
            "AWS_LAMBDA_LOG_STREAM_NAME": surroundings.logStream,
            "AWS_LAMBDA_INITIALIZATION_TYPE": surroundings.initializationType.rawValue,
            "AWS_ACCESS_KEY_ID": surroundings.credentials.accessKeyID,
            "AWS_SECRET_ACCESS_KEY": surroundings.credentials.secretAccessKey,
        ]
        result["AWS_SESSION_TOKEN"] = surroundings.credentials.sessionToken
        if !function.runtime.isCustom {
            result["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + function.runtime.identifier
        }
        return result
    }
}
