/// A value of samconfig.
package enum ConfigValue: Sendable, Hashable {
    case string(String)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case list([ConfigValue])
    case table([String: ConfigValue])

    /// A scalar as an option's argument; `nil` for lists and tables.
    package var text: String? {
        switch self {
        case .string(let text): text
        case .int(let value): String(value)
        case .double(let value): value.description
        case .bool(let value): value ? "true" : "false"
        case .list, .table: nil
        }
    }

    /// A list's scalars, or the one scalar.
    package var texts: [String] {
        if case .list(let items) = self { return items.flatMap(\.texts) }
        return text.map { [$0] } ?? []
    }
}
