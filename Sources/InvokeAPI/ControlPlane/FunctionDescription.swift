import FunctionStore
import LambdaModel

/// A version as `GetFunctionConfiguration` and its relatives answer it.
///
/// Source: AWS Lambda API reference, `FunctionConfiguration`.
struct FunctionDescription {
    let function: StoredFunction
    let version: StoredVersion
    let context: ControlContext

    /// - Parameter qualifier: of the ARN; `nil` for the plain one.
    func json(qualifier: String?) -> JSONValue {
        let settings = FunctionSettings(members: version.settings)
        let members = settings.members
        let identity = context.identity(of: version, in: function.name)
        return .members([
            "FunctionName": .string(function.name),
            "FunctionArn": .string(context.arn(function.name, qualifier)),
            "Runtime": members["Runtime"],
            "Role": members["Role"],
            "Handler": members["Handler"],
            "CodeSize": .integer(identity.size),
            "Description": members["Description"] ?? .string(""),
            "Timeout": .integer(settings.timeout),
            "MemorySize": .integer(settings.memorySize),
            "LastModified": .string(ControlContext.date(version.lastModified)),
            "CodeSha256": .string(identity.sha256),
            "Version": .string(version.name),
            "VpcConfig": members["VpcConfig"]?.setting("VpcId", .string("")),
            "DeadLetterConfig": settings.deadLetterTarget.map { .members(["TargetArn": .string($0)]) },
            "Environment": settings.environment.isEmpty ? nil : environment(settings),
            "KMSKeyArn": members["KMSKeyArn"],
            "TracingConfig": .members(["Mode": members["TracingConfig"]?["Mode"] ?? .string("PassThrough")]),
            "RevisionId": .string(version.revisionID),
            "Layers": version.layers.isEmpty ? nil : .array(version.layers.map(\.description)),
            "State": .string("Active"),
            "LastUpdateStatus": .string("Successful"),
            "FileSystemConfigs": members["FileSystemConfigs"],
            "PackageType": members["PackageType"] ?? .string("Zip"),
            "ImageConfigResponse": members["ImageConfig"].map { .members(["ImageConfig": $0]) },
            "Architectures": .array([.string(settings.architecture.rawValue)]),
            "EphemeralStorage": .members(["Size": .integer(settings.ephemeralStorage)]),
            "SnapStart": .members([
                "ApplyOn": members["SnapStart"]?["ApplyOn"] ?? .string("None"), "OptimizationStatus": .string("Off"),
            ]),
            "LoggingConfig": logging(settings),
        ])
    }

    private func environment(_ settings: FunctionSettings) -> JSONValue {
        let variables = settings.environment.map { JSONValue.Member(name: $0.name, value: .string($0.value)) }
        return .members(["Variables": .object(variables)])
    }

    private func logging(_ settings: FunctionSettings) -> JSONValue {
        let logging = settings.logging
        return .members([
            "LogFormat": .string(logging.format.rawValue),
            "ApplicationLogLevel": logging.applicationLevel.map { .string($0.rawValue) },
            "SystemLogLevel": logging.systemLevel.map { .string($0.rawValue) },
            "LogGroup": .string(logging.logGroup ?? "/aws/lambda/" + function.name),
        ])
    }
}

extension StoredLayerReference {
    fileprivate var description: JSONValue {
        .members(["Arn": .string(arn), "CodeSize": .integer(size)])
    }
}
