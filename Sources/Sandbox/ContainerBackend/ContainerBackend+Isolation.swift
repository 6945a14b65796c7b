internal import LambdaModel

extension ContainerBackend {
    package var isolation: Isolation {
        let engine = engine.kind.rawValue
        let user = Self.functionUser
        var result: [Isolation.Property: Isolation.Guarantee] = [
            .readOnlyRoot: .enforced("--read-only"),
            .codeInVarTask: .enforced("read-only mount"),
            .layersInOpt: .enforced("read-only mount"),
            .hiddenHost: .enforced("\(engine) container"),
            .privateTmp: .enforced(
                hasDiskForTemporary ? "a directory of this machine" : "tmpfs, counted as the function's memory"
            ),
            .sizedTmp: hasDiskForTemporary
                ? .absent("a directory of this machine (--tmp disk) has no size of its own")
                : .enforced("\(function.ephemeralStorage) MB"),
            .functionUser: .enforced("uid \(user.user), gid \(user.group)"),
            .noPrivileges: .enforced("no capabilities, no new privileges"),
            .ownProcesses: .enforced("\(engine) container; the bootstrap is process 1"),
            .cleanEnvironment: .enforced("the function's variables, those of the image, and what \(engine) adds"),
            .descriptorLimit: .enforced("--ulimit nofile"),
            .processLimit: .enforced("--pids-limit"),
            .memoryLimit: .enforced("--memory and --memory-swap"),
            .cpuShare: .absent("not asked of \(engine): rootless engines may not give it"),
            .freeze: self.engine.kind == .podman && !ContainerEngine.isMac
                ? .enforced("SIGSTOP") : .absent("the processes belong to \(engine)"),
            .privateNetwork: .absent("the Runtime API is served outside of the container"),
            .amazonLinux: .enforced(image.name),
        ]
        if case .image = content {
            result[.codeInVarTask] = .enforced("the image's own, read-only")
            result[.layersInOpt] = .absent("an image has no layers of Lambda's")
        }
        if self.engine.dialect == .apple {
            result[.hiddenHost] = .enforced("a virtual machine of its own")
            result[.noPrivileges] = .absent("no option of \(engine); it is a virtual machine of its own")
            result[.descriptorLimit] = .absent("no option of \(engine)")
            result[.processLimit] = .absent("no option of \(engine)")
            result[.memoryLimit] = .enforced("the virtual machine's memory, its kernel included")
        }
        return Isolation(backend: "container", guarantees: result)
    }
}
