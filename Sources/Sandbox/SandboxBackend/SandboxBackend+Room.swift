internal import LambdaModel

extension SandboxBackend {
    /// The room, with control groups of names that nobody else has.
    func room() throws(LaunchFailure) -> RoomSpecification {
        var room = RoomSpecification(base: try base(), user: Self.functionUser, hostname: "sandbox")
        room.outerUser = support.outerUser
        room.privateNetworkPort = network == .none ? Self.runtimeAPIPort : nil
        room.isABIStrict = isABIStrict
        room.parts = Self.skeleton + Self.ownFiles
        // The emulator is no part of the function's system, but has to be where it is looked for.
        if placesEmulator { room.parts += [.directory("/var/apus"), .text("", at: Self.emulatorPlace)] }
        room.parts += rootfs.map(partsOfRoot(below:)) ?? partsOfHost()
        if placesEmulator, let emulation { room.parts.append(.bind(emulation.emulator, at: Self.emulatorPlace)) }
        room.parts += ownParts
        room.scratch = disk == nil ? "/tmp" : nil
        limit(&room)
        return room
    }

    /// A directory that no source lies in and that every Linux has: what is mounted there hides what was there before.
    private func base() throws(LaunchFailure) -> String {
        let sources = [taskRoot, bootstrapFile, rootfs, disk, emulation?.emulator].compactMap(\.self) + layerRoots
        for candidate in ["/sys", "/mnt", "/srv", "/media", "/boot"] where HostFile.kind(candidate) == .directory {
            if !sources.contains(where: { $0 == candidate || $0.hasPrefix(candidate + "/") }) { return candidate }
        }
        throw .host(code: 2, operation: "find a directory for the sandbox's root")
    }

    // MARK: What is the function's

    private var ownParts: [RoomSpecification.Part] {
        let megabyte = 1 << 20
        var parts: [RoomSpecification.Part] = [.processes(at: "/proc")]
        parts += Self.devices.map { .device($0, at: $0) }
        parts += directory([taskRoot], at: "/var/task")
        if let bootstrapFile { parts.append(.bind(bootstrapFile, at: "/var/task/bootstrap")) }
        if !layerRoots.isEmpty { parts += directory(layerRoots, at: "/opt") }
        if let disk {
            parts.append(.disk(disk, at: "/tmp"))
        } else {
            parts.append(.memoryDisk(options: "size=\(ephemeralStorage * megabyte),mode=1777", at: "/tmp"))
        }
        return parts
    }

    /// Directories of this machine, over each other.
    private func directory(_ roots: [String], at target: String) -> [RoomSpecification.Part] {
        var unique: [String] = []
        for root in roots where !unique.contains(root) { unique.append(root) }
        // /var/task and /opt are open to everybody on Lambda, whatever the files in them are: an empty directory on top.
        if support.outerUser == nil, unique.contains(where: { !HostFile.isOpenToAll($0) }) { unique.insert("", at: 0) }
        return unique.count > 1 ? [.overlay(unique, at: target)] : [.bind(unique[0], at: target)]
    }

    private static let devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"]

    // MARK: What is the system's

    /// Directories that the function's own parts are mounted on. Below a root from elsewhere nothing can be made later.
    private static let skeleton: [RoomSpecification.Part] = [
        .directory("/proc"), .directory("/dev"), .directory("/tmp"), .directory("/opt"), .directory("/mnt"),
        .directory("/var"), .directory("/var/task"), .directory("/var/runtime"), .directory("/etc"),
    ]

    private static let ownFiles: [RoomSpecification.Part] =
        devices.map { .text("", at: $0) } + [
            .link(to: "/proc/self/fd", at: "/dev/fd"), .link(to: "/proc/self/fd/0", at: "/dev/stdin"),
            .link(to: "/proc/self/fd/1", at: "/dev/stdout"), .link(to: "/proc/self/fd/2", at: "/dev/stderr"),
            .text(
                """
                127.0.0.1 localhost localhost.localdomain sandbox sandbox.localdomain
                ::1 localhost localhost.localdomain

                """,
                at: "/etc/hosts"
            ),
            .text("sandbox\n", at: "/etc/hostname"),
            .text(
                """
                root:x:0:0:root:/root:/sbin/nologin
                sbx_user1051:x:\(functionUser.user):\(functionUser.group)::/home/sbx_user1051:/sbin/nologin

                """,
                at: "/etc/passwd"
            ),
            .text("root:x:0:\nsbx_user1051:x:\(functionUser.group):\n", at: "/etc/group"),
        ]

    /// This machine's programs and libraries, and of /etc what they need to find each other, names, certificates and time.
    private func partsOfHost() -> [RoomSpecification.Part] {
        var parts: [RoomSpecification.Part] = []
        for name in Self.systemDirectories {
            let path = "/" + name
            if let target = HostFile.linkTarget(path) {
                parts.append(.link(to: target, at: path))
            } else if HostFile.kind(path) == .directory {
                parts.append(.bind(path, at: path))
            }
        }
        for name in ["ssl", "pki", "ca-certificates", "crypto-policies", "alternatives"] {
            let path = "/etc/" + name
            if HostFile.kind(path) == .directory, !HostFile.isLink(path) { parts.append(.bind(path, at: path)) }
        }
        let files = [
            "ld.so.cache", "resolv.conf", "nsswitch.conf", "host.conf", "gai.conf", "protocols", "services",
            "localtime",
            "os-release", "mime.types",
        ]
        parts += files.map { .copy("/etc/" + $0, at: "/etc/" + $0) }
        let shell = HostShell.current()
        if !shell.shIsBash, let bash = shell.bash, let sh = HostFile.realPath("/bin/sh") {
            parts.append(.bind(bash, at: sh))
        }
        return parts
    }

    /// A root file system from elsewhere, over which only names and users are Apus's.
    private func partsOfRoot(below rootfs: String) -> [RoomSpecification.Part] {
        [.copy("/etc/resolv.conf", at: "/etc/resolv.conf"), .root(rootfs)]
    }

    // MARK: Limits

    private func limit(_ room: inout RoomSpecification) {
        let name = "apus-\(support.process)-" + RequestIdentifier.random()
        var groups: [RoomSpecification.Group] = []
        func add(_ values: [RoomSpecification.Group.Value], to place: ControlGroups.Place) -> Int {
            let path = place.directory + "/" + name
            let index = groups.firstIndex { $0.path == path } ?? groups.count
            if index == groups.count { groups.append(RoomSpecification.Group(path: path, version: place.version)) }
            groups[index].values += values
            return index
        }
        let bytes = memorySize << 20
        if let place = support.groups.memory {
            let index = add(memoryValues(version: place.version, bytes: bytes), to: place)
            groups[index].role = .memory(bytes: bytes)
        } else {
            room.watchedMemoryBytes = bytes
        }
        if let place = support.groups.processes {
            _ = add([.init(file: "pids.max", value: String(Self.processLimit))], to: place)
        } else {
            room.processLimit = Self.processLimit
        }
        if let place = support.groups.cpu { _ = add([cpuValue(version: place.version)], to: place) }
        if let place = support.groups.freezer { room.freezer = add([], to: place) }
        room.groups = groups
    }

    /// The kernel's own limit is the last line, behind the launcher's: /tmp may be full, and counts there.
    private func memoryValues(version: Int, bytes: Int) -> [RoomSpecification.Group.Value] {
        // What is written to a disk stays in memory for a while, and cannot be given back at once.
        let besides = disk == nil ? (ephemeralStorage + 64) << 20 : 512 << 20
        let limit = String(bytes + besides)
        return version == 2
            ? [.init(file: "memory.max", value: limit), .init(file: "memory.swap.max", value: "0", isOptional: true)]
            : [
                .init(file: "memory.limit_in_bytes", value: limit),
                .init(file: "memory.swappiness", value: "0", isOptional: true),
            ]
    }

    /// A share, no ceiling: alone on this machine a function is as fast as it can be.
    private func cpuValue(version: Int) -> RoomSpecification.Group.Value {
        let perCPU = Double(memorySize) / Double(Quotas.memoryMBPerCPU)
        return version == 2
            ? .init(file: "cpu.weight", value: String(max(1, min(10_000, Int(perCPU * 100)))))
            : .init(file: "cpu.shares", value: String(max(2, Int(perCPU * 1024))))
    }
}
