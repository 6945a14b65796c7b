/// Swift's own names, by the demangler of a Swift toolchain where there is one.
struct SwiftDemangler {
    var toolPath: String?

    private static let limit = Duration.seconds(2)

    /// Both places with their Swift names made readable; as they are where no demangler is.
    func demangle(_ first: CrashLocation?, _ second: CrashLocation?) async -> (CrashLocation?, CrashLocation?) {
        let all = [first?.function, first?.inlinedInto, second?.function, second?.inlinedInto]
        let names = Set(all.compactMap(\.self)).filter(Self.isMangled)
        guard !names.isEmpty, let readable = await readable(Array(names)) else { return (first, second) }
        return (renamed(first, readable), renamed(second, readable))
    }

    private func renamed(_ place: CrashLocation?, _ names: [String: String]) -> CrashLocation? {
        guard var place else { return nil }
        place.function = place.function.map { names[$0] ?? $0 }
        place.inlinedInto = place.inlinedInto.map { names[$0] ?? $0 }
        return place
    }

    private func readable(_ names: [String]) async -> [String: String]? {
        let beside = AnalysisTool.toolchainDirectories(searchPath: toolPath)
        guard let tool = AnalysisTool(named: ["swift-demangle"], searchPath: toolPath, also: beside) else { return nil }
        guard let text = await tool.output(["--compact", "--simplified"] + names, within: Self.limit) else {
            return nil
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(names.count).map(String.init)
        guard lines.count == names.count else { return nil }
        return Dictionary(zip(names, lines), uniquingKeysWith: { first, _ in first })
    }

    /// A mangled name holds nothing that a program could take for an option.
    private static func isMangled(_ name: String) -> Bool {
        (name.hasPrefix("$s") || name.hasPrefix("$S"))
            && name.utf8.allSatisfy {
                $0 == 0x24 || $0 == 0x5F || $0 < 0x80 && Character(Unicode.Scalar($0)).isLetter
                    || $0 >= 0x30 && $0 <= 0x39
            }
    }
}
