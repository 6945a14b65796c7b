import ArgumentParser
import CommandProcess

/// The program: what can be done beside the reading of the arguments is begun first.
@main
enum Main {
    static func main() async {
        if needsEnvironment(CommandLine.arguments) { EventLoops.shared.rehearse() }
        await Apus.main()
    }

    /// Whether the command will run a function; a guess for speed, nothing depends on it.
    private static func needsEnvironment(_ arguments: [String]) -> Bool {
        let words = arguments.dropFirst().prefix(2)
        let isHelp = arguments.contains { $0 == "-h" || $0 == "--help" }
        return !isHelp && (words.first == "invoke" || words.first == "rie" || Array(words) == ["local", "invoke"])
    }
}
