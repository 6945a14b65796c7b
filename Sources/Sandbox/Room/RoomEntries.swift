internal import CLauncher
internal import LambdaModel

extension RoomSpecification {
    /// What the launcher reads (see RoomEntries.h), each without the character that all entries of rooms begin with.
    var entries: [Entry] {
        var result = [
            Entry(APUS_ROOM_BASE, base),
            Entry(APUS_ROOM_USER, user.text),
            Entry(APUS_ROOM_HOSTNAME, hostname),
        ]
        if let outerUser { result.append(Entry(APUS_ROOM_OUTER_USER, outerUser.text)) }
        if let privateNetworkPort { result.append(Entry(APUS_ROOM_NETWORK, String(privateNetworkPort))) }
        if let processLimit { result.append(Entry(APUS_ROOM_PROCESSES, String(processLimit))) }
        if isABIStrict { result.append(Entry(APUS_ROOM_STRICT_ABI, "")) }
        if let scratch { result.append(Entry(APUS_ROOM_SCRATCH, scratch)) }
        for (index, group) in groups.enumerated() {
            result += group.entries
            if freezer == index { result.append(Entry(APUS_ROOM_FREEZER, "")) }
        }
        if let watchedMemoryBytes { result.append(Entry(APUS_ROOM_MEMORY_WATCH, String(watchedMemoryBytes))) }
        return result + parts.flatMap(\.entries)
    }

    /// One string for the launcher.
    struct Entry: Hashable {
        let kind: UInt8
        let text: String

        init<Kind: BinaryInteger>(_ kind: Kind, _ text: String) {
            self.kind = UInt8(truncatingIfNeeded: kind)
            self.text = text
        }

        var string: String { String(UnicodeScalar(kind)) + text }
    }

    /// What could not be done when the launcher reports this step, for people.
    package func description(ofStep step: Int32) -> String {
        let entries = entries
        guard step < 0 else {
            guard Int(step) < entries.count else { return "make the sandbox" }
            return "make the sandbox: \(Self.description(of: entries[Int(step)]))"
        }
        let fixed: [Int32: String] = [
            Int32(APUS_ROOM_STEP_NAMESPACES.rawValue): "make namespaces",
            Int32(APUS_ROOM_STEP_USER.rawValue): "map the user",
            Int32(APUS_ROOM_STEP_ROOT.rawValue): "change to the new root",
            Int32(APUS_ROOM_STEP_PROC.rawValue): "mount /proc again",
            Int32(APUS_ROOM_STEP_NETWORK.rawValue): "open its network",
            Int32(APUS_ROOM_STEP_ABI.rawValue): "watch calls of the 32-bit ABI",
            Int32(APUS_ROOM_STEP_MEMORY.rawValue): "watch its memory",
        ]
        return "make the sandbox: " + (fixed[step] ?? "begin")
    }

    private static func description(of entry: Entry) -> String {
        switch Int(entry.kind) {
        case Int(APUS_ROOM_GROUP_1), Int(APUS_ROOM_GROUP_2): "control group \(entry.text)"
        case Int(APUS_ROOM_GROUP_VALUE): "control group's \(entry.text)"
        case Int(APUS_ROOM_PROCESSES_FILES): "mount \(entry.text)"
        case Int(APUS_ROOM_DISK): "mount the disk \(entry.text)"
        case Int(APUS_ROOM_ROOT): "mount the root file system"
        default: entry.text
        }
    }
}

extension RoomSpecification.User {
    fileprivate var text: String { "\(user):\(group)" }
}

extension RoomSpecification.Part {
    fileprivate var entries: [RoomSpecification.Entry] {
        switch self {
        case .directory(let target): entries([], APUS_ROOM_DIRECTORY, target)
        case .bind(let source, let target): entries([source], APUS_ROOM_BIND, target)
        case .device(let source, let target): entries([source], APUS_ROOM_DEVICE, target)
        case .link(let text, let target): entries([text], APUS_ROOM_LINK, target)
        case .copy(let source, let target): entries([source], APUS_ROOM_COPY, target)
        case .text(let text, let target): entries([text], APUS_ROOM_TEXT, target)
        case .overlay(let sources, let target): entries(sources, APUS_ROOM_OVERLAY, target)
        case .root(let source): entries([source], APUS_ROOM_ROOT, "/")
        case .memoryDisk(let options, let target): entries([options], APUS_ROOM_MEMORY_DISK, target)
        case .disk(let file, let target): entries([file], APUS_ROOM_DISK, target)
        case .processes(let target): entries([], APUS_ROOM_PROCESSES_FILES, target)
        }
    }

    private func entries<Kind: BinaryInteger>(
        _ sources: [String],
        _ kind: Kind,
        _ target: String
    ) -> [RoomSpecification.Entry] {
        sources.map { .init(APUS_ROOM_SOURCE, $0) } + [.init(kind, target)]
    }
}

extension RoomSpecification.Group {
    fileprivate var entries: [RoomSpecification.Entry] {
        var result = [RoomSpecification.Entry(version == 1 ? APUS_ROOM_GROUP_1 : APUS_ROOM_GROUP_2, path)]
        for value in values {
            let kind = value.isOptional ? APUS_ROOM_GROUP_WISH : APUS_ROOM_GROUP_VALUE
            result.append(.init(kind, "\(value.file)=\(value.value)"))
        }
        if case .memory(let bytes) = role {
            result.append(.init(version == 1 ? APUS_ROOM_MEMORY_GROUP_1 : APUS_ROOM_MEMORY_GROUP_2, String(bytes)))
        }
        return result
    }
}
