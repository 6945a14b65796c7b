import Testing

@testable import Sandbox

/// A room as the launcher reads it.
@Suite struct RoomEntriesTests {
    private static var room: RoomSpecification {
        var room = RoomSpecification(base: "/sys", user: .init(user: 993, group: 990), hostname: "sandbox")
        room.parts = [.directory("/tmp"), .bind("/usr", at: "/usr")]
        return room
    }

    private static func strings(_ change: (inout RoomSpecification) -> Void) -> [String] {
        var room = room
        change(&room)
        return room.entries.map(\.string)
    }

    @Test func theLeast() {
        #expect(Self.strings { _ in } == ["r/sys", "u993:990", "hsandbox", "d/tmp", "</usr", "b/usr"])
    }

    @Test func eachPropertyHasItsEntryBeforeTheParts() {
        let cases: [(WritableKeyPath<RoomSpecification, Int?>, String)] = [
            (\.privateNetworkPort, "n7"), (\.processLimit, "p7"), (\.watchedMemoryBytes, "37"),
        ]
        for (property, entry) in cases {
            let strings = Self.strings { $0[keyPath: property] = 7 }
            #expect(strings == ["r/sys", "u993:990", "hsandbox", entry, "d/tmp", "</usr", "b/usr"])
        }
        #expect(Self.strings { $0.outerUser = .init(user: 1000, group: 100) }[3] == "U1000:100")
        #expect(Self.strings { $0.isABIStrict = true }[3] == "s")
        #expect(Self.strings { $0.scratch = "/tmp" }[3] == "x/tmp")
    }

    @Test(arguments: [
        (RoomSpecification.Part.directory("/a"), ["d/a"]),
        (.bind("/from", at: "/a"), ["</from", "b/a"]),
        (.device("/dev/null", at: "/a"), ["</dev/null", "v/a"]),
        (.link(to: "usr/bin", at: "/a"), ["<usr/bin", "l/a"]),
        (.copy("/from", at: "/a"), ["</from", "c/a"]),
        (.text("line\nline\n", at: "/a"), ["<line\nline\n", "t/a"]),
        (.overlay(["", "/one", "/two"], at: "/a"), ["<", "</one", "</two", "o/a"]),
        (.root("/from"), ["</from", "R/"]),
        (.memoryDisk(options: "size=1m", at: "/a"), ["<size=1m", "m/a"]),
        (.disk("/from", at: "/a"), ["</from", "k/a"]),
        (.processes(at: "/proc"), ["q/proc"]),
    ])
    func aPartIsItsSourcesAndItsTarget(part: RoomSpecification.Part, strings: [String]) {
        #expect(Self.strings { $0.parts = [part] }.dropFirst(3) == strings[...])
    }

    /// Values, role and freezer belong to the last group.
    @Test func groupsKeepTheirOrder() {
        let strings = Self.strings { room in
            room.parts = []
            room.groups = [
                .init(
                    path: "/one",
                    version: 2,
                    values: [
                        .init(file: "memory.max", value: "5"),
                        .init(file: "memory.swap.max", value: "0", isOptional: true),
                    ],
                    role: .memory(bytes: 4)
                ),
                .init(path: "/two", version: 1, values: [.init(file: "pids.max", value: "6")]),
                .init(path: "/three", version: 2),
            ]
            room.freezer = 2
        }
        #expect(
            strings.dropFirst(3) == [
                "G/one", "=memory.max=5", "?memory.swap.max=0", "24", "g/two", "=pids.max=6", "G/three", "f",
            ]
        )
    }

    @Test func aStepIsDescribedByItsEntry() {
        let room = Self.room
        #expect(room.description(ofStep: 5) == "make the sandbox: /usr")
        var other = room
        other.groups = [.init(path: "/g", version: 1, values: [.init(file: "pids.max", value: "6")])]
        let kinds = other.entries.map(\.string)
        let group = Int32(kinds.firstIndex(of: "g/g") ?? -1), value = Int32(kinds.firstIndex(of: "=pids.max=6") ?? -1)
        #expect(other.description(ofStep: group) == "make the sandbox: control group /g")
        #expect(other.description(ofStep: value) == "make the sandbox: control group's pids.max=6")
        other.parts = [.processes(at: "/proc"), .disk("/d", at: "/tmp"), .root("/r")]
        let last = Int32(other.entries.count) - 1
        #expect(other.description(ofStep: last) == "make the sandbox: mount the root file system")
        #expect(other.description(ofStep: last - 2) == "make the sandbox: mount the disk /tmp")
        #expect(other.description(ofStep: last - 4) == "make the sandbox: mount /proc")
    }

    @Test(arguments: Int32(-8)...(-1)) func everyOtherStepHasAName(step: Int32) {
        let text = Self.room.description(ofStep: step)
        #expect(text.hasPrefix("make the sandbox: ") && text.count > 22)
    }

    @Test(arguments: [6, 1_000, Int32.max, -9, .min]) func whatIsNoStepIsDescribedAllTheSame(step: Int32) {
        #expect(Self.room.description(ofStep: step).hasPrefix("make the sandbox"))
    }
}
