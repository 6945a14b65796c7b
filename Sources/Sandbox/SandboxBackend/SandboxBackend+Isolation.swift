extension SandboxBackend {
    package var isolation: Isolation {
        let isRoot = support.outerUser == nil
        var result: [Isolation.Property: Isolation.Guarantee] = [
            .readOnlyRoot: .enforced("mount namespace"),
            .codeInVarTask: .enforced("read-only mount"),
            .layersInOpt: .enforced("read-only mount"),
            .hiddenHost: .enforced("mount and process namespaces"),
            .privateTmp: .enforced(disk == nil ? "tmpfs" : "ext4 on a loop device"),
            .sizedTmp: .enforced("\(ephemeralStorage) MB"),
            .functionUser: .enforced(isRoot ? "uid 993, gid 990" : "uid 993, gid 990 in a user namespace"),
            .noPrivileges: .enforced("no capabilities, no_new_privs, seccomp"),
            .ownProcesses: .enforced("process namespace"),
            .cleanEnvironment: .enforced("execve"),
            .descriptorLimit: .enforced("RLIMIT_NOFILE"),
            .freeze: .enforced(support.groups.freezer == nil ? "SIGSTOP" : "cgroup.freeze"),
        ]
        result[.processLimit] = .enforced(
            support.groups.processes.map { "cgroup v\($0.version)" }
                ?? (isRoot ? "RLIMIT_NPROC, all environments together" : "RLIMIT_NPROC")
        )
        result[.memoryLimit] = .enforced(
            support.groups.memory.map { "cgroup v\($0.version)" } ?? "resident memory is looked at every 5 to 100 ms"
        )
        result[.cpuShare] =
            support.groups.cpu.map { .enforced("cgroup v\($0.version), by weight") }
            ?? .absent("needs a control group that this user may write to")
        result[.privateNetwork] =
            network == .none ? .enforced("network namespace") : .absent("not asked for (--network none)")
        result[.amazonLinux] =
            rootfs.map { .enforced($0) } ?? .absent("this machine's own programs and libraries (--rootfs DIR)")
        return Isolation(backend: "sandbox", guarantees: result)
    }
}
