package import LambdaModel

/// The file of `--env-vars`: `{"FUNCTION": {"KEY": "VALUE"}}`, `{"Parameters": {"KEY": "VALUE"}}` for all functions, or
/// both, in which case the function's own win. JSON as SAM CLI takes it; YAML as well.
///
/// Like SAM CLI, it changes only variables that the template declares.
package struct EnvironmentOverrides: Sendable, Hashable {
    private var common: [String: String] = [:]
    private var byFunction: [String: [String: String]] = [:]

    /// Reads the file; the error names file, line and column.
    package init(path: String) throws(TemplateError) {
        try self.init(text: try TextFile.load(path, what: "environment file").text, path: path)
    }

    /// The same for text at hand; `path` is for messages.
    package init(text: String, path: String) throws(TemplateError) {
        guard let document = try YAMLDocument.parse(text, file: path), !document.isNull else { return }
        guard let root = document.map else { throw Self.shapeError(document) }
        var diagnostics: [TemplateDiagnostic] = []
        for entry in root.entries {
            guard let variables = entry.value.map else {
                diagnostics += Self.shapeError(entry.value, about: entry.key).diagnostics
                continue
            }
            let texts = Self.texts(variables, of: entry.key, &diagnostics)
            if entry.key == "Parameters" {
                common = texts
            } else {
                byFunction[entry.key] = texts
            }
        }
        guard diagnostics.isEmpty else { throw TemplateError(diagnostics: diagnostics) }
    }

    /// What the file says for a function, by its logical id or name.
    package func variables(logicalID: String, name: String) -> [String: String] {
        let own = byFunction[logicalID] ?? byFunction[name] ?? [:]
        return common.merging(own) { _, own in own }
    }

    /// The names in the file that are neither `Parameters` nor a function of the template; worth a warning.
    package func unknownFunctions(in template: SAMTemplate) -> [String] {
        let known = Set(template.functions.flatMap { [$0.logicalID, $0.configuration.name] })
        return byFunction.keys.filter { !known.contains($0) }.sorted()
    }

    /// The function with its declared variables overridden.
    /// - Returns: also the names that the file gives this very function but the template does not declare, sorted: they
    ///   have no effect, in SAM CLI neither.
    package func apply(to function: TemplateFunction) throws(ApusError) -> (TemplateFunction, ignored: [String]) {
        var result = function
        let name = function.configuration.name
        var ignored: [String] = []
        let own = byFunction[function.logicalID] ?? byFunction[name] ?? [:]
        for (key, value) in variables(logicalID: function.logicalID, name: name) {
            if result.configuration.environment[key] != nil {
                result.configuration.environment[key] = value
            } else if own[key] != nil {
                ignored.append(key)
            }
        }
        try Self.check(result.configuration)
        return (result, ignored.sorted())
    }

    /// The same without a template, where no variable is declared: all of them are set.
    package func apply(to configuration: FunctionConfiguration) throws(ApusError) -> FunctionConfiguration {
        var result = configuration
        let overrides = variables(logicalID: configuration.name, name: configuration.name)
        result.environment.merge(overrides) { _, override in override }
        try Self.check(result)
        return result
    }

    private static func check(_ configuration: FunctionConfiguration) throws(ApusError) {
        do throws(FunctionEnvironment.Refusal) {
            try FunctionEnvironment.check(configuration.environment)
        } catch {
            let problem = EnvironmentProblem(error)
            throw ApusError("environment.refused", "\(configuration.name): \(problem.message)", hint: problem.hint)
        }
    }

    private static func texts(
        _ variables: TemplateMap,
        of name: String,
        _ diagnostics: inout [TemplateDiagnostic]
    ) -> [String: String] {
        var result: [String: String] = [:]
        for entry in variables.entries {
            if entry.value.isNull, entry.value.tag == nil {
                result[entry.key] = ""
            } else if let text = entry.value.scalarText, entry.value.tag == nil {
                result[entry.key] = text
            } else {
                let subject = TemplateSubject.section("\(name).\(entry.key)")
                let message = "a variable's value is a string, not \(entry.value.kindName)"
                let hint = "Put JSON text in quotes."
                diagnostics.append(
                    TemplateDiagnostic(.error, at: entry.value.location, subject, message, hint: hint)
                )
            }
        }
        return result
    }

    private static func shapeError(_ value: TemplateValue, about name: String? = nil) -> TemplateError {
        TemplateError(
            at: value.location,
            name == nil
                ? "an environment file is a mapping, not \(value.kindName)"
                : "here must stand a mapping of names to values, not \(value.kindName)",
            about: name.map(TemplateSubject.section) ?? .file,
            hint: "Write {\"FUNCTION\": {\"KEY\": \"VALUE\"}} or {\"Parameters\": {\"KEY\": \"VALUE\"}}."
        )
    }
}
