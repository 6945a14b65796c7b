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
                    text: code.runtime
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
    /// The beginning of the handler's file: the calling convention.
    var handlerAbout: String
    var handlerCode: String
    /// The runtime's code, without its ends.
    var runtimeCode: String

    var handler: String { Self.file(handlerAbout, check, Self.handlerData, handlerCode) }
    var runtime: String { Self.file(Self.runtimeAbout, check, Self.runtimeData, runtimeCode, Self.runtimeEnds) }

    private static func file(_ parts: String...) -> String { parts.joined(separator: "\n\n") }
}
