internal import LambdaModel

// Environment and LoggingConfig.
extension TemplateReader {
    /// `Environment.Variables`: scalars become strings, as CloudFormation and SAM CLI make them.
    mutating func environment(of properties: TemplateMap, _ id: String) -> [String: String] {
        evaluator.toleratesMissingParameters = true
        defer { evaluator.toleratesMissingParameters = false }
        let example = "Write Environment: {Variables: {KEY: VALUE}}"
        guard let environment = map("Environment", of: properties, id, example: example) else { return [:] }
        for entry in environment.entries where entry.key != "Variables" {
            evaluator.subject = .property("Environment.\(entry.key)", of: id)
            evaluator.error("Environment has only the key Variables", at: entry.keyLocation, hint: example)
        }
        guard let written = environment["Variables"] else { return [:] }
        evaluator.subject = .property("Environment.Variables", of: id)
        guard let variables = written.map else {
            if written.origin != .failed, !written.isStandIn {
                evaluator.error("Variables is a mapping, not \(written.kindName)", at: written.location, hint: example)
            }
            return [:]
        }
        var result: [String: String] = [:]
        for entry in variables.entries where entry.value.origin != .failed {
            evaluator.subject = .property("Environment.Variables.\(entry.key)", of: id)
            guard let text = entry.value.scalarText else {
                evaluator.error(
                    entry.value.isNull
                        ? "the variable has no value" : "a variable's value is a string, not \(entry.value.kindName)",
                    at: entry.value.isNull ? entry.keyLocation : entry.value.location,
                    hint: entry.value.isNull
                        ? "Write \"\" for an empty one." : "Put JSON text in quotes, or use !ToJsonString."
                )
                continue
            }
            result[entry.key] = text
            check(entry.key, text, at: entry.keyLocation)
        }
        checkSize(result, at: properties["Environment"]?.location, id)
        return result
    }

    /// One variable by itself, so that the error points at it.
    private mutating func check(_ key: String, _ text: String, at location: SourceLocation) {
        do throws(FunctionEnvironment.Refusal) {
            try FunctionEnvironment.check([key: text])
        } catch {
            switch error {
            case .tooLarge: break
            default:
                let problem = EnvironmentProblem(error)
                evaluator.error(problem.message, at: location, hint: problem.hint)
            }
        }
    }

    private mutating func checkSize(_ variables: [String: String], at location: SourceLocation?, _ id: String) {
        let bytes = variables.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard bytes > Quotas.environmentVariableBytes, let location else { return }
        evaluator.subject = .property("Environment", of: id)
        let problem = EnvironmentProblem(.tooLarge(bytes: bytes))
        evaluator.error(problem.message, at: location, hint: problem.hint)
    }

    /// `LoggingConfig`. Levels belong to the JSON format only; Lambda refuses them with Text.
    mutating func logging(of properties: TemplateMap, _ id: String) -> LoggingConfiguration {
        var logging = LoggingConfiguration()
        let example = "Write LoggingConfig: {LogFormat: JSON}"
        guard let config = map("LoggingConfig", of: properties, id, example: example) else { return logging }
        for entry in config.entries where entry.value.origin != .failed {
            evaluator.subject = .property("LoggingConfig.\(entry.key)", of: id)
            switch entry.key {
            case "LogFormat":
                logging.format = choice(entry.value, entry.key, of: LoggingConfiguration.Format.self) ?? .text
            case "ApplicationLogLevel":
                logging.applicationLevel = choice(
                    entry.value,
                    entry.key,
                    of: LoggingConfiguration.ApplicationLevel.self
                )
            case "SystemLogLevel":
                logging.systemLevel = choice(entry.value, entry.key, of: LoggingConfiguration.SystemLevel.self)
            case "LogGroup": logging.logGroup = logGroup(entry.value)
            default:
                let known = ["LogFormat", "ApplicationLogLevel", "SystemLogLevel", "LogGroup"]
                evaluator.error(
                    "LoggingConfig has no key \(entry.key)",
                    at: entry.keyLocation,
                    hint: NearestName.of(entry.key, among: known).map { "Did you mean \($0)?" }
                )
            }
        }
        checkLevels(logging, config, id)
        return logging
    }

    private mutating func checkLevels(_ logging: LoggingConfiguration, _ config: TemplateMap, _ id: String) {
        guard logging.format == .text else { return }
        for key in ["ApplicationLogLevel", "SystemLogLevel"] {
            guard let entry = config.entry(key), entry.value.origin != .failed else { continue }
            evaluator.subject = .property("LoggingConfig.\(key)", of: id)
            evaluator.error("\(key) is allowed only with LogFormat: JSON", at: entry.keyLocation)
        }
    }

    /// Source: Lambda's API reference, `LoggingConfig`: `[\.\-_/#A-Za-z0-9]+`, 512 at most.
    private mutating func logGroup(_ value: TemplateValue) -> String? {
        guard let name = value.scalarText, !value.isStandIn else { return value.isStandIn ? value.scalarText : nil }
        let isValid =
            (1...512).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || ".-_/#".utf8.contains($0)
            }
        if !isValid { evaluator.error("\(value.excerpt) is not the name of a log group", at: value.location) }
        return isValid ? name : nil
    }
}
