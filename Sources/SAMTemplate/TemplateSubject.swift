/// What of a template a diagnostic is about.
package struct TemplateSubject: Sendable, Hashable {
    /// The resource's logical id, where it is about a resource.
    package var resource: String?
    /// The property (`Environment.Variables.KEY`) or another key of the resource (`Condition`).
    package var property: String?
    /// The whole way to it from the top of the file, such as `Resources.X.Properties.Timeout`; empty for the file
    /// itself.
    package var path: String

    /// The file as a whole.
    package static let file = TemplateSubject(path: "")

    /// A key of a section, such as `Parameters.Stage`.
    package static func section(_ path: String) -> TemplateSubject { TemplateSubject(path: path) }

    /// A resource as a whole.
    package static func resource(_ id: String) -> TemplateSubject {
        TemplateSubject(resource: id, path: "Resources." + id)
    }

    /// A property of a resource.
    package static func property(_ property: String, of id: String) -> TemplateSubject {
        TemplateSubject(resource: id, property: property, path: "Resources.\(id).Properties.\(property)")
    }

    /// A key beside `Properties`, such as `Condition` or `Metadata.BuildMethod`.
    package static func attribute(_ attribute: String, of id: String) -> TemplateSubject {
        TemplateSubject(resource: id, property: attribute, path: "Resources.\(id).\(attribute)")
    }

    /// The same with a further key, such as `Variables` below `Environment`.
    package func appending(_ key: String) -> TemplateSubject {
        var result = self
        result.property = property.map { $0 + "." + key }
        result.path = path.isEmpty ? key : path + "." + key
        return result
    }
}
