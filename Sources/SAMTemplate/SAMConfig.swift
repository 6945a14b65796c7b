/// `samconfig.toml`: default values of options, by environment and command.
///
///     version = 0.1
///     [default.global.parameters]
///     region = "eu-central-1"
///     [default.local_invoke.parameters]
///     event = "events/event.json"
package struct SAMConfig: Sendable {
    /// The path as given.
    package let path: String
    private let document: [String: ConfigValue]

    /// Names that SAM CLI tries, in its order.
    package static let defaultNames = ["samconfig.toml", "samconfig.yaml", "samconfig.yml"]

    /// The configuration file of a directory, if there is one.
    package static func find(inDirectory directory: String) -> String? {
        defaultNames.map { LexicalPath.join(directory, $0) }.first { CodeLocator.locate($0) != nil }
    }

    /// Reads the file: TOML, or YAML and JSON by the file's extension. A file without a version is refused, as SAM CLI
    /// refuses it; an empty one is fine.
    package static func load(path: String) throws(TemplateError) -> SAMConfig {
        try parse(try TextFile.load(path, what: "configuration").text, path: path)
    }

    /// The same for text at hand.
    package static func parse(_ text: String, path: String) throws(TemplateError) -> SAMConfig {
        let isYAML = [".yaml", ".yml", ".json"].contains { path.lowercased().hasSuffix($0) }
        let document = isYAML ? try ConfigReader.yaml(text, file: path) : try ConfigReader.toml(text, file: path)
        let config = SAMConfig(path: path, document: document)
        try config.checkVersion()
        return config
    }

    /// Names of the environments (`--config-env`) in the file, sorted.
    package var environments: [String] {
        document.keys.filter { if case .table = document[$0] { true } else { false } }.sorted()
    }

    /// The options of a command, such as `["local", "invoke"]`: those of `[ENV.global.parameters]`, overridden by those
    /// of `[ENV.local_invoke.parameters]`. Keys are as written, usually with underscores. An environment or command
    /// that is not in the file has none.
    package func values(command: [String], environment: String = "default") -> [String: ConfigValue] {
        guard case .table(let commands)? = document[environment] else { return [:] }
        let key = command.map { $0.map { $0 == "-" || $0 == " " ? "_" : String($0) }.joined() }.joined(separator: "_")
        let common = Self.parameters(of: commands["global"])
        return common.merging(Self.parameters(of: commands[key])) { _, own in own }
    }

    private static func parameters(of command: ConfigValue?) -> [String: ConfigValue] {
        guard case .table(let sections)? = command, case .table(let parameters)? = sections["parameters"] else {
            return [:]
        }
        return parameters
    }

    /// SAM CLI wants a number with a decimal point.
    private func checkVersion() throws(TemplateError) {
        if document.isEmpty { return }
        let start = SourceLocation(file: path, line: 1, column: 1)
        let subject = TemplateSubject.section("version")
        let isTOML = path.lowercased().hasSuffix(".toml")
        let hint = isTOML ? "Add the line version = 0.1 at the top." : "Add the line version: 0.1 at the top."
        guard let version = document["version"] else {
            throw TemplateError(at: start, "the configuration has no version", about: subject, hint: hint)
        }
        guard case .double = version else {
            throw TemplateError(at: start, "the version is a number such as 0.1", about: subject, hint: hint)
        }
    }
}
