import LambdaModel

/// What the projects of one language, in one form, have of their own.
struct ProjectTemplate: Sendable {
    /// Goes on from "A Lambda function".
    var title: String
    /// `Metadata.BuildMethod`
    var buildMethod: String
    /// `CodeUri`
    var codeURI: String
    /// What has to be installed: goes on from "Needs".
    var needs: String
    /// Beside `.aws-sam/` in `.gitignore`.
    var ignored: [String] = []
    /// The command that runs the project's own tests.
    var tests: String?
    /// The answer to the test event, byte for byte.
    var answer: String
    /// The most important first.
    var files: [ProjectFile]

    static func of(
        _ language: ProjectLanguage,
        usingLibrary: Bool,
        architecture: Architecture
    ) -> ProjectTemplate {
        switch language {
        case .assembly: assembly
        case .c: c
        case .cpp: cpp
        case .gas: gnuAssembly(architecture)
        case .go: usingLibrary ? goLibrary : go
        case .rust: usingLibrary ? rustLibrary : rust
        case .shell: shell
        case .swift: usingLibrary ? swiftLibrary : swift
        case .zig: zig
        }
    }
}
