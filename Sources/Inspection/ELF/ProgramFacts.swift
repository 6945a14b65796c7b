internal import LambdaModel

/// What a program was made from and with, as far as the compiler and the linker have left word of it.
package struct ProgramFacts: Sendable, Hashable {
    package enum Linkage: String, Sendable, Hashable {
        case dynamic
        case staticFixed = "static"
        case staticPIE = "static-pie"
        case sharedObject = "shared-object"
    }

    package enum CLibrary: String, Sendable, Hashable {
        case glibc, musl
    }

    package var language: BuildLanguage
    /// In the compiler's own words, such as `rustc version 1.95.0` or `go1.22.1`; control characters taken out.
    package var compiler: String?
    package var linkage: Linkage
    /// `nil` where there is none, or where nothing tells.
    package var cLibrary: CLibrary?
    /// Without names of functions.
    package var isStripped: Bool
    /// Whether it knows source lines (DWARF).
    package var hasDebugInfo: Bool

    package init(of image: ELFImage) {
        language = BuildLanguage(of: image)
        compiler = Self.compiler(of: image, language)
        linkage = Self.linkage(of: image)
        cLibrary = Self.cLibrary(of: image)
        isStripped = !image.sections.contains { $0.kind == .symbols }
        hasDebugInfo = image.section(named: ".debug_line") != nil || image.section(named: ".zdebug_line") != nil
    }

    private static func linkage(of image: ELFImage) -> Linkage {
        if image.interpreter != nil { return .dynamic }
        guard image.header.kind == .sharedObject else { return .staticFixed }
        // DF_1_PIE; without it a file of this type and without a loader is a library.
        let isPIE = (image.dynamic?[ELFDynamic.Tag.flags1] ?? 0) & 0x0800_0000 != 0
        return isPIE ? .staticPIE : .sharedObject
    }

    private static func cLibrary(of image: ELFImage) -> CLibrary? {
        let needed = image.dynamic?.needed ?? []
        if image.interpreter?.contains("ld-musl") == true || needed.contains(where: { $0.hasPrefix("libc.musl") }) {
            return .musl
        }
        if needed.contains("libc.so.6") { return .glibc }
        // A static glibc has these sections for its own clean-up at exit and its locks.
        let own = ["__libc_freeres_fn", "__libc_atexit", "__libc_IO_vtables", "__libc_subfreeres"]
        return image.sections.contains { own.contains($0.name) } ? .glibc : nil
    }

    private static func compiler(of image: ELFImage, _ language: BuildLanguage) -> String? {
        let text = language == .go ? goVersion(image) : comment(image, language)
        return text.map { Printable.text(String($0.prefix(100))) }
    }

    /// `.comment` holds one text for each compiler that had a part in the file.
    private static func comment(_ image: ELFImage, _ language: BuildLanguage) -> String? {
        guard let section = image.section(named: ".comment"), let range = image.range(of: section) else { return nil }
        let texts = image.bytes[range].prefix(4096).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        switch language {
        case .rust: return texts.first { $0.contains("rustc version") } ?? texts.first
        // Swift's compiler leaves no word of its own; what stands there is the C compiler's that built its runtime.
        case .swift: return texts.first { $0.hasPrefix("Swift version") }
        // The start files of the C library are gcc's in every program.
        default: return texts.first { $0.contains("clang version") } ?? texts.first
        }
    }

    /// The build information begins with a magic text; since Go 1.18 the version follows at offset 32 with its length
    /// before it as a varint (cmd/go, debug/buildinfo).
    private static func goVersion(_ image: ELFImage) -> String? {
        guard let section = image.section(named: ".go.buildinfo"), let range = image.range(of: section),
            range.count > 33,
            image.bytes[range].starts(with: Array("\u{FF} Go buildinf:".unicodeScalars.map { UInt8($0.value) })),
            image.bytes[range.lowerBound + 15] & 2 != 0
        else { return nil }
        let count = Int(image.bytes[range.lowerBound + 32])
        guard count < 128, range.count >= 33 + count else { return nil }
        let start = range.lowerBound + 33
        return String(decoding: image.bytes[start..<start + count], as: UTF8.self)
    }
}
