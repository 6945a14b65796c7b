#if os(Linux)
import Testing

@testable import Sandbox

/// Where groups are made, from what /proc says.
@Suite struct ControlGroupsTests {
    private static let hybridMounts = """
        23 30 0:21 / /proc rw,nosuid - proc proc rw
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:7 master:3 - cgroup cgroup rw,memory
        39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
        40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
        """
    private static let hybridOwn = "9:name=systemd:/\n8:pids:/\n4:memory:/jobs/one\n1:cpu,cpuacct:/\n0::/\n"

    private static func directories(
        writable: Set<String>,
        missing: Set<String> = [],
        delegated: [String: [String]] = [:]
    ) -> CgroupDirectories {
        CgroupDirectories(
            exist: { !missing.contains($0) },
            areWritable: writable.contains,
            delegatedControllers: { delegated[$0] ?? [] }
        )
    }

    private static func groups(
        memory: (String, Int)? = nil,
        processes: (String, Int)? = nil,
        cpu: (String, Int)? = nil,
        freezer: String? = nil
    ) -> ControlGroups {
        func place(_ pair: (String, Int)) -> ControlGroups.Place { .init(directory: pair.0, version: pair.1) }
        var result = ControlGroups()
        result.memory = memory.map(place)
        result.processes = processes.map(place)
        result.cpu = cpu.map(place)
        result.freezer = freezer.map { place(($0, 2)) }
        return result
    }

    @Test func findsMounts() {
        #expect(
            CgroupMount.all(in: Self.hybridMounts + "\nno such line\n1 2 3 4 5 6 - cgroup2\n") == [
                CgroupMount(
                    directory: "/sys/fs/cgroup/cpu,cpuacct",
                    version: 1,
                    controllers: ["rw", "cpu", "cpuacct"]
                ),
                CgroupMount(directory: "/sys/fs/cgroup/memory", version: 1, controllers: ["rw", "memory"]),
                CgroupMount(directory: "/sys/fs/cgroup/pids", version: 1, controllers: ["rw", "pids"]),
                CgroupMount(directory: "/sys/fs/cgroup/systemd", version: 1, controllers: ["rw", "name=systemd"]),
                CgroupMount(directory: "/sys/fs/cgroup/unified", version: 2, controllers: []),
            ]
        )
    }

    /// Both versions: what version 2 has no controller for is left to version 1, below the own group.
    @Test func hybridAsRoot() {
        let found = ControlGroups.find(
            own: Self.hybridOwn,
            mounts: Self.hybridMounts,
            Self.directories(
                writable: [
                    "/sys/fs/cgroup/unified", "/sys/fs/cgroup/memory/jobs/one", "/sys/fs/cgroup/memory",
                    "/sys/fs/cgroup/pids", "/sys/fs/cgroup/cpu,cpuacct",
                ]
            )
        )
        #expect(
            found
                == Self.groups(
                    memory: ("/sys/fs/cgroup/memory/jobs/one", 1),
                    processes: ("/sys/fs/cgroup/pids", 1),
                    cpu: ("/sys/fs/cgroup/cpu,cpuacct", 1),
                    freezer: "/sys/fs/cgroup/unified"
                )
        )
    }

    /// Outside of the own group its limits would not hold, so that a writable one above does not do.
    @Test func versionOneIsUsedOnlyBelowTheOwnGroup() {
        let found = ControlGroups.find(
            own: Self.hybridOwn,
            mounts: Self.hybridMounts,
            Self.directories(writable: ["/sys/fs/cgroup/memory"])
        )
        #expect(found == Self.groups())
    }

    /// In a container the mount shows only the own group, whose path outside leads nowhere.
    @Test func aContainersMountBeginsAtItsGroup() {
        let found = ControlGroups.find(
            own: "4:memory:/docker/abc\n0::/docker/abc\n",
            mounts: """
                35 31 0:32 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
                41 31 0:38 /docker/abc /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
                """,
            Self.directories(
                writable: ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified"],
                missing: [
                    "/sys/fs/cgroup/memory/docker/abc", "/sys/fs/cgroup/memory/docker",
                    "/sys/fs/cgroup/unified/docker/abc", "/sys/fs/cgroup/unified/docker",
                ]
            )
        )
        #expect(found == Self.groups(memory: ("/sys/fs/cgroup/memory", 1), freezer: "/sys/fs/cgroup/unified"))
    }

    private static let unifiedMount = "41 31 0:38 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
    private static let session = "/sys/fs/cgroup/user.slice/user@1000.service/app.slice"

    /// The nearest group from which the controller of memory is handed down, for everything: a process is in one group.
    @Test func versionTwoWithDelegation() {
        let service = "/sys/fs/cgroup/user.slice/user@1000.service"
        let found = ControlGroups.find(
            own: "0::/user.slice/user@1000.service/app.slice\n",
            mounts: Self.unifiedMount,
            Self.directories(
                writable: [Self.session, service],
                delegated: [
                    service: ["memory", "pids"], "/sys/fs/cgroup": ["cpu", "memory", "pids"],
                    "/sys/fs/cgroup/user.slice": ["cpu"],
                ]
            )
        )
        #expect(found == Self.groups(memory: (service, 2), processes: (service, 2), freezer: service))
    }

    /// As on desktops: only further out the controller of CPUs is handed down, too.
    @Test func versionTwoUsesOnePlace() {
        let service = "/sys/fs/cgroup/user.slice/user@1000.service"
        let found = ControlGroups.find(
            own: "0::/user.slice/user@1000.service/app.slice/terminal.scope\n",
            mounts: Self.unifiedMount,
            Self.directories(
                writable: [Self.session + "/terminal.scope", Self.session, service],
                delegated: [Self.session: ["memory", "pids"], service: ["cpu", "memory", "pids"]]
            )
        )
        #expect(found == Self.groups(memory: (Self.session, 2), processes: (Self.session, 2), freezer: Self.session))
    }

    @Test func versionTwoWithoutMemory() {
        let scope = Self.session + "/terminal.scope"
        let found = ControlGroups.find(
            own: "0::/user.slice/user@1000.service/app.slice/terminal.scope\n",
            mounts: Self.unifiedMount,
            Self.directories(writable: [scope, Self.session], delegated: [Self.session: ["pids"]])
        )
        #expect(found == Self.groups(processes: (Self.session, 2), freezer: Self.session))
    }

    @Test(arguments: ["", "0::/user.slice\n", "nonsense", "::::\n"])
    func withoutRightsThereIsNothing(own: String) {
        for mounts in [Self.unifiedMount, "", Self.hybridMounts] {
            let found = ControlGroups.find(own: own, mounts: mounts, Self.directories(writable: []))
            #expect(found == Self.groups())
        }
    }
}
#endif
