import LambdaModel

/// A JSON text with places for values.
///
/// In strings, `${option}` is the option's value, `${option|base64}` that value in base64; `url` and `md5` are the other
/// encodings. An object `{"$json": …}` becomes a string that holds the value as JSON, which is how some services nest
/// documents: whatever an option's value is, both texts stay valid.
struct SampleTemplate: Sendable {
    let json: String

    private static let nested = "$json"

    func document(_ values: [String: String]) throws(ApusError) -> JSONValue {
        do throws(JSONValue.Failure) {
            return fill(try JSONValue(json: Array(json.utf8)), values)
        } catch {
            // A test reads every template, so that nobody will see this.
            throw ApusError("sample.invalid", "the sample event \(error.reason)")
        }
    }

    private func fill(_ value: JSONValue, _ values: [String: String]) -> JSONValue {
        switch value {
        case .string(let text): return .string(Self.fill(text, values))
        case .array(let items): return .array(items.map { fill($0, values) })
        case .object(let members):
            if members.count == 1, members[0].name == Self.nested {
                return .string(fill(members[0].value, values).text)
            }
            return .object(members.map { JSONValue.Member(name: $0.name, value: fill($0.value, values)) })
        default: return value
        }
    }

    private static func fill(_ text: String, _ values: [String: String]) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            let body = rest[start.upperBound...]
            guard let end = body.firstIndex(of: "}") else { break }
            let parts = body[..<end].split(separator: "|", maxSplits: 1)
            guard let name = parts.first, let value = values[String(name)] else { break }
            result += rest[..<start.lowerBound]
            result += parts.count == 2 ? SampleEncoding(rawValue: String(parts[1]))?.encode(value) ?? value : value
            rest = body[body.index(after: end)...]
        }
        return result + rest
    }
}
