/// The language that a program was written in, as far as a fix depends on it.
package enum BuildLanguage: String, Sendable, Hashable, CaseIterable {
    case rust, go, c, cPlusPlus, swift, zig, assembly, unknown

    var isC: Bool { self == .c || self == .cPlusPlus }
}
