extension BuildLanguage {
    /// The language of a program, from what its compiler left in it.
    init(programAt path: String, files: ModuleFiles) {
        guard let image = files.file(path)?.image else {
            self = .unknown
            return
        }
        self.init(of: image)
    }

    /// Sections that only one language has, then the compilers' own notes, which a mixed program has several of, then
    /// names.
    package init(of image: ELFImage) {
        let names = Set(image.sections.map(\.name))
        let comment = Self.text(of: ".comment", in: image, limit: 4096)
        if names.contains(".go.buildinfo") || names.contains(".gopclntab") {
            self = .go
        } else if names.contains(where: { $0.hasPrefix("swift5_") }) {
            self = .swift
        } else if comment.contains("rustc version") || Self.holdsRustPaths(image) {
            self = .rust
        } else {
            self = Self.language(ofSymbols: image) ?? Self.language(ofComment: comment, image)
        }
    }

    /// The files of Rust's standard library stand in every panic message of it, in a program without notes as well.
    private static func holdsRustPaths(_ image: ELFImage) -> Bool {
        guard let section = image.section(named: ".rodata"), let range = image.range(of: section) else { return false }
        let needle = Array("/rustc/".utf8)
        return image.bytes.withUnsafeBufferPointer { bytes in
            let area = UnsafeBufferPointer(rebasing: bytes[range.prefix(1 << 20)])
            guard area.count >= needle.count else { return false }
            return (0...(area.count - needle.count)).contains { start in
                area[start] == needle[0] && area[start..<(start + needle.count)].elementsEqual(needle)
            }
        }
    }

    /// Zig's start-up code has names of its own; of an assembler only the name of the source file remains.
    private static func language(ofSymbols image: ELFImage) -> BuildLanguage? {
        var isAssembly = false
        for symbol in image.symbols.prefix(20_000) {
            switch symbol.kind {
            case .file:
                let name = image.name(of: symbol)
                if [".asm", ".nasm", ".s", ".S"].contains(where: name.hasSuffix) { isAssembly = true }
                // glibc's and gcc's start files are C and assembly in every C program.
                if name.hasSuffix(".c") || name.hasSuffix(".cpp") || name.hasSuffix(".cc") { return nil }
            case .function:
                let name = image.name(of: symbol)
                if name.hasPrefix("start.posixCallMain") || name.hasPrefix("start.callMain") { return .zig }
            default: break
            }
        }
        return isAssembly ? .assembly : nil
    }

    private static func language(ofComment comment: String, _ image: ELFImage) -> BuildLanguage {
        guard comment.contains("GCC: ") || comment.contains("clang version") else { return .unknown }
        let libraries = image.dynamic?.needed ?? []
        let isCPlusPlus = libraries.contains { $0.hasPrefix("libstdc++") || $0.hasPrefix("libc++") }
        return isCPlusPlus ? .cPlusPlus : .c
    }

    private static func text(of name: String, in image: ELFImage, limit: Int) -> String {
        guard let section = image.section(named: name), let range = image.range(of: section) else { return "" }
        return String(decoding: image.bytes[range].prefix(limit), as: UTF8.self)
    }
}
