extension JSONValue {
    /// The value as JSON on one line. Numbers are written as they were read.
    package var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let literal): literal
        case .string(let text): JSONText.quoted(text)
        case .array(let items): JSONText.array(items.map(\.text))
        case .object(let members): JSONText.object(members.map { ($0.name, $0.value.text) })
        }
    }

    /// An object; members without a value are left out.
    package static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
    }

    package static func integer(_ value: Int) -> JSONValue { .number(String(value)) }

    package var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    package var objectValue: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The object with a member set, or without it where the value is `nil`. Of anything but an object: an object of that
    /// member alone.
    package func setting(_ name: String, _ value: JSONValue?) -> JSONValue {
        var members = objectValue ?? []
        let index = members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
        if let index, let value {
            members[index].value = value
        } else if let index {
            members.remove(at: index)
        } else if let value {
            members.append(Member(name: name, value: value))
        }
        return .object(members)
    }
}
