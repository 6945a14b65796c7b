import CommandProcess
import ProjectTemplates

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Asks the person at the terminal for a language.
enum LanguageQuestion {
    static var canBeAsked: Bool { isatty(STDIN_FILENO) == 1 && Console.isTerminal }

    private static let attempts = 3

    /// `nil`: no answer that can be used, or the end of the input.
    static func ask() -> ProjectLanguage? {
        for (index, name) in ProjectLanguage.names.enumerated() { Console.note("  \(index + 1)  \(name)") }
        for _ in 0..<attempts {
            Console.status("Language: ")
            guard let line = readLine() else {
                Console.note("")
                return nil
            }
            if let language = language(line) { return language }
        }
        return nil
    }

    /// A number of the list, or a name.
    static func language(_ answer: String) -> ProjectLanguage? {
        let word = answer.filter { !$0.isWhitespace }
        if let number = Int(word), ProjectLanguage.allCases.indices.contains(number - 1) {
            return ProjectLanguage.allCases[number - 1]
        }
        return ProjectLanguage(named: word)
    }
}
