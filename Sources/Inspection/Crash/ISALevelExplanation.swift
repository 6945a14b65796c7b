package import LambdaModel

/// Why glibc refused a program or a library on this CPU: it carries a note of the x86-64 level that it needs.
package enum ISALevelExplanation {
    /// The cause and the fix; empty when the output holds no such sentence.
    package static func lines(outputTail: String, cpu: CPUProfile) -> [String] {
        let target = BuildTarget.common(to: cpu, architecture: .x86_64).compilerName
        for line in OutputLines.last(50, of: outputTail).reversed() {
            if let level = libraryLevel(line) {
                return [
                    "the C library here was built for \(level), and this CPU (\(cpu.name)) has less",
                    "fix: run it on a CPU with \(level), or with the C library of another distribution",
                ].map(Printable.text)
            }
            guard line.contains("CPU ISA level is lower than required") else { continue }
            return [
                "\(subject(line)) was linked for a newer x86-64 level than this CPU (\(cpu.name)) has",
                "fix: build with -march=\(target), and without -z x86-64-v3 or the like for the linker",
            ].map(Printable.text)
        }
        return []
    }

    /// `./b: CPU ISA level is lower than required`, with `error while loading shared libraries: ` for a library.
    private static func subject(_ line: String) -> String {
        let parts = line.split(separator: ":").map { $0.drop { $0 == " " } }
        guard parts.count >= 2 else { return "the program" }
        return String(parts[parts.count - 2].prefix(200))
    }

    /// `Fatal glibc error: CPU does not support x86-64-v2`.
    private static func libraryLevel(_ line: String) -> String? {
        let label = "Fatal glibc error: CPU does not support "
        guard line.hasPrefix(label) else { return nil }
        let level = line.dropFirst(label.count).prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        return level.isEmpty ? nil : String(level)
    }
}
