/// Who runs the compiler, which decides in what words a fix is given.
package enum BuildDriver: Sendable, Hashable {
    /// `apus build` with the method for Rust: it sets the CPU itself.
    case rust
    /// `apus build` with a Makefile, which receives mode and CPU as environment variables.
    case makefile
    /// The user, by means that Apus does not know.
    case unknown
}
