#if os(Linux)

internal import LambdaModel

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A trial: a room as small as can be, in which the start of a program has to fail as it should.
struct SandboxProbe {
    private let support: SandboxSupport

    init(_ support: SandboxSupport) {
        self.support = support
    }

    /// In ms; it needs less than 10.
    private static let patience: Int32 = 5_000

    func run() throws(SandboxSupport.Refusal) {
        let backend = SandboxBackend(
            function: FunctionConfiguration(name: "probe"),
            taskRoot: "/usr",
            support: support
        )
        do throws(LaunchFailure) {
            var room = try backend.room()
            room.parts = Self.parts
            // Where groups can be made has been looked at; to join one may take longer than all the rest.
            room.groups = []
            room.freezer = nil
            // A directory: everything has gone well when the kernel refuses to execute it.
            var specification = LaunchSpecification(
                executable: "/proc",
                arguments: ["probe"],
                environment: [:],
                workingDirectory: "/"
            )
            specification.room = room
            try judge(LaunchTrial.run(specification, patience: Self.patience).messages, room)
        } catch {
            throw Self.refusal(error)
        }
    }

    private static let parts: [RoomSpecification.Part] = [
        .directory("/proc"), .directory("/tmp"), .directory("/mnt"), .processes(at: "/proc"),
        .device("/dev/null", at: "/null"), .bind("/usr", at: "/usr"), .memoryDisk(options: "size=1m", at: "/tmp"),
        .overlay(["", "/usr"], at: "/opt"),
    ]

    private func judge(_ messages: [LauncherMessage], _ room: RoomSpecification) throws(LaunchFailure) {
        for message in messages {
            switch message {
            case .execFailed(EACCES): return
            case .execFailed(let code): throw .host(code: code, operation: "start a program in the sandbox")
            case .roomFailed(let step, let code):
                throw .host(code: code, operation: room.description(ofStep: step))
            default: continue
            }
        }
        throw .host(code: EIO, operation: "start a program in the sandbox")
    }

    private static func refusal(_ failure: LaunchFailure) -> SandboxSupport.Refusal {
        guard case .host(let code, let operation) = failure else {
            return .init(reason: failure.lambdaMessage, hint: "")
        }
        let hint =
            switch code {
            case EPERM, EACCES, EINVAL:
                "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, "
                    + "kernel.apparmor_restrict_unprivileged_userns=0; in a container: --privileged), or run apus as root"
            case ENOSPC: "raise user.max_user_namespaces (sysctl)"
            case ENOSYS: "Linux 5.12 or later is needed"
            default: "use --backend process"
            }
        return .init(reason: "\(operation): \(ErrnoName.lambdaName(of: code))", hint: hint)
    }
}

#endif
