import LambdaModel

/// The symbolic links of one archive together. A link alone may look harmless and leave the package only by way of
/// another one (`a -> b/../..` where `b -> .`), so each is followed with all others in place.
struct SymbolicLinkGraph {
    private(set) var targets: [EntryPath: String] = [:]
    /// Steps left for all links together: a few hundred bytes of archive must not buy minutes.
    private var budget = 5_000_000
    /// As in the kernel.
    private static let maximumExpansions = 40
    static let maximumTargetBytes = 4_000

    /// Adds a link; `false` if there is one of that name.
    mutating func add(_ path: EntryPath, target: String) -> Bool {
        targets.updateValue(target, forKey: path) == nil
    }

    /// Throws for the first link that is absolute, leaves the package or turns in a circle.
    mutating func check(error: ArchiveError) throws(ApusError) {
        for (path, target) in targets {
            let name = path.components.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
            switch follow(from: path.parent, target) {
            case .inside: continue
            case .outside:
                throw error.entry(
                    .archiveUnsafe,
                    name,
                    "is a symbolic link to '\(ArchiveError.printable(target))', which leads outside the package",
                    hint: "Pack the file itself, or link to a place inside the package by a relative path."
                )
            case .circle:
                throw error.entry(.archiveUnsafe, name, "is a symbolic link that leads back to itself")
            case .exhausted:
                throw error(.archiveTooLarge, "its symbolic links are too many or too entangled to follow")
            }
        }
    }

    private enum Outcome { case inside, outside, circle, exhausted }

    private mutating func follow(from directory: EntryPath, _ target: String) -> Outcome {
        guard !target.utf8.starts(with: "/".utf8) else { return .outside }
        var place = directory.components
        // The components still to walk, last first.
        var pending = Self.reversedComponents(target)
        var expansions = 0
        while let component = pending.popLast() {
            budget -= 1 + place.count
            guard budget > 0 else { return .exhausted }
            if component == EntryPath.dotDot {
                guard place.popLast() != nil else { return .outside }
                continue
            }
            place.append(component)
            guard let next = targets[EntryPath(components: place)] else { continue }
            expansions += 1
            guard expansions <= Self.maximumExpansions else { return .circle }
            guard !next.utf8.starts(with: "/".utf8) else { return .outside }
            place.removeLast()
            pending += Self.reversedComponents(next)
        }
        return .inside
    }

    private static func reversedComponents(_ target: String) -> [[UInt8]] {
        target.utf8.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != EntryPath.dot }.reversed()
    }
}
