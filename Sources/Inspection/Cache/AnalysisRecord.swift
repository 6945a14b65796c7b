internal import LambdaModel

/// An analysis as text: one fact a line, its fields separated by tabs. The last line tells that nothing is missing.
///
/// Features go by name, so that a new case in the enumeration changes nothing. Whatever does not read as it was written
/// makes the whole entry nothing.
enum AnalysisRecord {
    private static let end = "end"

    static func encode(_ analysis: CPUAnalysis) -> String {
        var lines: [[String]] = [
            ["architecture", analysis.architecture.rawValue],
            ["reached", String(analysis.reachedFunctions)],
            ["guarded"] + names(analysis.guardedFeatures),
            ["check", analysis.hasOwnCheck ? "1" : "0"],
        ]
        if let level = analysis.goLevel { lines.append(["go", String(level)]) }
        lines += analysis.blindSpots.map { ["blind", $0] }
        if let int80 = analysis.int80 { lines.append(["int80"] + fields(int80)) }
        for need in analysis.needs {
            lines.append(["need", String(need.functionCount)] + names(need.features))
            lines += need.witnesses.map { ["witness"] + fields($0) }
        }
        return text(lines)
    }

    /// Any facts in this form: at least one field a line.
    static func text(_ lines: [[String]]) -> String {
        (lines + [[end]]).map { $0.map(escaped).joined(separator: "\t") + "\n" }.joined()
    }

    /// The lines before the last one; `nil` when it is not there, or when something does not read as it was written.
    static func lines(_ text: String) -> [[String]]? {
        var result: [[String]] = []
        for line in text.split(separator: "\n") {
            guard result.last?.first != end, let fields = unescaped(line) else { return nil }
            result.append(fields)
        }
        return result.popLast() == [end] ? result : nil
    }

    static func decode(_ text: String) -> CPUAnalysis? {
        guard let lines = lines(text), let first = lines.first, first.count == 2, first[0] == "architecture",
            let architecture = Architecture(rawValue: first[1])
        else { return nil }
        var analysis = CPUAnalysis(architecture: architecture)
        for line in lines.dropFirst() where !add(line[0], Array(line.dropFirst()), to: &analysis) { return nil }
        return analysis
    }

    private static func add(_ key: String, _ fields: [String], to analysis: inout CPUAnalysis) -> Bool {
        switch key {
        case "reached":
            guard let count = number(fields.first) else { return false }
            analysis.reachedFunctions = count
        case "guarded":
            guard let features = features(fields[...]) else { return false }
            analysis.guardedFeatures = features
        case "check":
            analysis.hasOwnCheck = fields.first == "1"
        case "go":
            guard let level = number(fields.first) else { return false }
            analysis.goLevel = level
        case "blind":
            guard let text = fields.first else { return false }
            analysis.blindSpots.append(text)
        case "int80":
            guard let witness = witness(fields) else { return false }
            analysis.int80 = witness
        case "need":
            guard let count = number(fields.first), let features = features(fields.dropFirst()) else { return false }
            analysis.needs.append(CPUNeed(features: features, functionCount: count, witnesses: []))
        case "witness":
            guard let witness = witness(fields), !analysis.needs.isEmpty else { return false }
            analysis.needs[analysis.needs.count - 1].witnesses.append(witness)
        default:
            return false
        }
        return true
    }

    // MARK: Fields

    private static func fields(_ witness: CPUWitness) -> [String] {
        [
            witness.feature?.rawValue ?? "", String(witness.address, radix: 16), String(witness.offset, radix: 16),
            witness.instruction,
        ] + witness.path
    }

    private static func witness(_ fields: [String]) -> CPUWitness? {
        guard fields.count >= 4, let address = UInt64(fields[1], radix: 16), let offset = UInt64(fields[2], radix: 16)
        else { return nil }
        let feature = CPUFeature(rawValue: fields[0])
        guard feature != nil || fields[0].isEmpty else { return nil }
        return CPUWitness(
            feature: feature,
            path: Array(fields[4...]),
            address: address,
            offset: offset,
            instruction: fields[3]
        )
    }

    private static func names(_ features: Set<CPUFeature>) -> [String] {
        features.ordered.map(\.rawValue)
    }

    private static func features(_ names: ArraySlice<String>) -> Set<CPUFeature>? {
        let features = names.compactMap(CPUFeature.init(rawValue:))
        return features.count == names.count ? Set(features) : nil
    }

    private static func number(_ text: String?) -> Int? {
        text.flatMap { Int($0) }.flatMap { 0...Int(Int32.max) ~= $0 ? $0 : nil }
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D || $0 == 0x5C }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\t": result += "\\t"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\\": result += "\\\\"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func unescaped(_ line: Substring) -> [String]? {
        var fields: [String] = []
        for field in line.split(separator: "\t", omittingEmptySubsequences: false) {
            guard field.contains("\\") else {
                fields.append(String(field))
                continue
            }
            guard let text = unescaped(field: field) else { return nil }
            fields.append(text)
        }
        return fields
    }

    private static func unescaped(field: Substring) -> String? {
        var result = ""
        var isEscape = false
        for scalar in field.unicodeScalars {
            guard isEscape else {
                if scalar == "\\" { isEscape = true } else { result.unicodeScalars.append(scalar) }
                continue
            }
            switch scalar {
            case "t": result += "\t"
            case "n": result += "\n"
            case "r": result += "\r"
            case "\\": result += "\\"
            default: return nil
            }
            isEscape = false
        }
        return isEscape ? nil : result
    }
}
