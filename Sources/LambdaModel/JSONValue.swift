/// A JSON text as a tree, for small documents whose members are of interest. Payloads are passed on verbatim and need
/// only ``JSONSyntax``.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// The literal as it was written: a reader decides what range and precision it needs.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// In the order of the text, repeated names included.
    case object([Member])

    package struct Member: Sendable, Hashable {
        package var name: String
        package var value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Why a text has no tree.
    package enum Failure: Error, Sendable, Hashable {
        case syntax(JSONSyntax.Failure)
        /// A container at this offset, in bytes, is nested deeper than ``JSONValue/maximumDepth``.
        case tooDeep(offset: Int)

        /// The rest of a sentence that begins with what the text is.
        package var reason: String {
            switch self {
            case .syntax(let failure): "is not valid JSON: expected \(failure.expected) at offset \(failure.offset)"
            case .tooDeep: "is nested deeper than \(JSONValue.maximumDepth) levels"
            }
        }
    }

    /// Containers within each other. The reader is recursive, so that hostile nesting must not exhaust the stack.
    package static let maximumDepth = 32

    /// Reads exactly one JSON value, white space around it allowed. The tree takes a multiple of the text's size, which
    /// the caller bounds.
    package init(json bytes: [UInt8]) throws(Failure) {
        do throws(JSONSyntax.Failure) {
            try JSONSyntax.validate(bytes)
        } catch {
            throw .syntax(error)
        }
        var reader = JSONValueReader(bytes: bytes)
        self = try reader.document()
    }

    /// The value of an object's member; of those with the same name, the last. Names are compared as they are, without
    /// Unicode normalisation.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    package var stringValue: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var arrayValue: [JSONValue]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// A number that is written as a plain integer and within the range of `Int`; neither `1.0` nor `1e3` is.
    package var intValue: Int? {
        guard case .number(let literal) = self else { return nil }
        return Int(literal)
    }
}
