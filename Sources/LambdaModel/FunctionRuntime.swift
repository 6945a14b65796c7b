/// A runtime identifier as templates and the Lambda API write it, such as `provided.al2023` or `python3.13`.
package struct FunctionRuntime: Sendable, Hashable, CustomStringConvertible {
    /// The identifier as written.
    package let identifier: String

    /// Accepts an identifier that Lambda knows; `nil` for any other string.
    package init?(identifier: String) {
        guard Self.identifiers.contains(identifier) else { return nil }
        self.identifier = identifier
    }

    private init(unchecked identifier: String) {
        self.identifier = identifier
    }

    package static let provided = FunctionRuntime(unchecked: "provided")
    package static let providedAL2 = FunctionRuntime(unchecked: "provided.al2")
    package static let providedAL2023 = FunctionRuntime(unchecked: "provided.al2023")

    /// The custom (OS-only) runtimes: the function brings its own `bootstrap`.
    package static let custom: [FunctionRuntime] = [.provided, .providedAL2, .providedAL2023]

    /// Whether the function brings its own `bootstrap`. The others are managed runtimes, whose language runtime lives
    /// only in AWS's images.
    package var isCustom: Bool { Self.custom.contains(self) }

    /// The name in the `INIT_START` log line, such as `provided:al2023`.
    package var versionLabel: String {
        guard let dot = identifier.firstIndex(of: ".") else { return identifier }
        return isCustom ? identifier[..<dot] + ":" + identifier[identifier.index(after: dot)...] : identifier
    }

    package var description: String { identifier }

    /// Every identifier that Lambda has ever accepted (AWS Lambda developer guide, "Lambda runtimes", supported and
    /// deprecated): a template with a runtime that is not among them has a typing error.
    package static let identifiers = [
        "provided", "provided.al2", "provided.al2023",
        "nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x",
        "nodejs16.x", "nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x", "nodejs26.x",
        "python2.7", "python3.6", "python3.7", "python3.8", "python3.9", "python3.10", "python3.11", "python3.12",
        "python3.13", "python3.14", "python3.15",
        "java8", "java8.al2", "java8.al2023", "java11", "java11.al2023", "java17", "java17.al2023", "java21", "java25",
        "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet5.0", "dotnet6", "dotnet7",
        "dotnet8", "dotnet9", "dotnet10",
        "go1.x",
        "ruby2.5", "ruby2.7", "ruby3.2", "ruby3.3", "ruby3.4", "ruby4.0",
    ]
}
