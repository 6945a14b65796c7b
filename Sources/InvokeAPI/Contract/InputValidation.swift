import LambdaModel

/// Checks a request against the members that an operation takes.
///
/// The words are the service's own, for example: 1 validation error detected: Value '64' at 'memorySize' failed to satisfy
/// constraint: Member must have value greater than or equal to 128.
struct InputValidation {
    private var problems: [String] = []

    /// The members that the operation knows, without those that are null or missing.
    static func check(_ members: [InputMember], _ values: (InputMember) -> JSONValue?) throws(LambdaAPIError)
        -> JSONValue
    {
        var validation = InputValidation()
        let result = try validation.structure(members, path: "", values)
        guard validation.problems.isEmpty else { throw .validation(validation.problems) }
        return result
    }

    private mutating func structure(
        _ members: [InputMember],
        path: String,
        _ values: (InputMember) -> JSONValue?
    ) throws(LambdaAPIError) -> JSONValue {
        var result: [JSONValue.Member] = []
        for member in members {
            let place = path + Self.lowered(member.name)
            guard let value = values(member), value != .null else {
                if member.isRequired { complain("null", at: place, "Member must not be null") }
                continue
            }
            result.append(.init(name: member.name, value: try check(value, as: member.kind, at: place)))
        }
        return .object(result)
    }

    private mutating func check(
        _ value: JSONValue,
        as kind: MemberKind,
        at path: String
    ) throws(LambdaAPIError) -> JSONValue {
        switch (kind, value) {
        case (.string(let length, let pattern), .string(let text)):
            check(text, length, pattern, at: path)
        case (.choice(let choices), .string(let text)):
            if !choices.contains(text) {
                complain(
                    "'\(text)'",
                    at: path,
                    "Member must satisfy enum value set: [\(choices.joined(separator: ", "))]"
                )
            }
        case (.integer(let range), .number(let literal)):
            guard let number = Int(literal) else { throw .serialization(value, to: "an Integer") }
            if number < range.lowerBound { bound(literal, at: path, "greater", range.lowerBound) }
            if number > range.upperBound { bound(literal, at: path, "less", range.upperBound) }
        case (.number(let range), .number(let literal)):
            guard let number = Double(literal), number.isFinite else { throw .serialization(value, to: "a Double") }
            if number < range.lowerBound { bound(literal, at: path, "greater", range.lowerBound) }
            if number > range.upperBound { bound(literal, at: path, "less", range.upperBound) }
        case (.boolean, .bool), (.blob, .string):
            break
        case (.list(let item, let count), .array(let items)):
            if items.count < count.lowerBound { length(value, at: path, "greater", count.lowerBound) }
            if items.count > count.upperBound { length(value, at: path, "less", count.upperBound) }
            var result: [JSONValue] = []
            for (index, value) in items.enumerated() {
                result.append(try check(value, as: item, at: "\(path).\(index + 1).member"))
            }
            return .array(result)
        case (.map(let kind), .object(let members)):
            var result: [JSONValue.Member] = []
            for member in members {
                let value = try check(member.value, as: kind, at: "\(path).\(member.name).member")
                result.append(.init(name: member.name, value: value))
            }
            return .object(result)
        case (.structure(let members), .object):
            return try structure(members, path: path + ".") { value[$0.name] }
        case (.refused(let reason), _):
            throw .invalidParameter("Apus \(reason), which \(path) asks for")
        default:
            throw .serialization(value, to: Self.name(of: kind))
        }
        return value
    }

    private mutating func check(
        _ text: String,
        _ length: ClosedRange<Int>,
        _ pattern: ConstraintPattern?,
        at path: String
    ) {
        let count = text.unicodeScalars.count
        if count < length.lowerBound { self.length(.string(text), at: path, "greater", length.lowerBound) }
        guard count <= length.upperBound else { return self.length(.string(text), at: path, "less", length.upperBound) }
        if let pattern, !pattern.matches(text) {
            complain("'\(text)'", at: path, "Member must satisfy regular expression pattern: \(pattern.text)")
        }
    }

    private mutating func bound(_ literal: String, at path: String, _ relation: String, _ limit: some Numeric) {
        complain("'\(literal)'", at: path, "Member must have value \(relation) than or equal to \(limit)")
    }

    private mutating func length(_ value: JSONValue, at path: String, _ relation: String, _ limit: Int) {
        let shown =
            value.stringValue ?? "["
            + (value.arrayValue ?? []).map { $0.stringValue ?? $0.text }.joined(separator: ", ") + "]"
        complain("'\(shown.prefix(1_000))'", at: path, "Member must have length \(relation) than or equal to \(limit)")
    }

    private mutating func complain(_ value: String, at path: String, _ constraint: String) {
        // What a client gets back is bounded.
        guard problems.count < 20 else { return }
        problems.append("Value \(value) at '\(path)' failed to satisfy constraint: \(constraint)")
    }

    /// `FunctionName` is told as `functionName`.
    private static func lowered(_ name: String) -> String {
        name.prefix(1).lowercased() + name.dropFirst()
    }

    private static func name(of kind: MemberKind) -> String {
        switch kind {
        case .string, .choice: "a String"
        case .integer: "an Integer"
        case .number: "a Double"
        case .boolean: "a Boolean"
        case .blob: "a Blob"
        case .list: "a List"
        case .map: "a Map"
        case .structure: "a Structure"
        case .refused: "a value"
        }
    }
}

extension LambdaAPIError {
    fileprivate static func validation(_ problems: [String]) -> LambdaAPIError {
        let count = problems.count == 1 ? "1 validation error" : "\(problems.count) validation errors"
        return LambdaAPIError(400, "ValidationException", "\(count) detected: " + problems.joined(separator: "; "))
    }

    fileprivate static func serialization(_ value: JSONValue, to target: String) -> LambdaAPIError {
        let kind =
            switch value {
            case .null: "NULL_VALUE"
            case .bool: "BOOLEAN_VALUE"
            case .number(let literal): Int(literal) == nil ? "DECIMAL_VALUE" : "NUMBER_VALUE"
            case .string: "STRING_VALUE"
            case .array: "LIST_VALUE"
            case .object: "STRUCTURE_VALUE"
            }
        return LambdaAPIError(400, "SerializationException", "\(kind) can not be converted to \(target)")
    }
}
