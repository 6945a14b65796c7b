package import LambdaModel

/// A project that a user asks for.
package struct Project: Sendable, Hashable {
    package var name: ProjectName
    package var language: ProjectLanguage
    package var usesLibrary: Bool
    package var architecture: Architecture
    package var runtime: FunctionRuntime

    /// - Parameters:
    ///   - name: `nil`: one after the language.
    ///   - architecture: `nil`: this machine's if the language has it.
    /// - Throws: where the language has no library, or does not go with the architecture.
    package init(
        name: ProjectName?,
        language: ProjectLanguage,
        usesLibrary: Bool = false,
        architecture: Architecture? = nil,
        runtime: FunctionRuntime = .providedAL2023
    ) throws(ApusError) {
        if usesLibrary, language.library == nil {
            throw ApusError(
                "init.library",
                "there is no usual Lambda library for \(language.rawValue)",
                hint: "Leave --library out: the template speaks with Lambda itself."
            )
        }
        let possible = language.architectures
        if let architecture, !possible.contains(architecture) {
            throw ApusError(
                "init.architecture",
                "the template for \(language.rawValue) is for \(possible[0].rawValue), not for \(architecture.rawValue)"
            )
        }
        if let name {
            self.name = name
        } else {
            self.name = try ProjectName("hello-" + language.rawValue)
        }
        self.language = language
        self.usesLibrary = usesLibrary
        self.architecture = architecture ?? (possible.contains(.host) ? .host : possible[0])
        self.runtime = runtime
    }

    private var template: ProjectTemplate { .of(language, usingLibrary: usesLibrary, architecture: architecture) }

    /// What it is, in a few words.
    package var summary: String {
        language.rawValue + (usesLibrary ? language.library.map { " on " + $0 } ?? "" : "") + ", "
            + architecture.rawValue
    }

    /// All files; none is outside of the project's directory.
    package var files: [ProjectFile] {
        [samTemplate, event, readme, ignoreFile] + template.files
    }

    private var event: ProjectFile { ProjectFile("events/event.json", text: #"{"name": "Apus"}"#) }

    private var ignoreFile: ProjectFile {
        ProjectFile(".gitignore", text: ([".aws-sam/"] + template.ignored).joined(separator: "\n"))
    }

    private var samTemplate: ProjectFile {
        ProjectFile(
            "template.yaml",
            text: """
                AWSTemplateFormatVersion: "2010-09-09"
                Transform: AWS::Serverless-2016-10-31

                Resources:
                  HelloFunction:
                    Type: AWS::Serverless::Function
                    Metadata:
                      BuildMethod: \(template.buildMethod)
                    Properties:
                      CodeUri: \(template.codeURI)
                      Handler: bootstrap
                      Runtime: \(runtime.identifier)
                      Architectures: [\(architecture.rawValue)]
                      Timeout: 10
                      MemorySize: 128
                """
        )
    }

    private var readme: ProjectFile {
        let rows =
            template.files.map { "| `\($0.path)` | \($0.about) |" }
            + ["| `template.yaml` | the function's settings |", "| `events/event.json` | a test event |"]
        let tests = template.tests.map { "\n\nIts own tests: `\($0)`." } ?? ""
        return ProjectFile(
            "README.md",
            text: """
                # \(name.text)

                A Lambda function \(template.title).
                Needs \(template.needs).

                    apus build
                    apus invoke -e events/event.json

                On standard output:

                    \(template.answer)

                | file | |
                | --- | --- |
                \(rows.joined(separator: "\n"))\(tests)
                """
        )
    }
}
