internal import LambdaModel

/// Reads the `Parameters` section and checks the values given for it, as CloudFormation does before it creates a stack.
struct ParameterReader {
    private let overrides: [String: String]
    private(set) var parameters: [String: TemplateParameter] = [:]
    private(set) var diagnostics: [TemplateDiagnostic] = []

    private static let knownKeys = [
        "Type", "Default", "AllowedValues", "AllowedPattern", "ConstraintDescription", "Description", "MaxLength",
        "MaxValue", "MinLength", "MinValue", "NoEcho",
    ]

    init(overrides: [String: String]) {
        self.overrides = overrides
    }

    mutating func read(_ section: TemplateMap?) {
        for entry in section?.entries ?? [] {
            let subject = TemplateSubject.section("Parameters." + entry.key)
            guard let definition = entry.value.map else {
                error(subject, "a parameter is a mapping with a Type, not \(entry.value.kindName)", at: entry.value)
                continue
            }
            read(entry.key, definition, at: entry.keyLocation, subject)
        }
        for name in overrides.keys.sorted() where section?[name] == nil {
            let known = section?.keys ?? []
            let message = "the override \(name) names no parameter of this template"
            let hint = NearestName.of(name, among: known).map { "Did you mean \($0)?" }
            diagnostics.append(TemplateDiagnostic(.warning, at: nil, .section("Parameters"), message, hint: hint))
        }
    }

    private mutating func read(
        _ name: String,
        _ definition: TemplateMap,
        at location: SourceLocation,
        _ subject: TemplateSubject
    ) {
        for entry in definition.entries where !Self.knownKeys.contains(entry.key) {
            let hint = NearestName.of(entry.key, among: Self.knownKeys).map { "Did you mean \($0)?" }
            diagnostics.append(
                TemplateDiagnostic(
                    .warning,
                    at: entry.keyLocation,
                    subject,
                    "\(entry.key) is not a key of a parameter",
                    hint: hint
                )
            )
        }
        let type = definition["Type"]?.string
        if type == nil {
            error(subject, "a parameter needs a Type", at: location, hint: "Add Type: String.")
        }
        guard var raw = rawValue(name, definition, at: location, subject) else {
            parameters[name] = TemplateParameter(name: name, value: nil)
            return
        }
        raw.isSecret = definition["NoEcho"]?.scalarText == "true"
        check(raw, definition, type ?? "String", subject)
        parameters[name] = TemplateParameter(name: name, value: typed(raw, type ?? "String"))
    }

    /// The override, or the default: always a string, as parameters are.
    private mutating func rawValue(
        _ name: String,
        _ definition: TemplateMap,
        at location: SourceLocation,
        _ subject: TemplateSubject
    ) -> TemplateValue? {
        if let override = overrides[name] { return TemplateValue(.string(override), at: location) }
        guard let value = definition["Default"] else { return nil }
        if let text = value.spelling?.text, !value.isNull || value.spelling?.style != .plain {
            // As written: a default of 0123 stays 0123.
            return TemplateValue(.string(text), at: value.location)
        }
        if let items = value.list {
            return TemplateValue(
                .string(items.compactMap(\.scalarText).joined(separator: ",")),
                at: value.location
            )
        }
        error(subject, "Default is a string or number, not \(value.kindName)", at: value)
        return nil
    }

    private func typed(_ raw: TemplateValue, _ type: String) -> TemplateValue {
        guard let text = raw.string, type == "CommaDelimitedList" || type.hasPrefix("List<") || type.contains("<List<")
        else { return raw }
        let items = text.isEmpty ? [] : TemplateEvaluator.split(text, by: ",")
        let values = items.map { item in
            raw.derived(.string(String(item.trimmingBlanks())), from: [raw])
        }
        return raw.derived(.list(values), from: [raw])
    }

    private mutating func check(
        _ raw: TemplateValue,
        _ definition: TemplateMap,
        _ type: String,
        _ subject: TemplateSubject
    ) {
        guard let text = raw.string else { return }
        if let allowed = definition["AllowedValues"]?.list, !allowed.isEmpty {
            let texts = allowed.map { $0.spelling?.text ?? $0.scalarText ?? "" }
            let accepted = Set(texts)
            let given = type == "CommaDelimitedList" ? TemplateEvaluator.split(text, by: ",") : [text]
            for item in given where !accepted.contains(String(item.trimmingBlanks())) && !accepted.contains(item) {
                let list = texts.prefix(20).joined(separator: ", ")
                error(
                    subject,
                    "the value \(raw.excerpt) is not among AllowedValues",
                    at: raw,
                    hint: "Allowed: \(list)."
                )
                break
            }
        }
        if type == "Number" || type == "List<Number>" {
            checkNumbers(raw, text, definition, type, subject)
        } else {
            checkLength(raw, text, definition, subject)
        }
    }

    private mutating func checkNumbers(
        _ raw: TemplateValue,
        _ text: String,
        _ definition: TemplateMap,
        _ type: String,
        _ subject: TemplateSubject
    ) {
        for item in type == "Number" ? [text] : TemplateEvaluator.split(text, by: ",") {
            guard let number = Double(String(item.trimmingBlanks())), number.isFinite else {
                error(subject, "the value \(raw.excerpt) is not a number", at: raw)
                return
            }
            if let least = definition["MinValue"]?.scalarText.flatMap(Double.init), number < least {
                error(subject, "the value \(raw.excerpt) is below MinValue", at: raw)
            }
            if let most = definition["MaxValue"]?.scalarText.flatMap(Double.init), number > most {
                error(subject, "the value \(raw.excerpt) is above MaxValue", at: raw)
            }
        }
    }

    private mutating func checkLength(
        _ raw: TemplateValue,
        _ text: String,
        _ definition: TemplateMap,
        _ subject: TemplateSubject
    ) {
        let length = text.unicodeScalars.count
        if let least = definition["MinLength"]?.scalarText.flatMap({ Int($0) }), length < least {
            error(subject, "the value \(raw.excerpt) is shorter than MinLength, \(least)", at: raw)
        }
        if let most = definition["MaxLength"]?.scalarText.flatMap({ Int($0) }), length > most {
            error(subject, "the value \(raw.excerpt) is longer than MaxLength, \(most)", at: raw)
        }
    }

    private mutating func error(
        _ subject: TemplateSubject,
        _ message: String,
        at value: TemplateValue,
        hint: String? = nil
    ) {
        error(subject, message, at: value.location, hint: hint)
    }

    private mutating func error(
        _ subject: TemplateSubject,
        _ message: String,
        at location: SourceLocation,
        hint: String? = nil
    ) {
        diagnostics.append(TemplateDiagnostic(.error, at: location, subject, message, hint: hint))
    }
}
