import LambdaModel

/// The members of requests that describe functions.
///
/// Source: AWS Lambda API reference, `CreateFunction` and `UpdateFunctionConfiguration` (2026-11); the limits are those of
/// functions on Lambda's own machines.
enum FunctionMembers {
    static let name = InputMember.path("FunctionName", nameKind)
    static let nameInBody = InputMember.required("FunctionName", nameKind)
    static let nameKind = MemberKind.string(length: 1...FunctionReference.longest, pattern: .functionName)
    static let qualifier = InputMember.query("Qualifier", .string(length: 1...128, pattern: .qualifier))
    static let revision = InputMember.optional("RevisionId", .string())
    static let description = InputMember.optional("Description", .string(length: 0...256))
    static let marker = InputMember.query("Marker", .string())
    static let maxItems = InputMember.query("MaxItems", .integer(1...10_000))
    static let fewItems = InputMember.query("MaxItems", .integer(1...50))
    static let tags = MemberKind.map(values: .string(length: 0...256))
    static let architectures = MemberKind.list(of: .choice(Architecture.allCases.map(\.rawValue)), count: 1...1)

    /// What a function is besides its name, its code and its tags.
    static let settings: [InputMember] = [
        .optional("Runtime", .string(length: 1...100)),
        .optional("Role", .string(pattern: .role)),
        .optional("Handler", .string(length: 0...128, pattern: .handler)),
        description,
        .optional("Timeout", .integer(Quotas.timeoutSeconds)),
        .optional("MemorySize", .integer(Quotas.memoryMB)),
        .optional("Environment", .structure([.optional("Variables", .map(values: .string(length: 0...100_000)))])),
        .optional("Layers", .list(of: .string(length: 1...2_048, pattern: .layerVersionARN), count: 0...100)),
        .optional("EphemeralStorage", .structure([.required("Size", .integer(Quotas.ephemeralStorageMB))])),
        .optional("LoggingConfig", logging),
        .optional("DeadLetterConfig", .structure([.optional("TargetArn", .string(pattern: .optionalARN))])),
        .optional("TracingConfig", .structure([.optional("Mode", .choice(["Active", "PassThrough"]))])),
        .optional("KMSKeyArn", .string(pattern: .optionalARN)),
        .optional("SnapStart", .structure([.optional("ApplyOn", .choice(["PublishedVersions", "None"]))])),
        .optional("VpcConfig", .structure(network)),
        .optional("FileSystemConfigs", .list(of: .structure(fileSystem), count: 0...1)),
        .optional("ImageConfig", .structure(image)),
        .optional("CapacityProviderConfig", .refused("has no capacity providers")),
        .optional("DurableConfig", .refused("has no durable executions")),
        .optional("RuntimeConfig", .refused("has one version of each runtime")),
        .optional("AcceleratorConfig", .refused("has no accelerators")),
    ]

    /// Of `CreateFunction` alone.
    static let refusedAtCreation: [InputMember] = [
        .optional("TenancyConfig", .refused("does not keep tenants in environments of their own")),
        .optional("CodeSigningConfigArn", .refused("has no code signing")),
        publishTo,
    ]

    /// For functions of capacity providers.
    static let publishTo = InputMember.optional("PublishTo", .refused("has no version $LATEST.PUBLISHED"))

    static let runtime = MemberKind.choice(FunctionRuntime.identifiers)

    static let code: [InputMember] = [
        .optional("ZipFile", .blob),
        .optional("S3Bucket", .string(length: 3...63)),
        .optional("S3Key", .string(length: 1...1_024, pattern: .bucketKey)),
        .optional("S3ObjectVersion", .string(length: 1...1_024)),
        .optional("S3ObjectStorageMode", .choice(["COPY", "REFERENCE"])),
        .optional("ImageUri", .string()),
        .optional("SourceKMSKeyArn", .string(pattern: .optionalARN)),
    ]

    private static let logging = MemberKind.structure([
        .optional("LogFormat", .choice(LoggingConfiguration.Format.allCases.map(\.rawValue))),
        .optional("ApplicationLogLevel", .choice(LoggingConfiguration.ApplicationLevel.allCases.map(\.rawValue))),
        .optional("SystemLogLevel", .choice(LoggingConfiguration.SystemLevel.allCases.map(\.rawValue))),
        .optional("LogGroup", .string(length: 1...512, pattern: .logGroup)),
    ])

    private static let fileSystem: [InputMember] = [
        .required("Arn", .string(length: 0...256, pattern: .optionalARN)),
        .required("LocalMountPath", .string(length: 0...160, pattern: .mountPath)),
        .optional(
            "S3FilesConfig",
            .structure([.optional("DirectS3Read", .choice(["ENABLED", "DISABLED", "AUTO"]))])
        ),
    ]

    private static let image: [InputMember] = [
        .optional("EntryPoint", .list(of: .string(), count: 0...1_500)),
        .optional("Command", .list(of: .string(), count: 0...1_500)),
        .optional("WorkingDirectory", .string(length: 0...1_000)),
    ]

    private static let network: [InputMember] = [
        .optional("SubnetIds", .list(of: .string(length: 0...1_024), count: 0...16)),
        .optional("SecurityGroupIds", .list(of: .string(length: 0...1_024), count: 0...5)),
        .optional("Ipv6AllowedForDualStack", .boolean),
    ]
}
