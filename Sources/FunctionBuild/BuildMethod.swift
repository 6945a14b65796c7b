/// How a function's or layer's code becomes an artifact: `Metadata.BuildMethod` of a template.
package enum BuildMethod: Sendable, Hashable {
    /// No method in the template. A function whose `Makefile` has a target `build-<LogicalId>` is built by it, as SAM does
    /// for the custom runtimes; everything else is copied.
    case unspecified
    /// `makefile`: `make build-<LogicalId>` fills `ARTIFACTS_DIR`.
    case makefile
    /// `rust-cargolambda`: cargo builds one binary, which becomes `bootstrap`.
    case rust
    /// The sources are the artifact.
    case copy
    /// A method of SAM that Apus does not know.
    case unsupported(String)

    /// The method of that name in a template; SAM compares names without regard to case. Of the names for `rust`, SAM
    /// knows the first only.
    package init(name: String?) {
        switch name?.lowercased() {
        case nil, "": self = .unspecified
        case "makefile": self = .makefile
        case "rust-cargolambda", "rust-cargo-lambda", "cargo-lambda", "cargolambda", "rust": self = .rust
        default: self = .unsupported(name ?? "")
        }
    }
}
