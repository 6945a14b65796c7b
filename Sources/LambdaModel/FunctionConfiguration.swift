/// What Lambda knows of a function apart from its code: the values of a template or of `CreateFunction`.
package struct FunctionConfiguration: Sendable, Hashable {
    /// `FunctionName`, or the logical id where the template gives none.
    package var name: String
    /// `Handler`, passed to the runtime as `_HANDLER`; custom runtimes may do without.
    package var handler: String
    package var runtime: FunctionRuntime
    package var architecture: Architecture
    /// Time-out of one invocation, in seconds (1–900).
    package var timeout: Int
    /// Memory in MB (128–10,240).
    package var memorySize: Int
    /// Size of /tmp in MB (512–10,240).
    package var ephemeralStorage: Int
    /// The function's own environment variables, reserved keys excluded.
    package var environment: [String: String]
    package var logging: LoggingConfiguration
    /// `ReservedConcurrentExecutions`: how many invocations may run at the same time; `nil`: as many as the account may.
    package var reservedConcurrency: Int?
    package var eventInvoke = EventInvokeSettings()
    /// `AutoPublishAlias`: an alias for the newest code.
    package var publishedAlias: String?
    /// Environments that are kept ready for that alias.
    package var provisionedConcurrency: Int?
    package var region: String
    package var accountID: String
    /// The published version that runs; `$LATEST` for unpublished code.
    package var version: String

    /// Defaults are Lambda's own: 3 s, 128 MB, 512 MB of /tmp, x86_64.
    package init(
        name: String,
        handler: String = "",
        runtime: FunctionRuntime = .providedAL2023,
        architecture: Architecture = .x86_64,
        timeout: Int = 3,
        memorySize: Int = 128,
        ephemeralStorage: Int = 512,
        environment: [String: String] = [:],
        logging: LoggingConfiguration = LoggingConfiguration(),
        region: String = FunctionARN.defaultRegion,
        accountID: String = FunctionARN.placeholderAccountID,
        version: String = "$LATEST"
    ) {
        self.name = name
        self.handler = handler
        self.runtime = runtime
        self.architecture = architecture
        self.timeout = timeout
        self.memorySize = memorySize
        self.ephemeralStorage = ephemeralStorage
        self.environment = environment
        self.logging = logging
        self.region = region
        self.accountID = accountID
        self.version = version
    }

    /// The unqualified ARN.
    package var arn: FunctionARN {
        FunctionARN(region: region, accountID: accountID, functionName: name)
    }

    /// The CloudWatch log group.
    package var logGroup: String { logging.logGroup ?? "/aws/lambda/" + name }
}
