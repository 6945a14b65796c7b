internal import LambdaModel

/// One error or warning about a template: where, what, why, and what would be right.
package struct TemplateDiagnostic: Sendable, Hashable, CustomStringConvertible {
    package enum Severity: String, Sendable {
        case error, warning
    }

    package var severity: Severity
    /// `nil` where there is no place to point to: a file that is not there.
    package var location: SourceLocation?
    package var subject: TemplateSubject
    /// What failed and why.
    package var message: String
    /// What would be right, if there is something to say.
    package var hint: String?

    /// The logical id of the resource that it is about.
    package var resource: String? { subject.resource }
    /// The property of the resource, such as `Architectures`.
    package var property: String? { subject.property }

    package init(
        _ severity: Severity,
        at location: SourceLocation?,
        _ subject: TemplateSubject,
        _ message: String,
        hint: String? = nil
    ) {
        self.severity = severity
        self.location = location
        self.subject = subject
        self.message = message
        self.hint = hint
    }

    /// `template.yaml:12:9: error: Resources.X.Properties.Architectures: message`, and the hint on a line of its own.
    package var description: String {
        let place = location.map { "\($0): " } ?? ""
        let path = subject.path.isEmpty ? "" : subject.path + ": "
        let text = Self.printable("\(place)\(severity.rawValue): \(path)\(message)")
        return hint.map { text + "\n" + Self.printable($0) } ?? text
    }

    /// Names and values of a template may hold line breaks and a terminal's control sequences; messages do not.
    private static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case ..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069:
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// One JSON object with the members `severity`, `file`, `line`, `column`, `resource`, `property`, `path`, `message`
    /// and `hint`; those without a value are left out.
    package var json: String {
        let members: [(String, String?)] = [
            ("severity", JSONText.quoted(severity.rawValue)),
            ("file", location.map { JSONText.quoted($0.file) }),
            ("line", location.map { String($0.line) }),
            ("column", location.map { String($0.column) }),
            ("resource", resource.map(JSONText.quoted)),
            ("property", property.map(JSONText.quoted)),
            ("path", subject.path.isEmpty ? nil : JSONText.quoted(subject.path)),
            ("message", JSONText.quoted(message)),
            ("hint", hint.map(JSONText.quoted)),
        ]
        return "{" + members.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }.joined(separator: ",")
            + "}"
    }
}
