import ArgumentParser
import CommandProcess
import LambdaModel
import ProjectTemplates

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a project: a function in a language of yours, its template and a test event.",
        discussion: """
            EXAMPLES
              apus init hello --language rust
              apus init --language go --library

            The languages are \(ProjectLanguage.names.joined(separator: ", ")).
            The project gets a directory of its own. Nothing is fetched and nothing is overwritten.
            """
    )

    @Argument(help: "The project's name, and that of its directory. (default: hello-LANGUAGE)")
    var project: String?

    @Option(
        name: .long,
        help: "\(ProjectLanguage.names.joined(separator: ", ")). On a terminal it is asked for.",
        completion: .list(ProjectLanguage.names)
    )
    var language: String?

    @Flag(
        inversion: .prefixedNo,
        help: """
            Go, Rust and Swift: write the function on the language's Lambda library, which the build downloads, or on the \
            standard library alone.
            """
    )
    var library = false

    @Option(name: [.customShort("n"), .long], help: "The same as the first argument.")
    var name: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where the project's directory goes.", valueName: "dir"),
        completion: .directory
    )
    var outputDir = "."

    @Option(name: .shortAndLong, help: "provided.al2023 or provided.al2.")
    var runtime = FunctionRuntime.providedAL2023.identifier

    @Option(
        name: .shortAndLong,
        help: "x86_64 or arm64. (default: this machine's)",
        completion: .list(["x86_64", "arm64"])
    )
    var architecture: String?

    @Flag(name: .long, help: "Ask nothing, on a terminal either.")
    var noInteractive = false

    @Option(name: .long, help: .hidden) var appTemplate: String?
    @Option(name: [.customShort("p"), .long], help: .hidden) var packageType: String?
    @Option(name: [.customShort("l"), .long], help: .hidden) var location: String?
    @OptionGroup(visibility: .hidden) var unused: UnusedInitOptions

    func validate() throws {
        if location != nil {
            throw ValidationError(
                "--location: apus init has templates of its own and fetches none; use sam init for that."
            )
        }
        if let packageType, packageType.lowercased() != "zip" {
            throw ValidationError("--package-type \(packageType): the templates are for zip archives.")
        }
        if let name, let project, name != project {
            throw ValidationError("two names are given: \(project) and \(name).")
        }
        if let architecture, Architecture(rawValue: architecture) == nil {
            throw ValidationError("--architecture \(architecture): there are x86_64 and arm64.")
        }
        guard runtime == "provided.al2023" || runtime == "provided.al2" else {
            throw ValidationError(
                "--runtime \(runtime): the templates are for provided.al2023 and provided.al2; "
                    + "--language says what the function is written in."
            )
        }
        // Before anything is asked.
        _ = try usage { () throws(ApusError) in try projectName() }
        if let language {
            _ = try makeProject(try Self.language(language))
        } else if noInteractive || !LanguageQuestion.canBeAsked {
            throw ValidationError(Self.languageIsMissing)
        }
    }

    func run() async throws {
        let others = appTemplate.map { $0 == "hello-world" ? [] : ["--app-template"] } ?? []
        unused.warn(with: others)
        try await Failure.reporting {
            let project = try makeProject(try chosenLanguage())
            let path = try ProjectDirectory.make(project.files, name: project.name, in: outputDir)
            Console.note("made \(path): \(project.summary)")
            Console.note("  cd \(ShellWord.quoted(path)) && apus build && apus invoke -e events/event.json")
        }
    }

    private func chosenLanguage() throws -> ProjectLanguage {
        if let language { return try Self.language(language) }
        if let answer = LanguageQuestion.ask() { return answer }
        Console.error(Self.languageIsMissing)
        throw ExitCode.validationFailure
    }

    private static var languageIsMissing: String {
        "name a language: --language \(ProjectLanguage.names.joined(separator: ", "))"
    }

    private static func language(_ name: String) throws -> ProjectLanguage {
        if let language = ProjectLanguage(named: name) { return language }
        let names = ProjectLanguage.names
        let suggestion = NearestName.suggestion(for: name, among: names)
        throw ValidationError(
            "there is no template for '\(Printable.text(name))'\(suggestion)\nThere are: \(names.joined(separator: ", "))"
        )
    }

    private func projectName() throws(ApusError) -> ProjectName? {
        guard let text = project ?? name else { return nil }
        return try ProjectName(text)
    }

    private func makeProject(_ language: ProjectLanguage) throws -> Project {
        try usage { () throws(ApusError) in
            try Project(
                name: projectName(),
                language: language,
                usesLibrary: library,
                architecture: architecture.flatMap(Architecture.init),
                runtime: FunctionRuntime(identifier: runtime) ?? .providedAL2023
            )
        }
    }

    /// What is wrong with the words on the command line is wrong usage.
    private func usage<Result>(_ work: () throws(ApusError) -> Result) throws -> Result {
        do throws(ApusError) {
            return try work()
        } catch {
            throw ValidationError(error.description)
        }
    }
}
