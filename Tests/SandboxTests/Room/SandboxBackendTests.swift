#if os(Linux)
import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// Which room a function gets, and what its paths are on this machine.
@Suite struct SandboxBackendTests {
    private static func support(
        user: UInt32? = nil,
        _ groups: (inout ControlGroups) -> Void = { _ in }
    ) -> SandboxSupport {
        var support = SandboxSupport(outerUser: nil, groups: ControlGroups(), process: 77)
        support.outerUser = user.map { .init(user: $0, group: $0 + 1) }
        groups(&support.groups)
        return support
    }

    private static func backend(
        task: String = "/usr/share",
        layers: [String] = [],
        _ support: SandboxSupport = support(),
        memory: Int = 256,
        storage: Int = 600
    ) -> SandboxBackend {
        var function = FunctionConfiguration(name: "f")
        function.memorySize = memory
        function.ephemeralStorage = storage
        return SandboxBackend(function: function, taskRoot: task, layerRoots: layers, support: support)
    }

    private static func parts(_ backend: SandboxBackend, at target: String) throws -> [RoomSpecification.Part] {
        try backend.room().parts.filter { $0.target == target }
    }

    // MARK: User, network, storage

    @Test(arguments: [nil, 1_000, 0] as [UInt32?]) func theUserIsLambdas(outer: UInt32?) throws {
        let room = try Self.backend(Self.support(user: outer)).room()
        #expect(room.user == .init(user: 993, group: 990))
        #expect(room.outerUser == outer.map { .init(user: $0, group: $0 + 1) })
        #expect(room.hostname == "sandbox")
    }

    @Test(arguments: [(SandboxBackend.Network.host, nil), (.none, 9_001)] as [(SandboxBackend.Network, Int?)])
    func theRuntimeAPIIsWhereTheNetworkIs(network: SandboxBackend.Network, port: Int?) throws {
        var backend = Self.backend()
        backend.network = network
        #expect(try backend.room().privateNetworkPort == port)
        #expect(backend.view.runtimeAPIPort == port)
    }

    @Test(arguments: [false, true]) func theABIIsStrictWhereAskedFor(isStrict: Bool) throws {
        var backend = Self.backend()
        backend.isABIStrict = isStrict
        #expect(try backend.room().isABIStrict == isStrict)
    }

    @Test func tmpIsMemoryThatDoesNotCount() throws {
        let backend = Self.backend()
        let size = 600 << 20
        #expect(
            try Self.parts(backend, at: "/tmp") == [
                .directory("/tmp"), .memoryDisk(options: "size=\(size),mode=1777", at: "/tmp"),
            ]
        )
        #expect(try backend.room().scratch == "/tmp")
    }

    @Test func tmpMayBeADisk() throws {
        var backend = Self.backend()
        backend.disk = "/var/disk"
        #expect(try Self.parts(backend, at: "/tmp") == [.directory("/tmp"), .disk("/var/disk", at: "/tmp")])
        #expect(try backend.room().scratch == nil)
    }

    // MARK: Code and layers

    @Test func layersLieOverEachOther() throws {
        let scratch = try Scratch()
        let one = try scratch.makeDirectory("one"), two = try scratch.makeDirectory("two")
        func opt(_ layers: [String]) throws -> [RoomSpecification.Part] {
            try Array(Self.parts(Self.backend(layers: layers), at: "/opt").dropFirst())
        }
        #expect(try opt([]) == [])
        #expect(try opt([one]) == [.bind(one, at: "/opt")])
        #expect(try opt([one, two]) == [.overlay([one, two], at: "/opt")])
        #expect(try opt([two, one, two]) == [.overlay([two, one], at: "/opt")])
        #expect(try opt([one, one]) == [.bind(one, at: "/opt")])
    }

    /// The function's user may not enter what is its owner's alone; in a user namespace it is the owner itself.
    @Test func aClosedDirectoryIsOpenedByAnEmptyOne() throws {
        let scratch = try Scratch()
        let closed = try scratch.makeDirectory("closed"), open = try scratch.makeDirectory("open")
        try #require(chmod(closed, 0o700) == 0)
        func task(_ directory: String, _ user: UInt32?) throws -> RoomSpecification.Part? {
            try Self.parts(Self.backend(task: directory, Self.support(user: user)), at: "/var/task").last
        }
        #expect(try task(closed, nil) == .overlay(["", closed], at: "/var/task"))
        #expect(try task(open, nil) == .bind(open, at: "/var/task"))
        #expect(try task(closed, 1_000) == .bind(closed, at: "/var/task"))
        let layers = Self.backend(layers: [open, closed])
        #expect(try Self.parts(layers, at: "/opt").last == .overlay(["", open, closed], at: "/opt"))
    }

    @Test func aBootstrapFileLiesOverTheCode() throws {
        var backend = Self.backend()
        backend.bootstrapFile = "/usr/bin/env"
        let parts = try backend.room().parts
        let code = try #require(parts.firstIndex(of: .bind("/usr/share", at: "/var/task")))
        #expect(parts.firstIndex(of: .bind("/usr/bin/env", at: "/var/task/bootstrap")) == code + 1)
    }

    // MARK: The system

    @Test func ofThisMachineOnlyProgramsAndLibrariesAreThere() throws {
        let sources = try Self.backend().room().parts.flatMap(\.sources)
        for source in sources where source.hasPrefix("/") {
            let isSystem = (SandboxBackend.systemDirectories.map { "/" + $0 } + ["/etc", "/dev"]).contains {
                source == $0 || source.hasPrefix($0 + "/")
            }
            // Links that the room has of its own.
            #expect(isSystem || source.hasPrefix("/proc/self/fd"), "\(source)")
        }
        for secret in ["/", "/etc", "/etc/shadow", "/etc/ssh", "/home", "/root", "/var", "/run", "/tmp", "/dev"] {
            #expect(!sources.contains(secret))
        }
    }

    /// What is mounted comes after that, so that no link in it is on the way of anything that Apus makes.
    @Test func aRootTakesThePlaceOfThisMachinesFiles() throws {
        var backend = Self.backend()
        backend.rootfs = "/var/root"
        let parts = try backend.room().parts
        let root = try #require(parts.firstIndex(of: .root("/var/root")))
        #expect(!parts.contains { $0.target == "/usr" || $0.target == "/bin" })
        for part in parts[..<root] { #expect(!part.isMount, "\(part)") }
        for part in parts[(root + 1)...] { #expect(part.isMount, "\(part)") }
        // All mount points are made before.
        for part in parts[(root + 1)...] { #expect(parts[..<root].contains { $0.target == part.target }, "\(part)") }
    }

    @Test func theBaseHidesNoSource() throws {
        #expect(try Self.backend().room().base == "/sys")
        for change: (inout SandboxBackend) -> Void in [
            { $0.taskRoot = "/sys/task" }, { $0.layerRoots = ["/usr/lib", "/sys"] }, { $0.rootfs = "/sys/root" },
            { $0.disk = "/sys/disk" }, { $0.bootstrapFile = "/sys/file" },
        ] {
            var backend = Self.backend()
            change(&backend)
            #expect(try backend.room().base == "/mnt")
        }
        var backend = Self.backend()
        backend.taskRoot = "/system"
        #expect(try backend.room().base == "/sys")
    }

    // MARK: Limits

    private static func place(_ directory: String, _ version: Int) -> ControlGroups.Place {
        .init(directory: directory, version: version)
    }

    @Test func withoutGroupsTheLauncherWatches() throws {
        let room = try Self.backend().room()
        #expect(room.groups == [])
        #expect(room.watchedMemoryBytes == 256 << 20)
        #expect(room.processLimit == 1_024)
        #expect(room.freezer == nil)
    }

    @Test func versionTwoNeedsOneGroup() throws {
        let place = Self.place("/cg", 2)
        let support = Self.support {
            $0 = ControlGroups(); $0.memory = place; $0.processes = place; $0.cpu = place; $0.freezer = place
        }
        let room = try Self.backend(support, memory: 1_769).room()
        let group = try #require(room.groups.first)
        #expect(room.groups.count == 1)
        #expect(group.path.hasPrefix("/cg/apus-77-"))
        #expect(group.role == .memory(bytes: 1_769 << 20))
        #expect(
            group.values == [
                .init(file: "memory.max", value: String((1_769 + 600 + 64) << 20)),
                .init(file: "memory.swap.max", value: "0", isOptional: true),
                .init(file: "pids.max", value: "1024"), .init(file: "cpu.weight", value: "100"),
            ]
        )
        #expect(room.freezer == 0)
        #expect(room.watchedMemoryBytes == nil && room.processLimit == nil)
        #expect(try Self.backend(support).room().groups[0].path != group.path, "no two rooms share a group")
    }

    @Test func versionOneNeedsOneForEachController() throws {
        let support = Self.support {
            $0.memory = Self.place("/memory/own", 1)
            $0.processes = Self.place("/pids", 1)
            $0.cpu = Self.place("/cpu", 1)
            $0.freezer = Self.place("/unified", 2)
        }
        let room = try Self.backend(support, memory: 1_769).room()
        #expect(
            room.groups.map { $0.path.split(separator: "apus-77-").first } == [
                "/memory/own/", "/pids/", "/cpu/", "/unified/",
            ]
        )
        #expect(room.groups.map(\.version) == [1, 1, 1, 2])
        #expect(room.groups[0].values.map(\.file) == ["memory.limit_in_bytes", "memory.swappiness"])
        #expect(room.groups[2].values == [.init(file: "cpu.shares", value: "1024")])
        #expect(room.freezer == 3)
    }

    @Test func eachLimitFallsBackByItself() throws {
        let room = try Self.backend(Self.support { $0.processes = Self.place("/pids", 1) }).room()
        #expect(room.watchedMemoryBytes == 256 << 20 && room.processLimit == nil && room.groups.count == 1)
    }

    // MARK: Paths

    @Test func pathsOfTheRoomAreFoundOnThisMachine() throws {
        let scratch = try Scratch()
        let one = try scratch.makeDirectory("one"), two = try scratch.makeDirectory("two")
        try scratch.write("two/only", "")
        try scratch.write("one/both", "")
        try scratch.write("two/both", "")
        var backend = Self.backend(task: "/work/code", layers: [one, two])
        for (path, expected) in [
            ("/var/task/bin/x", "/work/code/bin/x"), ("/opt/only", two + "/only"), ("/opt/both", one + "/both"),
            ("/opt/neither", "/opt/neither"), ("/usr/lib/libc.so.6", "/usr/lib/libc.so.6"),
            ("/var/tasks/x", "/var/tasks/x"),
            ("/var/task/bootstrap", "/work/code/bootstrap"), ("[vdso]", "[vdso]"),
        ] {
            #expect(backend.hostPath(of: path) == expected)
        }
        backend.rootfs = "/root-fs"
        backend.bootstrapFile = "/elsewhere/program"
        #expect(backend.hostPath(of: "/usr/lib/libc.so.6") == "/root-fs/usr/lib/libc.so.6")
        #expect(backend.hostPath(of: "/var/task/bootstrap") == "/elsewhere/program")
        #expect(backend.hostPath(of: "/var/task/other") == "/work/code/other")
    }
}

extension RoomSpecification.Part {
    fileprivate var target: String {
        switch self {
        case .directory(let target), .processes(let target): target
        case .bind(_, let target), .device(_, let target), .link(_, let target), .copy(_, let target): target
        case .text(_, let target), .overlay(_, let target), .memoryDisk(_, let target), .disk(_, let target): target
        case .root: "/"
        }
    }

    fileprivate var sources: [String] {
        switch self {
        case .bind(let source, _), .device(let source, _), .link(let source, _), .copy(let source, _): [source]
        case .root(let source), .disk(let source, _): [source]
        case .overlay(let sources, _): sources
        case .directory, .text, .memoryDisk, .processes: []
        }
    }

    fileprivate var isMount: Bool {
        switch self {
        case .bind, .device, .overlay, .root, .memoryDisk, .disk, .processes: true
        case .directory, .link, .copy, .text: false
        }
    }
}
#endif
