/// Who runs the compiler, which decides in what words a fix is given.
package enum BuildDriver: Sendable, Hashable {
    /// `apus build` with a method by which it calls the compiler, and so sets the CPU itself.
    case apus
    /// `apus build` with a Makefile, which receives mode and CPU as environment variables.
    case makefile
    /// The user, by means that Apus does not know.
    case unknown
}
