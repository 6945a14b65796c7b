/// An instruction set architecture that Lambda offers.
package enum Architecture: String, Sendable, CaseIterable {
    /// 64-bit x86; Lambda's default.
    case x86_64
    /// 64-bit Arm (Graviton).
    case arm64

    /// The architecture this build of Apus runs on.
    package static var host: Architecture {
        #if arch(arm64)
        .arm64
        #else
        .x86_64
        #endif
    }
}
