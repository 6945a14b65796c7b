/// A mapping that keeps the order of its keys and where each stands.
package struct TemplateMap: Sendable {
    package struct Entry: Sendable {
        package var key: String
        package var keyLocation: SourceLocation
        package var value: TemplateValue
    }

    package private(set) var entries: [Entry]
    /// Only for large mappings, so that look-ups in a hostile template stay linear in all.
    private var index: [String: Int]

    init(_ entries: [Entry] = []) {
        self.entries = entries
        index = [:]
        guard entries.count > Self.smallCount else { return }
        index = Dictionary(entries.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static let smallCount = 16

    package var keys: [String] { entries.map(\.key) }

    package subscript(key: String) -> TemplateValue? { entry(key)?.value }

    func entry(_ key: String) -> Entry? {
        position(of: key).map { entries[$0] }
    }

    /// Replaces the value of `key`, or adds it at the end.
    mutating func set(_ key: String, to value: TemplateValue) {
        if let position = position(of: key) {
            entries[position].value = value
        } else {
            self = TemplateMap(entries + [Entry(key: key, keyLocation: value.location, value: value)])
        }
    }

    private func position(of key: String) -> Int? {
        index.isEmpty ? entries.firstIndex { $0.key == key } : index[key]
    }
}
