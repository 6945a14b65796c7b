internal import LambdaModel

/// One container to run, as the command line of any engine.
struct ContainerRun: Hashable {
    struct Mount: Hashable {
        /// Of this machine, absolute.
        var source: String
        var target: String
        var isReadOnly = true
    }

    var name: String
    var image: String
    var architecture: Architecture
    /// In MB, swap included.
    var memory: Int
    /// Size of /tmp in MB; `nil`: it is one of the mounts.
    var temporary: Int?
    var mounts: [Mount] = []
    /// The file of plain variables, and the names of those that the client hands on from its own environment.
    var variableFile: String
    var inheritedNames: [String] = []
    var workingDirectory: String?
    /// The first word replaces the image's entry point; `nil`: that stays.
    var entrypoint: [String]?
    /// Replaces the image's command; empty: that stays, unless there is an entry point.
    var command: [String] = []
    var sharesHostNetwork: Bool

    /// By which leftovers of all environments can be found: `docker ps --filter label=apus`.
    static let label = "apus"
    /// Processes and threads, as in the sandbox.
    static let processLimit = 1024
    static let descriptorLimit = 1024

    /// Everything behind the engine's name.
    func arguments(for engine: ContainerEngine) -> [String] {
        let options =
            switch engine.dialect {
            case .docker: dockerOptions(engine.kind)
            case .apple: appleOptions
            }
        let entry = entrypoint.flatMap { $0.first.map { ["--entrypoint", $0] } } ?? []
        let directory = workingDirectory.map { ["--workdir", $0] } ?? []
        let words = (entrypoint ?? []).dropFirst() + command
        return ["run", "--name", name, "--label", Self.label] + options + mountOptions + variableOptions + directory
            + entry
            + [image] + words
    }

    // MARK: Dialects

    private func dockerOptions(_ kind: ContainerEngine.Kind) -> [String] {
        let user = ContainerBackend.functionUser
        var result = ["--platform", platform, "--pull", "never", "--read-only"]
        // Podman's own idea of read-only has writable directories, and hands the user's proxies on.
        if kind == .podman { result += ["--read-only-tmpfs=false", "--http-proxy=false"] }
        if sharesHostNetwork { result += ["--network", "host"] }
        result += ["--add-host", "sandbox.localdomain:127.0.0.1"]
        result += ["--user", "\(user.user):\(user.group)", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
        if kind == .podman || kind == .docker {
            // SELinux would keep the container from the user's files, and relabelling them is not ours to do.
            result += ["--security-opt", "label=disable", "--log-driver", "none"]
        }
        result += ["--memory", bytes(memory), "--memory-swap", bytes(memory)]
        result += ["--pids-limit", String(Self.processLimit)]
        result += ["--ulimit", "nofile=\(Self.descriptorLimit):\(Self.descriptorLimit)", "--ulimit", "core=0:0"]
        // Docker's default is noexec, podman's is not.
        if let temporary { result += ["--tmpfs", "/tmp:rw,exec,nosuid,nodev,size=\(temporary)m,mode=1777"] }
        return result
    }

    /// What Apple's engine has no options for, its virtual machine of one container gives in part.
    private var appleOptions: [String] {
        let user = ContainerBackend.functionUser
        var result = ["--platform", platform, "--progress", "none", "--read-only", "--memory", "\(memory)M"]
        result += ["--uid", String(user.user), "--gid", String(user.group)]
        if let temporary { result += ["--mount", "type=tmpfs,target=/tmp,size=\(temporary)m,mode=1777"] }
        return result
    }

    private var mountOptions: [String] {
        mounts.flatMap { mount in
            let fields = ["type=bind", "source=\(mount.source)", "target=\(mount.target)"]
            return [
                "--mount", (fields + (mount.isReadOnly ? ["readonly"] : [])).map(Self.field).joined(separator: ","),
            ]
        }
    }

    private var variableOptions: [String] {
        ["--env-file", variableFile] + inheritedNames.sorted().flatMap { ["--env", $0] }
    }

    private var platform: String { Self.platform(of: architecture) }

    static func platform(of architecture: Architecture) -> String {
        switch architecture {
        case .x86_64: "linux/amd64"
        case .arm64: "linux/arm64"
        }
    }

    private func bytes(_ megabytes: Int) -> String { String(megabytes << 20) }

    /// A field of comma-separated values.
    private static func field(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
