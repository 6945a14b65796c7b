internal import LambdaModel

extension TemplateValue {
    /// The value as JSON text, keys in the order of the file. Numbers that JSON has no form for become null.
    var json: String {
        switch kind {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .float(let value): value.isFinite ? value.description : "null"
        case .string(let text): JSONText.quoted(text)
        case .list(let items): "[" + items.map(\.json).joined(separator: ",") + "]"
        case .map(let map):
            "{" + map.entries.map { JSONText.quoted($0.key) + ":" + $0.value.json }.joined(separator: ",") + "}"
        }
    }
}
