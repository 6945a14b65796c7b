internal import LambdaModel

extension TemplateValue {
    /// The value as JSON, which has no tags: `!Sub text` becomes `{"Fn::Sub": "text"}`.
    var longForm: JSONValue {
        guard tag != nil, let call = IntrinsicCall(self) else { return untagged }
        return .object([JSONValue.Member(name: call.name, value: Self.argument(of: call))])
    }

    /// `!GetAtt A.B.C` names the resource A and its attribute B.C.
    private static func argument(of call: IntrinsicCall) -> JSONValue {
        guard call.name == "Fn::GetAtt", let text = call.argument.string else { return call.argument.longForm }
        return .array(text.split(separator: ".", maxSplits: 1).map { .string(String($0)) })
    }

    private var untagged: JSONValue {
        switch kind {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .number(String(value))
        case .float(let value): value.isFinite ? .number(value.description) : .null
        case .string(let text): .string(text)
        case .list(let items): .array(items.map(\.longForm))
        case .map(let map):
            .object(map.entries.map { JSONValue.Member(name: $0.key, value: $0.value.longForm) })
        }
    }
}
