internal import Yams

/// Reads YAML or JSON text (JSON being YAML) into a ``TemplateValue``, within limits that a hostile text cannot pass.
///
/// Aliases are expanded while the tree is copied out of Yams, and the copy is counted: a "billion laughs" text ends in
/// an error after ``maximumValues`` values. Yams itself shares the nodes, so composing such a text is cheap.
struct YAMLDocument {
    /// Nesting deeper than this is refused; real templates stay far below.
    static let maximumDepth = 100
    /// Values in all, those that aliases repeat included.
    static let maximumValues = 250_000
    /// Scalar bytes in all, those that aliases repeat included.
    static let maximumBytes = 8 * 1_048_576

    private let file: String
    private var values = 0
    private var bytes = 0

    /// The single document of `text`; `nil` when there is none (an empty file, or only comments).
    static func parse(_ text: String, file: String) throws(TemplateError) -> TemplateValue? {
        let text = JSONSurrogates.joined(in: text)
        try YAMLKeyGuard.check(text, compose: { text throws(TemplateError) in try compose(text, file) }, file: file)
        guard let root = try compose(text, file) else { return nil }
        var document = YAMLDocument(file: file)
        return try document.value(root, depth: 0, fallback: SourceLocation(file: file, line: 1, column: 1))
    }

    private init(file: String) {
        self.file = file
    }

    private static func compose(_ text: String, _ file: String) throws(TemplateError) -> Node? {
        do {
            // The basic resolver has no rules: types are decided by `PlainScalar`, without regular expressions.
            return try Yams.compose(yaml: text, .basic, .default, .utf8)
        } catch let error as YamlError {
            throw YAMLErrorText.templateError(error, text: text, file: file)
        } catch {
            throw TemplateError(at: SourceLocation(file: file, line: 1, column: 1), "it cannot be read: \(error)")
        }
    }

    private mutating func value(
        _ node: Node,
        depth: Int,
        fallback: SourceLocation
    ) throws(TemplateError) -> TemplateValue {
        let location = node.mark.map { SourceLocation(file: file, line: $0.line, column: $0.column) } ?? fallback
        guard depth < Self.maximumDepth else {
            throw TemplateError(at: location, "nested more than \(Self.maximumDepth) levels deep")
        }
        values += 1
        guard values <= Self.maximumValues else { throw tooMuch(location) }
        switch node {
        case .scalar(let scalar): return try self.scalar(scalar, at: location)
        case .sequence(let sequence):
            var items: [TemplateValue] = []
            for item in sequence {
                items.append(try value(item, depth: depth + 1, fallback: location))
            }
            var result = TemplateValue(.list(items), at: location)
            result.tag = Self.customTag(sequence.tag.rawValue)
            return result
        case .mapping(let mapping):
            var result = TemplateValue(.map(try map(mapping, depth: depth, at: location)), at: location)
            result.tag = Self.customTag(mapping.tag.rawValue)
            return result
        case .alias:
            // Yams hands out aliases only where asked to.
            throw TemplateError(at: location, "an alias cannot stand here")
        }
    }

    private mutating func scalar(
        _ scalar: Node.Scalar,
        at location: SourceLocation
    ) throws(TemplateError) -> TemplateValue {
        bytes += scalar.string.utf8.count
        guard bytes <= Self.maximumBytes else { throw tooMuch(location) }
        let tag = scalar.tag.rawValue
        var style: TemplateValue.Spelling.Style =
            switch scalar.style {
            case .any, .plain: .plain
            case .singleQuoted, .doubleQuoted: .quoted
            case .literal, .folded: .block
            }
        var kind = TemplateValue.Kind.string(scalar.string)
        if style == .plain, tag.isEmpty || Self.typedTags.contains(tag) {
            kind = PlainScalar.kind(of: scalar.string)
        } else if style == .plain, Self.customTag(tag) == nil {
            // `!!str 1` is text, and must be so when it is written back without the tag.
            style = .quoted
        }
        var result = TemplateValue(kind, at: location)
        result.tag = Self.customTag(tag)
        result.spelling = TemplateValue.Spelling(text: scalar.string, style: style)
        return result
    }

    /// `!!int 1` and its like, which change nothing in what is written plainly.
    private static let typedTags = ["int", "float", "bool", "null"].map { "tag:yaml.org,2002:" + $0 }

    /// `!Sub` and the like; the tags of YAML's own types do not matter here.
    private static func customTag(_ tag: String) -> String? {
        tag.hasPrefix("!") && tag.utf8.count > 1 ? tag : nil
    }

    // MARK: Mappings

    private mutating func map(
        _ mapping: Node.Mapping,
        depth: Int,
        at location: SourceLocation
    ) throws(TemplateError) -> TemplateMap {
        var entries: [TemplateMap.Entry] = []
        var merged: [TemplateMap.Entry] = []
        for (key, node) in mapping {
            guard case .scalar(let name) = key else {
                let place = key.mark.map { SourceLocation(file: file, line: $0.line, column: $0.column) } ?? location
                throw TemplateError(at: place, "a key must be a string", hint: "Write it as KEY: VALUE.")
            }
            let keyLocation = name.mark.map { SourceLocation(file: file, line: $0.line, column: $0.column) } ?? location
            let value = try value(node, depth: depth + 1, fallback: keyLocation)
            if name.string == "<<", name.style == .plain {
                merged = try mergeSource(value)
            } else {
                entries.append(TemplateMap.Entry(key: name.string, keyLocation: keyLocation, value: value))
            }
        }
        guard !merged.isEmpty else { return TemplateMap(entries) }
        // Own keys win over merged ones, and the earlier of several merged mappings over the later.
        var seen = Set(entries.map(\.key))
        return TemplateMap(entries + merged.filter { seen.insert($0.key).inserted })
    }

    private func mergeSource(_ value: TemplateValue) throws(TemplateError) -> [TemplateMap.Entry] {
        if let map = value.map { return map.entries }
        guard let list = value.list, list.allSatisfy({ $0.map != nil }) else {
            throw TemplateError(
                at: value.location,
                "the merge key << takes a mapping or a list of mappings, not \(value.kindName)",
                hint: "Write <<: *NAME, where &NAME stands before a mapping."
            )
        }
        return list.flatMap { $0.map?.entries ?? [] }
    }

    private func tooMuch(_ location: SourceLocation) -> TemplateError {
        TemplateError(
            at: location,
            "the text grows beyond \(Self.maximumValues) values or \(Self.maximumBytes / 1_048_576) MB "
                + "when its aliases are expanded",
            hint: "Use fewer YAML aliases."
        )
    }
}
