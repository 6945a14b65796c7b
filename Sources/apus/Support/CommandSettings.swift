import LambdaModel
import SAMTemplate

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A command's options with samconfig's values behind them: what the command line says wins.
struct CommandSettings {
    private let options: TemplateOptions
    private let configured: [String: ConfigValue]
    /// What a build of this command has made, which is preferred to every other template.
    var builtTemplate: String?

    /// - Parameter command: as samconfig's sections name it, such as `["local", "invoke"]`.
    /// - Throws: when a configuration file was asked for and is not there, or does not parse.
    init(_ options: TemplateOptions, command: [String]) throws {
        self.options = options
        let directory = options.template.map { Self.directory(of: $0) } ?? "."
        let environment = options.configEnv ?? "default"
        if let file = options.configFile {
            configured = try SAMConfig.load(path: file).values(command: command, environment: environment)
        } else if let file = SAMConfig.find(inDirectory: directory) {
            configured = try SAMConfig.load(path: file).values(command: command, environment: environment)
        } else {
            configured = [:]
        }
    }

    /// A value that the command line may give: that one, else samconfig's.
    func text(_ given: String?, _ key: String) -> String? {
        given ?? configured[key]?.text
    }

    func flag(_ given: Bool?, _ key: String) -> Bool? {
        if let given { return given }
        guard case .bool(let value)? = configured[key] else { return nil }
        return value
    }

    func number(_ given: Int?, _ key: String) -> Int? {
        if let given { return given }
        return configured[key]?.text.flatMap { Int($0) }
    }

    var region: String? { text(options.region, "region") }
    var profile: String? { text(options.profile, "profile") }

    /// Whether the command line or samconfig names a template.
    var isTemplateGiven: Bool {
        text(options.template, "template_file") != nil || configured["template"]?.text != nil
    }

    /// The template, explicit or found: the built one first where `prefersBuilt`, as SAM does.
    func templatePath(prefersBuilt: Bool) throws -> String {
        if prefersBuilt, let builtTemplate { return builtTemplate }
        if let path = text(options.template, "template_file") ?? configured["template"]?.text { return path }
        if prefersBuilt, access(Self.builtTemplate, F_OK) == 0 { return Self.builtTemplate }
        return try SAMTemplate.find(inDirectory: ".")
    }

    /// Whether there is a template, or one was asked for.
    var hasTemplate: Bool { (try? templatePath(prefersBuilt: true)) != nil }

    func template(prefersBuilt: Bool) throws -> SAMTemplate {
        let path = try templatePath(prefersBuilt: prefersBuilt)
        var values = SAMTemplate.Options()
        values.parameterOverrides = try parameterOverrides()
        values.region = region ?? profileRegion() ?? values.region
        return try SAMTemplate.load(path: path, options: values)
    }

    /// Where SAM and Apus leave the built template.
    static let buildDirectory = ".aws-sam/build"
    private static let builtTemplate = buildDirectory + "/template.yaml"

    private func parameterOverrides() throws -> [String: String] {
        guard options.parameterOverrides.isEmpty else {
            return try ParameterOverrides(options.parameterOverrides).values
        }
        return try configured["parameter_overrides"].map { try ParameterOverrides($0).values } ?? [:]
    }

    /// The region that the profile names, and else the caller's AWS_REGION, as SAM takes them.
    func profileRegion() -> String? {
        if let profile, let region = try? AWSProfile(named: profile).region { return region }
        let variables = HostEnvironment.variables
        return variables["AWS_REGION"] ?? variables["AWS_DEFAULT_REGION"]
    }

    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
