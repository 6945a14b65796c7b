#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

// Sub, Join, Split, Select, Base64 and the rest: values computed from texts and lists.
extension TemplateEvaluator {
    /// `text`, or `[text, {name: value}]`.
    mutating func sub(_ argument: TemplateValue) -> TemplateValue {
        if let text = argument.string { return substitute(text, variables: [:], at: argument) }
        guard let items = argument.list, items.count == 2, let text = items[0].string, let map = items[1].map else {
            return fail("Sub takes a string, or [STRING, {NAME: VALUE}]", at: argument.location)
        }
        var variables: [String: TemplateValue] = [:]
        for entry in map.entries { variables[entry.key] = resolve(entry.value) }
        return substitute(text, variables: variables, at: items[0])
    }

    private mutating func substitute(
        _ text: String,
        variables: [String: TemplateValue],
        at place: TemplateValue
    ) -> TemplateValue {
        var result = ""
        var sources: [TemplateValue] = []
        for piece in SubTemplate(text).pieces {
            switch piece {
            case .literal(let literal):
                result += literal
                guard produce(literal.utf8.count) else { return exhausted(at: place.location) }
            case .variable(let name):
                let value = variables[name] ?? self.variable(name, at: place.location)
                sources.append(value)
                if value.origin == .failed { continue }
                guard let text = value.scalarText else {
                    return fail("${\(name)} in Sub is \(value.kindName), not a string", at: place.location)
                }
                result += text
                guard produce(text.utf8.count) else { return exhausted(at: place.location) }
            }
        }
        return place.derived(.string(result), from: sources)
    }

    private mutating func variable(_ name: String, at location: SourceLocation) -> TemplateValue {
        guard let dot = name.firstIndex(of: ".") else { return reference(name, at: location) }
        return attribute(String(name[name.index(after: dot)...]), of: String(name[..<dot]), at: location)
    }

    mutating func join(_ argument: TemplateValue) -> TemplateValue {
        guard let parts = argument.list, parts.count == 2, let delimiter = parts[0].name else {
            return fail("Join takes [DELIMITER, [VALUE, …]]", at: argument.location)
        }
        let list = resolve(parts[1])
        if list.origin == .failed { return list }
        guard let items = list.list else {
            return list.isStandIn
                ? list : fail("Join takes a list of values, not \(list.kindName)", at: parts[1].location)
        }
        var texts: [String] = []
        for item in items where item.origin != .failed {
            guard let text = item.scalarText else {
                return fail("Join takes strings, and this is \(item.kindName)", at: item.location)
            }
            texts.append(text)
        }
        let result = texts.joined(separator: delimiter)
        guard produce(result.utf8.count) else { return exhausted(at: argument.location) }
        return argument.derived(.string(result), from: items)
    }

    mutating func split(_ argument: TemplateValue) -> TemplateValue {
        guard let parts = argument.list, parts.count == 2, let delimiter = parts[0].name, !delimiter.isEmpty else {
            return fail("Split takes [DELIMITER, STRING] with a delimiter that is not empty", at: argument.location)
        }
        // The search takes time in proportion to both lengths.
        guard delimiter.utf8.count <= 100 else {
            return fail("Split takes a delimiter of 100 bytes at most", at: parts[0].location)
        }
        let value = resolve(parts[1])
        if value.origin == .failed { return value }
        guard let text = value.scalarText else {
            return fail("Split takes a string, not \(value.kindName)", at: parts[1].location)
        }
        guard produce(text.utf8.count) else { return exhausted(at: argument.location) }
        let items = Self.split(text, by: delimiter).map { argument.derived(.string($0), from: [value]) }
        return argument.derived(.list(items), from: value.isStandIn ? [] : [value])
    }

    static func split(_ text: String, by delimiter: String) -> [String] {
        let bytes = Array(text.utf8)
        let mark = Array(delimiter.utf8)
        var result: [String] = []
        var start = 0
        var offset = 0
        while offset + mark.count <= bytes.count {
            if bytes[offset] == mark[0], bytes[offset..<offset + mark.count].elementsEqual(mark) {
                result.append(String(decoding: bytes[start..<offset], as: UTF8.self))
                offset += mark.count
                start = offset
            } else {
                offset += 1
            }
        }
        return result + [String(decoding: bytes[start...], as: UTF8.self)]
    }

    mutating func select(_ argument: TemplateValue) -> TemplateValue {
        guard let parts = argument.list, parts.count == 2 else {
            return fail("Select takes [INDEX, [VALUE, …]]", at: argument.location)
        }
        let index = resolve(parts[0])
        let list = resolve(parts[1])
        if index.origin == .failed { return index }
        if list.origin == .failed { return list }
        guard let number = index.scalarText.flatMap({ Int($0) }), number >= 0 else {
            return fail("Select takes an index from 0 up, not \(index.excerpt)", at: parts[0].location)
        }
        guard let items = list.list else {
            return list.isStandIn
                ? list : fail("Select takes a list of values, not \(list.kindName)", at: parts[1].location)
        }
        guard number < items.count else {
            // A stand-in has other parts than the real value will have.
            if let item = items.first, item.isStandIn { return item }
            return fail("Select asks for item \(number) of a list of \(items.count)", at: parts[0].location)
        }
        return items[number]
    }

    mutating func base64(_ argument: TemplateValue) -> TemplateValue {
        let value = resolve(argument)
        if value.origin == .failed { return value }
        guard let text = value.scalarText else {
            return fail("Base64 takes a string, not \(value.kindName)", at: argument.location)
        }
        guard produce(2 * text.utf8.count) else { return exhausted(at: argument.location) }
        return argument.derived(.string(Data(text.utf8).base64EncodedString()), from: [value])
    }

    /// The zones `a` to `c` of the region; which ones an account has is known only in the cloud.
    mutating func availabilityZones(_ argument: TemplateValue) -> TemplateValue {
        let value = resolve(argument)
        if value.origin == .failed { return value }
        guard let text = value.scalarText else {
            return fail("GetAZs takes a region, not \(value.kindName)", at: argument.location)
        }
        let region = text.isEmpty ? pseudoParameters.region : text
        let zones = ["a", "b", "c"].map { argument.derived(.string(region + $0), from: [value]) }
        return TemplateValue(.list(zones), at: argument.location)
    }

    /// `[block, count, bits]`: as many stand-ins as asked for. No function runs on the numbers of a subnet.
    mutating func cidr(_ argument: TemplateValue) -> TemplateValue {
        guard let parts = argument.list, (2...3).contains(parts.count) else {
            return fail("Cidr takes [BLOCK, COUNT, BITS]", at: argument.location)
        }
        let count = resolve(parts[1])
        if count.origin == .failed { return count }
        guard let number = count.scalarText.flatMap({ Int($0) }), (1...256).contains(number) else {
            return fail("Cidr takes a count from 1 to 256, not \(count.excerpt)", at: parts[1].location)
        }
        let blocks = (0..<number).map { index in
            TemplateValue(
                .string("Cidr.\(index)"),
                at: argument.location,
                origin: .standIn("the result of Cidr is computed only in the cloud")
            )
        }
        return TemplateValue(.list(blocks), at: argument.location)
    }

    mutating func length(_ argument: TemplateValue) -> TemplateValue {
        let value = resolve(argument)
        if value.origin == .failed { return value }
        guard let items = value.list else {
            return fail("Length takes a list, not \(value.kindName)", at: argument.location)
        }
        return argument.derived(.int(items.count), from: items)
    }

    mutating func jsonString(_ argument: TemplateValue) -> TemplateValue {
        let value = resolve(argument)
        if value.origin == .failed { return value }
        let text = value.json
        guard produce(text.utf8.count) else { return exhausted(at: argument.location) }
        return argument.derived(.string(text), from: [value])
    }
}
