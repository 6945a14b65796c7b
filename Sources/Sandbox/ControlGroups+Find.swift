#if os(Linux)

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

extension ControlGroups {
    /// Looks, which takes a tenth of a millisecond.
    package static func find() -> ControlGroups {
        guard let own = ProcFile.read("/proc/self/cgroup"),
            let mounts = ProcFile.read("/proc/self/mountinfo", atMost: 1 << 20)
        else {
            return ControlGroups()
        }
        return find(own: String(decoding: own, as: UTF8.self), mounts: String(decoding: mounts, as: UTF8.self), .real)
    }

    /// The same from the texts of /proc/self/cgroup and /proc/self/mountinfo.
    static func find(own: String, mounts: String, _ directories: CgroupDirectories) -> ControlGroups {
        find(in: CgroupMount.all(in: mounts), ownPaths: ownPaths(own), directories)
    }

    /// Removes groups of Apuses that were killed together with their launchers. A group with a process in it stays.
    func removeLeftovers() {
        let places = Set([memory, processes, cpu, freezer].compactMap { $0?.directory })
        for directory in places {
            for name in HostFile.names(in: directory, atMost: 10_000) where name.hasPrefix("apus-") {
                let parts = name.split(separator: "-")
                guard parts.count > 1, let process = Int32(parts[1]), kill(process, 0) != 0, errno == ESRCH else {
                    continue
                }
                _ = rmdir(directory + "/" + name)
            }
        }
    }

    private static func find(
        in mounts: [CgroupMount],
        ownPaths: [String: String],
        _ directories: CgroupDirectories
    ) -> ControlGroups {
        var result = ControlGroups()
        for mount in mounts where mount.version == 2 {
            let places = candidates(mount.directory, ownPaths[""]).filter {
                directories.exist($0) && directories.areWritable($0)
            }
            // A process is in one group of version 2 only: one place for everything. The most important decides.
            let best = ["memory", "pids", "cpu"].lazy
                .compactMap { controller in places.first { directories.delegatedControllers($0).contains(controller) } }
                .first
            guard let directory = best ?? places.first else { continue }
            let place = Place(directory: directory, version: 2)
            let controllers = directories.delegatedControllers(directory)
            result.freezer = place
            result.memory = controllers.contains("memory") ? place : nil
            result.processes = controllers.contains("pids") ? place : nil
            result.cpu = controllers.contains("cpu") ? place : nil
        }
        for mount in mounts where mount.version == 1 {
            for controller in mount.controllers {
                // Below the own group, whose limits hold for the function too.
                let nearest = candidates(mount.directory, ownPaths[controller]).first(where: directories.exist)
                guard let own = nearest, directories.areWritable(own) else { continue }
                let place = Place(directory: own, version: 1)
                switch controller {
                case "memory" where result.memory == nil: result.memory = place
                case "pids" where result.processes == nil: result.processes = place
                case "cpu" where result.cpu == nil: result.cpu = place
                default: break
                }
            }
        }
        return result
    }

    /// The paths of this process's groups, by controller; that of version 2 has no name.
    private static func ownPaths(_ text: String) -> [String: String] {
        var result: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            for controller in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
                result[String(controller)] = String(parts[2])
            }
        }
        return result
    }

    /// The directories of the own group and of those above it, nearest first, as far as this mount shows them.
    private static func candidates(_ mount: String, _ path: String?) -> [String] {
        var result: [String] = []
        var parts = (path ?? "/").split(separator: "/")
        while !parts.isEmpty {
            result.append(mount + "/" + parts.joined(separator: "/"))
            parts.removeLast()
        }
        result.append(mount)
        return result
    }
}

/// What has to be known of directories of control groups.
struct CgroupDirectories {
    var exist: (String) -> Bool
    /// Whether a process may be moved to a new group there.
    var areWritable: (String) -> Bool
    /// Of version 2: what new groups there can be limited in.
    var delegatedControllers: (String) -> [String]

    static var real: CgroupDirectories {
        CgroupDirectories(
            exist: { HostFile.kind($0) == .directory },
            areWritable: { access($0, W_OK) == 0 && access($0 + "/cgroup.procs", W_OK) == 0 },
            delegatedControllers: { directory in
                let text = ProcFile.read(directory + "/cgroup.subtree_control") ?? []
                return String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
            }
        )
    }
}

/// A mounted hierarchy of control groups.
struct CgroupMount: Hashable {
    var directory: String
    var version: Int
    var controllers: [String]

    /// From /proc/self/mountinfo; see proc(5).
    static func all(in text: String) -> [CgroupMount] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard let separator = fields.firstIndex(of: "-"), fields.count > separator + 3, separator > 4 else {
                return nil
            }
            let directory = String(fields[4])
            switch fields[separator + 1] {
            case "cgroup2": return CgroupMount(directory: directory, version: 2, controllers: [])
            case "cgroup":
                let options = fields[separator + 3].split(separator: ",").map(String.init)
                return CgroupMount(directory: directory, version: 1, controllers: options)
            default: return nil
            }
        }
    }
}

#endif
