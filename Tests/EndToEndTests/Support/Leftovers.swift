/// What sandboxes could leave on this machine.
struct Leftovers {
    /// Mount points of this process's namespace, with their number.
    private let mounts: [String]
    /// Owners and modes of the control groups that are not of Apus's making, by their paths.
    private let owners: [String: String]

    /// Looks before anything is started.
    init() async throws {
        mounts = try Self.mountPoints()
        owners = try await Self.groupOwners()
    }

    /// What is there now and was not before, of the Apuses with these process ids.
    func found(of processes: [Int32], _ fixture: Fixture) async throws -> [String] {
        var result = try await Self.groups(of: processes)
        if try Self.mountPoints() != mounts { result.append("mounts") }
        // Groups of others come and go.
        for (path, now) in try await Self.groupOwners() {
            if let before = owners[path], before != now { result.append("\(path): \(now) instead of \(before)") }
        }
        result += try Self.loopDevices().filter { $0.contains(fixture.root) }
        result += try fixture.temporaryFiles()
        return result + fixture.processes().map { "process \($0)" }
    }

    /// Control groups that Apuses with these process ids have made.
    static func groups(of processes: [Int32]) async throws -> [String] {
        let all = try await find("-name", "apus-*")
        return all.filter { path in processes.contains { path.contains("/apus-\($0)-") } }
    }

    private static func groupOwners() async throws -> [String: String] {
        let lines = try await find("-not", "-name", "apus-*", "-printf", "%U:%G %m %p\n")
        let pairs = lines.map { $0.split(separator: " ", maxSplits: 2).map(String.init) }.filter { $0.count == 3 }
        return Dictionary(pairs.map { ($0[2], $0[0] + " " + $0[1]) }) { first, _ in first }
    }

    private static func find(_ options: String...) async throws -> [String] {
        guard Files.exists("/sys/fs/cgroup") else { return [] }
        return try await Fixture.with { fixture in
            // Groups of others come and go meanwhile, which find complains about.
            let outcome = try await fixture.run("/usr/bin/find", ["/sys/fs/cgroup", "-type", "d"] + options)
            return outcome.text.split(separator: "\n").map(String.init)
        }
    }

    private static func mountPoints() throws -> [String] {
        String(decoding: try Files.read("/proc/self/mountinfo"), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func loopDevices() throws -> [String] {
        let names = Files.exists("/sys/block") ? try Files.names(in: "/sys/block") : []
        return names.filter { $0.hasPrefix("loop") }.compactMap { name in
            let file = "/sys/block/\(name)/loop/backing_file"
            return (try? Files.read(file)).map { "\(name) " + String(decoding: $0, as: UTF8.self) }
        }
    }
}
