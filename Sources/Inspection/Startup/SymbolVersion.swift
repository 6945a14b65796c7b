/// A version such as the `2.34` of `GLIBC_2.34`.
package struct SymbolVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// At least one number.
    private var numbers: [Int]

    package init(_ numbers: Int...) {
        self.numbers = numbers
    }

    /// Reads `PREFIX_2.34`; `nil` for another prefix and for names such as `GLIBC_PRIVATE`.
    init?(_ text: String, prefix: String) {
        guard text.hasPrefix(prefix + "_") else { return nil }
        let parts = text.dropFirst(prefix.count + 1).split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.count <= 6 ? Int($0) : nil }
        guard numbers.count == parts.count, (1...4).contains(parts.count), numbers.allSatisfy({ $0 >= 0 }) else {
            return nil
        }
        self.numbers = numbers
    }

    package static func < (left: SymbolVersion, right: SymbolVersion) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }

    package var description: String {
        numbers.map(String.init).joined(separator: ".")
    }
}
