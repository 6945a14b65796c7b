/// Why a template (or an env-vars or configuration file) cannot be used: every error found, at once.
package struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Errors, and the warnings that go with them, sorted by position; at least one error.
    package let diagnostics: [TemplateDiagnostic]

    package init(diagnostics: [TemplateDiagnostic]) {
        self.diagnostics = Self.sorted(diagnostics)
    }

    package init(
        at location: SourceLocation?,
        _ message: String,
        about subject: TemplateSubject = .file,
        hint: String? = nil
    ) {
        diagnostics = [TemplateDiagnostic(.error, at: location, subject, message, hint: hint)]
    }

    package var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }

    /// By position; what has none comes first. Equal ones are named once.
    static func sorted(_ diagnostics: [TemplateDiagnostic]) -> [TemplateDiagnostic] {
        var seen: Set<TemplateDiagnostic> = []
        let unique = diagnostics.filter { seen.insert($0).inserted }
        return unique.enumerated().sorted { one, other in
            switch (one.element.location, other.element.location) {
            case (let a?, let b?) where a != b: a < b
            case (nil, .some): true
            case (.some, nil): false
            default: one.offset < other.offset
            }
        }.map(\.element)
    }
}
