extension ProgramFacts {
    /// For people: `Rust, static, musl, without symbols`.
    var title: String {
        [language.title, linkageTitle, cLibrary?.rawValue, isStripped ? "without symbols" : nil]
            .compactMap { $0 }.joined(separator: ", ")
    }

    private var linkageTitle: String? {
        switch linkage {
        case .dynamic: "dynamic"
        case .staticFixed: "static"
        case .staticPIE: "static (PIE)"
        case .sharedObject: nil
        }
    }
}

extension BuildLanguage {
    /// For people; `nil` for an unknown one.
    var title: String? {
        switch self {
        case .rust: "Rust"
        case .go: "Go"
        case .c: "C"
        case .cPlusPlus: "C++"
        case .swift: "Swift"
        case .zig: "Zig"
        case .assembly: "assembly"
        case .unknown: nil
        }
    }
}
