package import LambdaModel

/// A language that there are templates for.
package enum ProjectLanguage: String, Sendable, CaseIterable {
    case assembly, c, cpp, gas, go, rust, shell, swift, zig

    /// Takes the language's other names, too, in any case.
    package init?(named name: String) {
        let name = name.lowercased()
        guard let language = Self(rawValue: name) ?? Self.otherNames[name] else { return nil }
        self = language
    }

    private static let otherNames: [String: ProjectLanguage] = [
        "asm": .assembly, "nasm": .assembly, "as": .gas, "c++": .cpp, "cxx": .cpp, "golang": .go, "rs": .rust,
        "sh": .shell, "bash": .shell,
    ]

    /// Names that a user may give.
    package static var names: [String] { allCases.map(\.rawValue) }

    /// The library that functions in this language are mostly written on; `nil`: there is none.
    package var library: String? {
        switch self {
        case .go: "aws-lambda-go"
        case .rust: "lambda_runtime"
        case .swift: "swift-aws-lambda-runtime"
        case .assembly, .c, .cpp, .gas, .shell, .zig: nil
        }
    }

    /// What the template's code can be built for.
    package var architectures: [Architecture] { self == .assembly ? [.x86_64] : [.x86_64, .arm64] }
}
