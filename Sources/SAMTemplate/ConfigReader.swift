internal import TOMLKit

/// Reads the forms that samconfig has, TOML and YAML (JSON included), into ``ConfigValue``.
enum ConfigReader {
    static func toml(_ text: String, file: String) throws(TemplateError) -> [String: ConfigValue] {
        do {
            return table(try TOMLTable(string: text))
        } catch let error as TOMLParseError {
            let place = SourceLocation(file: file, line: error.source.begin.line, column: error.source.begin.column)
            throw TemplateError(at: place, "this is not TOML: \(error.description)")
        } catch {
            throw TemplateError(at: SourceLocation(file: file, line: 1, column: 1), "this is not TOML: \(error)")
        }
    }

    static func yaml(_ text: String, file: String) throws(TemplateError) -> [String: ConfigValue] {
        guard let document = try YAMLDocument.parse(text, file: file), !document.isNull else { return [:] }
        guard document.map != nil, case .table(let table) = value(document) else {
            throw TemplateError(at: document.location, "a configuration is a mapping, not \(document.kindName)")
        }
        return table
    }

    private static func value(_ value: TemplateValue) -> ConfigValue? {
        switch value.kind {
        case .null: nil
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .float(let number): .double(number)
        case .string(let text): .string(text)
        case .list(let items): .list(items.compactMap(Self.value))
        case .map(let map):
            .table(
                Dictionary(
                    map.entries.compactMap { entry in Self.value(entry.value).map { (entry.key, $0) } },
                    uniquingKeysWith: { first, _ in first }
                )
            )
        }
    }

    private static func table(_ table: TOMLTable) -> [String: ConfigValue] {
        var result: [String: ConfigValue] = [:]
        for key in table.keys {
            guard let member = table[key] else { continue }
            result[key] = value(member)
        }
        return result
    }

    /// Dates and times have no use in samconfig; they are kept as text.
    private static func value(_ value: any TOMLValueConvertible) -> ConfigValue {
        switch value.type {
        case .table: .table(value.table.map(table) ?? [:])
        case .array: .list(value.array?.map { Self.value($0) } ?? [])
        case .string: .string(value.string ?? "")
        case .int: .int(value.int ?? 0)
        case .double: .double(value.double ?? 0)
        case .bool: .bool(value.bool ?? false)
        case .date, .time, .dateTime: .string(value.debugDescription)
        }
    }
}
