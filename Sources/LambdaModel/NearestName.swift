/// Finds the name that a mistyped one was meant to be.
package enum NearestName {
    /// The known name that differs least from `name`, if it is near enough to be worth suggesting.
    package static func of(_ name: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().utf8.prefix(maximumLength))
        guard !wanted.isEmpty else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in known.prefix(maximumCandidates) where !candidate.isEmpty {
            let other = Array(candidate.lowercased().utf8)
            guard abs(other.count - wanted.count) <= allowed(wanted.count) else { continue }
            let distance = distance(wanted, other)
            guard distance <= allowed(wanted.count), distance < best?.distance ?? .max else { continue }
            best = (candidate, distance)
        }
        return best?.name
    }

    /// `; did you mean X?`, or nothing.
    package static func suggestion(for name: String, among known: some Sequence<String>) -> String {
        of(name, among: known).map { "; did you mean \($0)?" } ?? ""
    }

    /// Names are never longer than this; a hostile one must not cost quadratic time.
    private static let maximumLength = 64
    private static let maximumCandidates = 1_000

    private static func allowed(_ length: Int) -> Int {
        max(1, length / 3)
    }

    /// Levenshtein's distance, with a swap of neighbours as one step.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...other.count)
        for i in 1...one.count {
            var row = [i]
            row.reserveCapacity(other.count + 1)
            for j in 1...other.count {
                let change = last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1)
                var cost = min(change, last[j] + 1, row[j - 1] + 1)
                if i > 1, j > 1, one[i - 1] == other[j - 2], one[i - 2] == other[j - 1] {
                    cost = min(cost, beforeLast[j - 2] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[other.count]
    }
}
