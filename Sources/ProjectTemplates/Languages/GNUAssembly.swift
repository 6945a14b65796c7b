import LambdaModel

extension ProjectTemplate {
    /// GNU's assembly, for either architecture, on the C library.
    static func gnuAssembly(_ architecture: Architecture) -> ProjectTemplate {
        let code = architecture == .arm64 ? GNUAssembly.arm64 : GNUAssembly.x86
        return ProjectTemplate(
            title: "in \(code.name) assembly, in the GNU assembler's syntax",
            buildMethod: "gas",
            codeURI: "src/",
            needs: "a C compiler, which assembles and links, and the C library as a static one",
            answer: #"{"message":"Hello from GNU assembly","event":{"name": "Apus"}}"#,
            files: [
                ProjectFile("src/handler.S", about: "your function", text: code.handler),
                ProjectFile(
                    "src/runtime.S",
                    about: "speaks with Lambda: asks for events, sends answers and errors",
                    text: [GNUAssembly.about, code.check, GNUAssembly.data, code.runtime, GNUAssembly.ends]
                        .joined(separator: "\n\n")
                ),
            ]
        )
    }
}

/// What the template has for one architecture. What both have is static.
struct GNUAssembly: Sendable {
    /// The architecture's, as its programmers call it.
    var name: String
    /// Lines for the preprocessor: a few words instead of hundreds of errors on another architecture.
    var check: String
    var handler: String
    /// The runtime's code, without its ends.
    var runtime: String
}
