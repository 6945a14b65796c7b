/// The names of properties, to tell a typing error from a property that Apus does not use.
///
/// Source: AWS SAM specification and CloudFormation's resource reference.
enum KnownProperties {
    static let serverless: Set<String> = globals.union([
        "AutoPublishCodeSha256", "Events", "FunctionName", "ImageConfig", "ImageUri", "InlineCode", "PackageType",
        "Policies", "Role", "VersionDescription",
    ])

    /// What SAM takes from `Globals.Function`.
    static let globals: Set<String> = [
        "Architectures", "AssumeRolePolicyDocument", "AutoPublishAlias", "AutoPublishAliasAllProperties",
        "CapacityProviderConfig", "CodeSigningConfigArn", "CodeUri", "DeadLetterQueue", "DeploymentPreference",
        "Description", "DurableConfig", "Environment", "EphemeralStorage", "EventInvokeConfig", "FileSystemConfigs",
        "FunctionScalingConfig", "FunctionUrlConfig", "Handler", "KmsKeyArn", "Layers", "LoggingConfig", "MemorySize",
        "PermissionsBoundary", "PropagateTags", "ProvisionedConcurrencyConfig", "PublishToLatestPublished",
        "RecursiveLoop", "ReservedConcurrentExecutions", "RolePath", "Runtime", "RuntimeManagementConfig", "SnapStart",
        "SourceKMSKeyArn", "Tags", "TenancyConfig", "Timeout", "Tracing", "VersionDeletionPolicy", "VpcConfig",
    ]

    static let lambda: Set<String> = [
        "Architectures", "CapacityProviderConfig", "Code", "CodeSigningConfigArn", "DeadLetterConfig", "Description",
        "DurableConfig", "Environment", "EphemeralStorage", "FileSystemConfigs", "FunctionName",
        "FunctionScalingConfig", "Handler", "ImageConfig", "KmsKeyArn", "Layers", "LoggingConfig", "MemorySize",
        "PackageType", "PublishToLatestPublished", "RecursiveLoop", "ReservedConcurrentExecutions", "Role", "Runtime",
        "RuntimeManagementConfig", "SnapStart", "Tags", "TenancyConfig", "Timeout", "TracingConfig", "VpcConfig",
    ]

    static let serverlessLayer: Set<String> = [
        "CompatibleArchitectures", "CompatibleRuntimes", "ContentUri", "Description", "LayerName", "LicenseInfo",
        "PublishLambdaVersion", "RetentionPolicy",
    ]

    static let lambdaLayer: Set<String> = [
        "CompatibleArchitectures", "CompatibleRuntimes", "Content", "Description", "LayerName", "LicenseInfo",
    ]
}
