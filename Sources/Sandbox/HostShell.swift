/// The `/bin/sh` of this machine, compared with Lambda's, which is bash.
struct HostShell: Sendable, Hashable {
    /// Whether scripts for `/bin/sh` find bash there already.
    var shIsBash: Bool
    /// The shell's name for messages, such as `dash`.
    var name: String
    /// Where bash is; `nil` when this machine has none.
    var bash: String?

    static func current() -> HostShell {
        #if os(Linux)
        let real = HostFile.realPath("/bin/sh") ?? "/bin/sh"
        let name = String(real.split(separator: "/").last ?? "sh")
        let candidates = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"]
        return HostShell(shIsBash: name == "bash", name: name, bash: candidates.first(where: HostFile.isExecutable))
        #else
        // macOS: /bin/sh starts bash unless root has chosen another one.
        return HostShell(shIsBash: true, name: "bash", bash: "/bin/bash")
        #endif
    }
}
