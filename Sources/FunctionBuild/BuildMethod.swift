/// How a function's or layer's code becomes an artifact: `Metadata.BuildMethod` of a template.
package enum BuildMethod: Sendable, Hashable {
    /// No method in the template: the sources tell, see ``MethodDetection``.
    case unspecified
    /// `makefile`: `make build-<LogicalId>` fills `ARTIFACTS_DIR`.
    case makefile
    /// `rust-cargolambda`: cargo builds one binary, which becomes `bootstrap`.
    case rust
    /// `go1.x`: go builds the package in the code's directory.
    case go
    /// `swift`: the executable product of a package, or the sources together.
    case swift
    /// `c` or `cpp`: by CMake, by a Makefile, or the sources together.
    case c
    /// `nasm`: the sources together, for x86_64.
    case nasm
    /// `gas`: the sources together, by the C compiler's assembler.
    case gas
    /// `zig`: by `build.zig`, or the one source file.
    case zig
    /// `shell`: `bootstrap` is a script; checked and copied.
    case shell
    /// `none`: the sources are the artifact.
    case copy
    /// A method of SAM that Apus does not know.
    case unsupported(String)

    /// The method of that name in a template; SAM compares names without regard to case. Of those here SAM knows
    /// `makefile`, `rust-cargolambda` and `go1.x`.
    package init(name: String?) {
        let name = name ?? ""
        self = name.isEmpty ? .unspecified : Self.names[name.lowercased()] ?? .unsupported(name)
    }

    /// The name to write in a template; `nil` where there is none.
    package var name: String? {
        switch self {
        case .unspecified: nil
        case .makefile: "makefile"
        case .rust: "rust-cargolambda"
        case .go: "go1.x"
        case .swift: "swift"
        case .c: "c"
        case .nasm: "nasm"
        case .gas: "gas"
        case .zig: "zig"
        case .shell: "shell"
        case .copy: "none"
        case .unsupported(let name): name
        }
    }

    /// Whether Apus calls the compiler itself, and so chooses mode and CPU.
    package var isCompiledByApus: Bool {
        switch self {
        case .rust, .go, .swift, .c, .nasm, .gas, .zig: true
        case .unspecified, .makefile, .shell, .copy, .unsupported: false
        }
    }

    private static let names: [String: BuildMethod] = [
        "makefile": .makefile,
        "rust-cargolambda": .rust, "rust-cargo-lambda": .rust, "cargo-lambda": .rust, "cargolambda": .rust,
        "rust": .rust,
        "go1.x": .go, "go": .go,
        "swift": .swift,
        "c": .c, "cpp": .c, "c++": .c, "cmake": .c,
        "nasm": .nasm, "gas": .gas,
        "zig": .zig,
        "shell": .shell, "sh": .shell, "bash": .shell,
        "none": .copy, "copy": .copy,
    ]
}
