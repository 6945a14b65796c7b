/// Whether assembly sources bring the program's entry point themselves.
enum AssemblyEntry {
    /// Looks for `global _start` (nasm) or `.globl _start` (gas), comments aside.
    static func isDefined(in texts: [String]) -> Bool {
        texts.contains { text in
            text.split(whereSeparator: \.isNewline).contains { line in
                let words = line.split { $0 == " " || $0 == "\t" || $0 == "," }
                guard let first = words.first?.lowercased(), directives.contains(first) else { return false }
                return words.dropFirst().prefix { !$0.hasPrefix(";") && !$0.hasPrefix("#") }
                    .contains { $0 == "_start" || $0.hasPrefix("_start:") }
            }
        }
    }

    private static let directives: Set<String> = ["global", ".globl", ".global", "[global"]
}
