internal import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

extension ContainerBackend {
    package var isolation: Isolation {
        var isImage = false
        if case .image = content { isImage = true }
        return Self.isolation(
            by: engine,
            imageName: image.name,
            isImage: isImage,
            temporary: hasDiskForTemporary ? nil : function.ephemeralStorage
        )
    }

    /// What the backend gives with an engine.
    ///
    /// - Parameters:
    ///   - isImage: whether the function is the image.
    ///   - temporary: size of /tmp in MB; `nil`: it is a directory of this machine.
    package static func isolation(
        by engine: ContainerEngine,
        imageName: String,
        isImage: Bool = false,
        temporary: Int? = 512
    ) -> Isolation {
        let dialect = engine.dialect
        let isPodman = engine.kind == .podman
        let engine = engine.kind.rawValue
        let user = functionUser
        var result: [Isolation.Property: Isolation.Guarantee] = [
            .readOnlyRoot: .enforced("--read-only"),
            .codeInVarTask: .enforced("read-only mount"),
            .layersInOpt: .enforced("read-only mount"),
            .hiddenHost: .enforced("\(engine) container; its network is this machine's"),
            .privateTmp: .enforced(
                temporary == nil ? "a directory of this machine" : "tmpfs, counted as the function's memory"
            ),
            .sizedTmp: temporary.map { .enforced("\($0) MB") }
                ?? .absent("a directory of this machine (--tmp disk) has no size of its own"),
            .functionUser: .enforced("uid \(user.user), gid \(user.group)"),
            .noPrivileges: .enforced("no capabilities, no new privileges"),
            .ownProcesses: .enforced("\(engine) container; the bootstrap is process 1"),
            .cleanEnvironment: .enforced("the function's variables, those of the image, and what \(engine) adds"),
            .descriptorLimit: .enforced("--ulimit nofile"),
            .processLimit: .enforced("--pids-limit"),
            .memoryLimit: .enforced("--memory and --memory-swap"),
            .cpuShare: .absent("not asked of \(engine): rootless engines may not give it"),
            .freeze: isPodman && !ContainerEngine.isMac
                ? .enforced("SIGSTOP") : .absent("the processes belong to \(engine)"),
            .privateNetwork: .absent("the Runtime API is served outside of the container"),
            .amazonLinux: .enforced("the userland of \(imageName)"),
        ]
        if isImage {
            result[.codeInVarTask] = .enforced("the image's own, read-only")
            result[.layersInOpt] = .absent("an image has no layers of Lambda's")
        }
        if isPodman, !limitsWork {
            let reason = "podman ignores limits without root and control groups of version 2"
            result[.memoryLimit] = .absent(reason)
            result[.processLimit] = .absent(reason)
        }
        if dialect == .apple {
            result[.hiddenHost] = .enforced("a virtual machine of its own")
            result[.noPrivileges] = .absent("no option of \(engine); it is a virtual machine of its own")
            result[.descriptorLimit] = .absent("no option of \(engine)")
            result[.processLimit] = .absent("no option of \(engine)")
            result[.memoryLimit] = .enforced("the virtual machine's memory, its kernel included")
        }
        return Isolation(backend: "container", guarantees: result)
    }

    /// Podman, which has no daemon, has the rights of its user.
    private static var limitsWork: Bool {
        ContainerEngine.isMac || geteuid() == 0 || HostFile.kind("/sys/fs/cgroup/cgroup.controllers") != nil
    }
}
