package import LambdaModel

/// The argument of `--parameter-overrides`, in both forms that SAM CLI takes: `ParameterKey=K,ParameterValue=V
/// ParameterKey=…` and `K=V K=…`. A value with blanks stands in single or double quotes; a backslash before a blank or
/// a quote makes it a part of the value.
package struct ParameterOverrides: Sendable, Hashable {
    /// Values by parameter.
    package private(set) var values: [String: String] = [:]

    package init() {}

    /// - Parameter arguments: what the shell handed over, one or more pairs in each. The last value of a name counts.
    package init(_ arguments: [String]) throws(ApusError) {
        for argument in arguments { try add(argument) }
    }

    /// From samconfig: a string, a list of strings, or a table.
    package init(_ value: ConfigValue) throws(ApusError) {
        switch value {
        case .table(let table):
            for (name, value) in table {
                guard let text = value.text else { throw Self.failure("\(name) is not a string or number") }
                values[name] = text
            }
        case .list(let items):
            for item in items {
                if case .table = item {
                    values.merge(try ParameterOverrides(item).values) { _, new in new }
                } else {
                    for text in item.texts { try add(text) }
                }
            }
        default:
            for text in value.texts { try add(text) }
        }
    }

    private mutating func add(_ argument: String) throws(ApusError) {
        var rest = argument[...]
        while true {
            rest = rest.drop { $0.isWhitespace }
            if rest.isEmpty { return }
            if rest.hasPrefix("file://") {
                throw Self.failure("Apus does not read parameters from \(rest.prefix(80))")
            }
            let isLong = rest.hasPrefix("ParameterKey=")
            if isLong { rest = rest.dropFirst("ParameterKey=".count) }
            let name = try name(&rest, isLong: isLong)
            values[name] = try value(&rest)
        }
    }

    private func name(_ rest: inout Substring, isLong: Bool) throws(ApusError) -> String {
        let name = rest.prefix { $0 != "=" && $0 != "," && !$0.isWhitespace }
        let separator = isLong ? ",ParameterValue=" : "="
        let after = rest.dropFirst(name.count)
        let plain = name.filter { $0 != "\"" && $0 != "'" }
        guard !plain.isEmpty, plain.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw Self.failure("'\(rest.prefix(80))' does not begin with a parameter's name")
        }
        guard after.hasPrefix(separator) else {
            throw Self.failure("after '\(name.prefix(80))' comes no '\(separator)'")
        }
        rest = after.dropFirst(separator.count)
        return plain
    }

    /// A quoted value, or everything up to the next blank that no backslash precedes.
    private func value(_ rest: inout Substring) throws(ApusError) -> String {
        if let quote = rest.first, quote == "\"" || quote == "'" {
            let body = rest.dropFirst()
            guard let end = Self.end(of: body, at: { $0 == quote }), end != body.endIndex else {
                throw Self.failure("the quote in \(rest.prefix(80)) is not closed")
            }
            let after = body.index(after: end)
            guard after == rest.endIndex || rest[after].isWhitespace else {
                throw Self.failure("a blank must follow the quote in \(rest.prefix(80))")
            }
            rest = rest[after...]
            return Self.unescaped(body[..<end])
        }
        let end = Self.end(of: rest, at: \.isWhitespace) ?? rest.endIndex
        defer { rest = rest[end...] }
        return Self.unescaped(rest[..<end])
    }

    private static func end(of text: Substring, at isEnd: (Character) -> Bool) -> Substring.Index? {
        var index = text.startIndex
        while index < text.endIndex {
            if isEnd(text[index]) { return index }
            let isEscape = text[index] == "\\"
            index = text.index(after: index)
            if isEscape, index < text.endIndex { index = text.index(after: index) }
        }
        return nil
    }

    /// A backslash escapes blanks and quotes only; `C:\dir` stays as it is.
    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                if !" \"'".contains(character) { result.append("\\") }
                result.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return isEscaped ? result + "\\" : result
    }

    private static func failure(_ reason: String) -> ApusError {
        ApusError(
            "parameters.syntax",
            "the parameter overrides cannot be read: \(reason)",
            hint: "Write --parameter-overrides NAME=VALUE OTHER='a value', "
                + "or ParameterKey=NAME,ParameterValue=VALUE."
        )
    }
}
