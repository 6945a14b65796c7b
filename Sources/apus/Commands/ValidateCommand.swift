import ArgumentParser
import CommandProcess
import LambdaModel
import SAMTemplate

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check a template: every error and warning with its line and column.",
        discussion: """
            EXAMPLES
              apus validate
              apus validate -t template.yaml --format json

            Exit status: 0 without errors, 2 with errors.
            """
    )

    @OptionGroup var template: TemplateOptions

    @Option(name: .long, help: "text or json.")
    var format = OutputFormat.text

    @Flag(name: .long, help: .hidden)
    var lint = false

    func run() async throws {
        try await Failure.reporting {
            let settings = try CommandSettings(template, command: ["validate"])
            let path = try settings.templatePath(prefersBuilt: false)
            let result: Result<SAMTemplate, TemplateError>
            do {
                result = .success(try settings.template(prefersBuilt: false))
            } catch let error as TemplateError {
                result = .failure(error)
            }
            try report(result, path: path)
        }
    }

    private func report(_ result: Result<SAMTemplate, TemplateError>, path: String) throws {
        let diagnostics: [TemplateDiagnostic]
        let isValid: Bool
        switch result {
        case .success(let template): (diagnostics, isValid) = (template.warnings, true)
        case .failure(let error): (diagnostics, isValid) = (error.diagnostics, false)
        }
        switch format {
        case .json:
            let list = diagnostics.map(\.json).joined(separator: ",")
            Console.output("{\"template\":\(JSONText.quoted(path)),\"valid\":\(isValid),\"diagnostics\":[\(list)]}\n")
        case .text:
            for diagnostic in diagnostics { Console.output(diagnostic.description + "\n") }
            if case .success(let template) = result { Console.output(summary(of: template)) }
        }
        if !isValid { throw Failure.cannotRun }
    }

    private func summary(of template: SAMTemplate) -> String {
        let functions = template.functions.count
        return "\(template.path) is valid: \(functions) function\(functions == 1 ? "" : "s")\n"
    }
}
