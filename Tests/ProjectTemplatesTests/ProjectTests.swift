import LambdaModel
import ProjectTemplates
import Testing

@Suite struct ProjectTests {
    /// Every language in each of its forms.
    static let all: [(ProjectLanguage, Bool)] = ProjectLanguage.allCases.flatMap { language in
        language.library == nil ? [(language, false)] : [(language, false), (language, true)]
    }

    @Test(arguments: all) func isComplete(_ language: ProjectLanguage, _ usesLibrary: Bool) throws {
        let project = try Project(name: ProjectName("nest-1"), language: language, usesLibrary: usesLibrary)
        let paths = project.files.map(\.path)
        #expect(Set(paths).count == paths.count, "\(paths)")
        for path in ["template.yaml", "README.md", ".gitignore", "events/event.json"] { #expect(paths.contains(path)) }
        for file in project.files {
            #expect(!file.path.hasPrefix("/") && !file.path.contains(".."), "\(file.path)")
            #expect(file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n"), "\(file.path)")
            #expect(!file.text.contains("\r"), "\(file.path)")
            for line in file.text.split(separator: "\n") {
                #expect(line.last != " " && line.count <= 132, "\(file.path): \(line)")
            }
        }
        let readme = project.files.first { $0.path == "README.md" }?.text ?? ""
        #expect(readme.hasPrefix("# nest-1\n\n"))
        // The table names every file but those that every project has.
        for path in paths where path != "README.md" && path != ".gitignore" {
            #expect(readme.contains("| `\(path)` | "), "\(path)")
        }
    }

    /// An assembler knows one architecture; the file for it says so in a word.
    @Test(arguments: [(Architecture.x86_64, "#ifndef __x86_64__"), (.arm64, "#ifndef __aarch64__")])
    func gasIsForTheArchitecture(_ architecture: Architecture, _ check: String) throws {
        let files = try Project(name: nil, language: .gas, architecture: architecture).files
        for path in ["src/handler.S", "src/runtime.S"] {
            #expect(files.first { $0.path == path }?.text.contains(check) == true, "\(path)")
        }
    }

    @Test func onlyAShellScriptIsExecutable() throws {
        for (language, usesLibrary) in Self.all {
            let files = try Project(name: nil, language: language, usesLibrary: usesLibrary).files
            #expect(files.filter(\.isExecutable).map(\.path) == (language == .shell ? ["src/bootstrap"] : []))
        }
    }

    @Test func templateSaysWhatWasAskedFor() throws {
        let project = try Project(
            name: nil,
            language: .c,
            architecture: .arm64,
            runtime: .providedAL2
        )
        let template = project.files.first { $0.path == "template.yaml" }?.text ?? ""
        for line in ["BuildMethod: c", "Runtime: provided.al2", "Architectures: [arm64]", "CodeUri: src/"] {
            #expect(template.contains("      \(line)\n"), "\(template)")
        }
        #expect(project.name.text == "hello-c")
    }

    @Test func architectureIsTheMachinesWhereItCanBe() throws {
        #expect(try Project(name: nil, language: .go).architecture == .host)
        #expect(try Project(name: nil, language: .assembly).architecture == .x86_64)
        #expect(throws: ApusError.self) { try Project(name: nil, language: .assembly, architecture: .arm64) }
    }

    @Test(arguments: ProjectLanguage.allCases.filter { $0.library == nil })
    func noLibrary(_ language: ProjectLanguage) {
        #expect(throws: ApusError.self) { try Project(name: nil, language: language, usesLibrary: true) }
    }

    @Test(
        arguments: [
            ("Rust", .rust), ("c++", .cpp), ("nasm", .assembly), ("as", .gas), ("golang", .go), ("bash", .shell),
            ("ZIG", .zig),
            ("python", nil), ("", nil),
        ] as [(String, ProjectLanguage?)]
    )
    func languages(_ name: String, _ expected: ProjectLanguage?) {
        #expect(ProjectLanguage(named: name) == expected)
    }
}
