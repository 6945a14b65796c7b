/// One function at an address: several at one address where the compiler inlined some into another.
struct SourceFrame: Sendable, Hashable {
    /// Demangled as far as the tools here can; `nil` where it is not known.
    var function: String?
    var file: String?
    var line: Int?

    /// Whether the code is a toolchain's or a downloaded package's, by its file where that is known, else by its name.
    var isForeign: Bool {
        if let function, function.hasPrefix("Swift runtime failure") { return true }
        guard let file else { return function.map(FrameOrigin.isForeign(function:)) ?? false }
        if FrameOrigin.isForeign(file: file) { return true }
        // Go's own packages lie wherever Go was installed; their names tell them.
        guard file.hasSuffix(".go") || file.hasSuffix(".s"), let function else { return false }
        return FrameOrigin.isForeign(function: function)
    }
}
