internal import LambdaModel

/// A diagnosis as lines for people, at most 110 columns wide where the words allow it.
struct CrashText {
    var diagnosis: CrashDiagnosis

    private static let width = 110
    /// `needs AVX-512F` and the like stand in one column.
    private static let needWidth = 13

    var lines: [String] {
        var lines = ["error: " + headline] + place
        lines += diagnosis.reasons.flatMap { Self.wrapped($0, indent: "  ") }
        lines += fixes
        return lines.map(Printable.text)
    }

    private var headline: String {
        let facts = diagnosis.facts
        var subject = "the function"
        if !facts.isMainProcess {
            let name = facts.executable?.split(separator: "/").last.map {
                " (\($0.prefix(40)), process \(facts.processID))"
            }
            subject = "a child process of the function" + (name ?? " (process \(facts.processID))")
        }
        let during = diagnosis.phase.map { " during \($0.rawValue)" } ?? ""
        return "\(subject) died of \(CrashSignal(number: facts.signal).phrase)\(during)"
    }

    // MARK: The place

    /// `vpbroadcastd ymm0, xmm0   needs AVX2      main::checksum+0x2c   src/main.rs:10`, and who called it.
    private var place: [String] {
        let instruction = instruction
        let wheres = places.map { $0.map { ($0.place, $0.source) } }
        guard let location = wheres[0] else {
            return [
                instruction.isEmpty ? nil : "  " + instruction,
                wheres[1].map { "  called from " + Self.joined([$0.0, $0.1]) },
            ]
            .compactMap(\.self).map(Self.trimmed).map(Self.cut)
        }
        let oneLine = "  " + Self.joined([instruction, location.0, location.1])
        var lines =
            oneLine.count <= Self.width
            ? [oneLine]
            : (instruction.isEmpty ? [] : ["  " + Self.trimmed(instruction)]) + [Self.fitted("  in ", location)]
        if let caller = wheres[1] { lines.append(Self.fitted("  called from ", caller)) }
        return lines.map(Self.trimmed).map(Self.cut)
    }

    /// With what it needs, in columns; empty where the instruction had no part in the death.
    private var instruction: String {
        guard !isSent, let text = diagnosis.instruction?.text else { return "" }
        return need.isEmpty ? text : Self.joined([text, Self.padded(need, Self.needWidth)])
    }

    /// Where it died and who called that; of a signal that the program sent itself only the user's own part.
    private var places: [CrashLocation?] {
        isSent && diagnosis.caller != nil ? [diagnosis.caller, nil] : [diagnosis.location, diagnosis.caller]
    }

    /// abort() and kill() end a process from within the C library.
    private var isSent: Bool { diagnosis.cause == .abort || diagnosis.cause == .sent }

    private var need: String {
        guard case .featureMissing(let feature) = diagnosis.cause else { return "" }
        return "needs \(feature.name)"
    }

    /// The place with its middle left out where it is too long for one line: names of generic functions are.
    private static func fitted(_ label: String, _ place: (String, String)) -> String {
        let whole = label + joined([place.0, place.1])
        let excess = whole.count - width
        guard excess > 0, place.0.count > excess + 20 else { return whole }
        let keep = place.0.count - excess - 1
        let name = place.0.prefix(keep / 2) + "…" + place.0.suffix(keep - keep / 2)
        return label + joined([String(name), place.1])
    }

    // MARK: The fixes

    private var fixes: [String] {
        let lines = CPUFix.lines(diagnosis.fixes)
        guard lines.count != 1 else { return ["fix: " + lines[0]] }
        return lines.isEmpty ? [] : ["fix one of:"] + lines.map { "  " + $0 }
    }

    // MARK: Columns

    private static func joined(_ cells: [String]) -> String {
        cells.filter { !$0.isEmpty }.joined(separator: "   ")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }

    /// The last resort against a name that has no end.
    private static func cut(_ text: String) -> String {
        text.count > 400 ? text.prefix(399) + "…" : text
    }

    /// Breaks at blanks; a word longer than the line stays whole.
    private static func wrapped(_ text: String, indent: String) -> [String] {
        var lines: [String] = []
        var line = indent
        for word in text.split(separator: " ") {
            let isFirst = line.allSatisfy { $0 == " " }
            if !isFirst, line.count + 1 + word.count > width {
                lines.append(line)
                line = indent + "  " + word
            } else {
                line += (isFirst ? "" : " ") + word
            }
        }
        return lines + [line]
    }
}
