import FunctionStore
import LambdaModel

/// The settings of a version as the store keeps them: members of `CreateFunction`, with Lambda's defaults.
struct FunctionSettings {
    var members: JSONValue

    var runtime: FunctionRuntime? { members["Runtime"]?.stringValue.flatMap(FunctionRuntime.init(identifier:)) }
    var isImage: Bool { members["PackageType"]?.stringValue == "Image" }
    var architecture: Architecture {
        (members["Architectures"]?.arrayValue?.first?.stringValue).flatMap(Architecture.init(rawValue:)) ?? .x86_64
    }
    var timeout: Int { members["Timeout"]?.intValue ?? 3 }
    var memorySize: Int { members["MemorySize"]?.intValue ?? 128 }
    var ephemeralStorage: Int { members["EphemeralStorage"]?["Size"]?.intValue ?? 512 }
    var deadLetterTarget: String? {
        members["DeadLetterConfig"]?["TargetArn"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }
    /// Sorted by their names.
    var environment: [(name: String, value: String)] {
        (members["Environment"]?["Variables"]?.objectValue ?? []).map { ($0.name, $0.value.stringValue ?? "") }
            .sorted { $0.0 < $1.0 }
    }

    var logging: LoggingConfiguration {
        let members = members["LoggingConfig"]
        func level<Level: RawRepresentable<String>>(_ name: String) -> Level? {
            members?[name]?.stringValue.flatMap(Level.init(rawValue:))
        }
        return LoggingConfiguration(
            format: level("LogFormat") ?? .text,
            applicationLevel: level("ApplicationLogLevel"),
            systemLevel: level("SystemLogLevel"),
            logGroup: members?["LogGroup"]?.stringValue
        )
    }

    /// What the processes of a version get to know.
    func configuration(of function: StoredFunction, version: StoredVersion, in context: ControlContext)
        -> FunctionConfiguration
    {
        var result = FunctionConfiguration(
            name: function.name,
            handler: members["Handler"]?.stringValue ?? "",
            runtime: runtime ?? .providedAL2023,
            architecture: architecture,
            timeout: timeout,
            memorySize: memorySize,
            ephemeralStorage: ephemeralStorage,
            environment: Dictionary(environment.map { ($0.name, $0.value) }) { $1 },
            logging: logging,
            region: context.region,
            accountID: context.accountID,
            version: version.name
        )
        result.reservedConcurrency = function.reservedConcurrency
        return result
    }

    /// Members of a request put over these; a member that is there replaces the old one as a whole.
    mutating func update(with input: JSONValue) {
        for member in FunctionMembers.settings where member.name != "Layers" {
            if let value = input[member.name] { members = members.setting(member.name, value) }
        }
    }

    /// Refuses what Lambda refuses, and what Apus cannot run.
    func check() throws(LambdaAPIError) {
        if !isImage {
            guard let name = members["Runtime"]?.stringValue, let handler = members["Handler"]?.stringValue,
                !handler.isEmpty
            else {
                throw .invalidParameter(
                    "Runtime and Handler are mandatory parameters for functions created with deployment packages."
                )
            }
            guard let runtime else {
                throw .invalidParameter(
                    "Value \(name) at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
                        + "[\(FunctionRuntime.identifiers.joined(separator: ", "))] or be a valid ARN"
                )
            }
            guard runtime.isCustom else {
                throw .invalidParameter(
                    "Apus runs custom runtimes (\(FunctionRuntime.custom.map(\.identifier).joined(separator: ", "))); "
                        + "\(name) lives only in AWS's images"
                )
            }
        }
        if logging.format == .text, logging.applicationLevel != nil || logging.systemLevel != nil {
            throw .invalidParameter("Log levels can only be set with the LogFormat JSON.")
        }
        try checkEnvironment()
    }

    private func checkEnvironment() throws(LambdaAPIError) {
        let beginning =
            "Lambda was unable to configure your environment variables because the environment variables you have provided"
        do throws(FunctionEnvironment.Refusal) {
            try FunctionEnvironment.check(Dictionary(environment.map { ($0.name, $0.value) }) { $1 })
        } catch {
            switch error {
            case .reservedKeys(let keys):
                throw .invalidParameter(
                    "\(beginning) contains reserved keys that are currently not supported for modification. "
                        + "Reserved keys used in this request: \(keys.joined(separator: ", "))"
                )
            case .tooLarge(let bytes):
                throw .invalidParameter("\(beginning) exceeded the 4KB limit: they take \(bytes) bytes")
            case .invalidKey(let key):
                throw .invalidParameter(
                    "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must "
                        + "satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]: '\(key)'"
                )
            case .invalidValue(let key):
                throw .invalidParameter("\(beginning) have a NUL character in the value of \(key)")
            }
        }
    }
}
