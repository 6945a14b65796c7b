internal import LambdaModel

// Typed access to properties. Each reports what is wrong and gives back a value to go on with.
extension TemplateReader {
    /// The resolved value; `nil` when it is absent, `AWS::NoValue`, or wrong (which is then reported).
    mutating func value(_ name: String, of properties: TemplateMap, _ id: String) -> TemplateValue? {
        guard let written = properties[name] else { return nil }
        evaluator.subject = .property(name, of: id)
        let value = evaluator.resolve(written)
        switch value.origin {
        case .noValue, .failed: return nil
        default: break
        }
        if value.isNull {
            evaluator.error("\(name) has no value", at: value.location, hint: "Give it one, or remove the line.")
            return nil
        }
        return value
    }

    /// A string, number or boolean as text.
    mutating func text(_ name: String, of properties: TemplateMap, _ id: String) -> TemplateValue? {
        guard let value = value(name, of: properties, id) else { return nil }
        guard value.scalarText != nil else {
            evaluator.error("\(name) is a string, not \(value.kindName)", at: value.location)
            return nil
        }
        return value
    }

    mutating func map(_ name: String, of properties: TemplateMap, _ id: String, example: String) -> TemplateMap? {
        guard let value = value(name, of: properties, id) else { return nil }
        if let map = value.map { return map }
        if value.isStandIn {
            unknownHere(name, value)
        } else {
            evaluator.error("\(name) is a mapping, not \(value.kindName)", at: value.location, hint: example)
        }
        return nil
    }

    /// A whole number in `range`, or `fallback`.
    mutating func integer(
        _ name: String,
        of properties: TemplateMap,
        _ id: String,
        in range: ClosedRange<Int>,
        unit: String,
        fallback: Int
    ) -> Int {
        guard let value = value(name, of: properties, id) else { return fallback }
        return integer(value, name, in: range, unit: unit) ?? fallback
    }

    /// The same for a value that is already at hand. CloudFormation takes `"30"` for 30.
    mutating func integer(_ value: TemplateValue, _ name: String, in range: ClosedRange<Int>, unit: String) -> Int? {
        if value.isStandIn {
            unknownHere(name, value)
            return nil
        }
        let wanted = "a whole number of \(unit) from \(range.lowerBound) to \(range.upperBound)"
        guard let number = Self.wholeNumber(value) else {
            evaluator.error("\(name) must be \(wanted), not \(value.excerpt)", at: value.location)
            return nil
        }
        guard range.contains(number) else {
            evaluator.error("\(name) must be \(wanted); \(value.excerpt) is outside", at: value.location)
            return nil
        }
        return number
    }

    private static func wholeNumber(_ value: TemplateValue) -> Int? {
        switch value.kind {
        case .int(let number): number
        case .float(let number): Int(exactly: number)
        case .string(let text): Int(text)
        default: nil
        }
    }

    /// One of a few words.
    mutating func choice<Word: RawRepresentable<String> & CaseIterable>(
        _ value: TemplateValue,
        _ name: String,
        of type: Word.Type
    ) -> Word? {
        if value.isStandIn {
            unknownHere(name, value)
            return nil
        }
        let text = value.scalarText ?? ""
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        evaluator.error(
            "\(name) must be \(words.joined(separator: " or ")), not \(value.excerpt)",
            at: value.location,
            hint: NearestName.of(text, among: words).map { "Did you mean \($0)?" }
        )
        return nil
    }

    /// A setting whose value only the cloud knows: Lambda's default holds here.
    mutating func unknownHere(_ name: String, _ value: TemplateValue) {
        guard case .standIn(let reason) = value.origin else { return }
        evaluator.warn(
            "\(reason), so Apus uses the default of \(name)",
            at: value.location,
            hint: "Use a parameter with a default value if the function should run with another one."
        )
    }

    /// Warns of properties that a resource of this type does not have.
    mutating func checkNames(of properties: TemplateMap?, _ id: String, known: Set<String>, what: String) {
        let unknown = properties?.entries.filter { !known.contains($0.key) && !$0.key.hasPrefix("Fn::") } ?? []
        let candidates = known.sorted()
        for (count, entry) in unknown.enumerated() {
            evaluator.subject = .property(entry.key, of: id)
            evaluator.warn(
                "\(entry.key) is not a property of \(what)",
                at: entry.keyLocation,
                // With more mistakes than this nobody reads the suggestions.
                hint: count < 20 ? NearestName.of(entry.key, among: candidates).map { "Did you mean \($0)?" } : nil
            )
        }
    }
}
