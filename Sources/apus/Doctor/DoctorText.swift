import CommandProcess
import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The report for people: a line for each thing, below what is missing the way to get it.
struct DoctorText {
    /// Colour is for terminals, and not for all of them (https://no-color.org).
    let usesColour: Bool

    static var forStandardOutput: DoctorText {
        DoctorText(usesColour: isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil)
    }

    private static let width = 110

    func render(_ report: DoctorReport) -> String {
        var text = head(report)
        for group in report.groups {
            text += "\n\(group.title)\n"
            for check in group.checks { text += line(check) }
        }
        return text + "\n" + conclusion(report)
    }

    private func head(_ report: DoctorReport) -> String {
        let machine = report.machine
        let cpu = machine.cpuModel.map { " (\($0))" } ?? ""
        let parts = [machine.system, machine.kernel, machine.libc].compactMap { $0 }
        let count = machine.processors
        return """
            apus \(ApusVersion.current) on \(machine.architecture.rawValue)\(cpu), \(count) processor\(count == 1 ? "" : "s")
            \(parts.joined(separator: ", "))

            """
    }

    private func line(_ check: DoctorCheck) -> String {
        let state = Self.padded(check.state.rawValue, 8)
        var text = "  " + coloured(state, check.state) + Self.padded(check.name, 22)
        let facts = [check.version, check.path, check.detail.isEmpty ? nil : check.detail].compactMap { $0 }
        if check.state == .missing, facts.isEmpty, let purpose = check.purpose {
            text += purpose
        } else {
            text += Self.wrapped(facts.joined(separator: "  "), indent: 32)
        }
        while text.last == " " { text.removeLast() }
        text += "\n"
        if check.state != .ok, let remedy = check.remedy {
            text += String(repeating: " ", count: 32) + "-> " + remedy + "\n"
        }
        return text
    }

    private func conclusion(_ report: DoctorReport) -> String {
        guard report.isReady else {
            let names = report.groups.flatMap(\.checks).filter { $0.isRequired && $0.state == .missing }.map(\.name)
            return "Apus cannot run functions here: \(names.joined(separator: ", ")) is missing.\n"
        }
        let missing = report.groups.flatMap(\.checks).count { $0.state == .missing }
        guard missing > 0 else { return "Apus can run functions here, and nothing is missing.\n" }
        return "Apus can run functions here. What is missing above is needed only for what it names.\n"
    }

    private func coloured(_ text: String, _ state: DoctorCheck.State) -> String {
        guard usesColour else { return text }
        let colour: Console.Colour =
            switch state {
            case .ok, .found: .green
            case .warning: .yellow
            case .missing: .red
            }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }

    /// At least one blank behind it.
    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// Breaks at blanks; the lines after the first begin with `indent` blanks.
    private static func wrapped(_ text: String, indent: Int) -> String {
        var result = ""
        var column = indent
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !result.isEmpty {
                if column + word.count + 1 > width {
                    result += "\n" + String(repeating: " ", count: indent)
                    column = indent
                } else {
                    result += " "
                    column += 1
                }
            }
            result += word
            column += word.count
        }
        return result
    }
}
