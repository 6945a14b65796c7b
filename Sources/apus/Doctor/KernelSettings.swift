#if os(Linux)

/// What Linux permits to this user, by the kernel's settings; not tried.
enum KernelSettings {
    /// `--cpu` and the diagnosis of crashes watch the function's processes with ptrace.
    static var tracing: DoctorCheck {
        let name = "process tracing"
        // 0 and 1 permit it for children, 2 for administrators only, 3 for nobody.
        let scope = number("/proc/sys/kernel/yama/ptrace_scope") ?? 0
        guard scope < 2 else {
            return DoctorCheck(
                name,
                .warning,
                "the kernel forbids it: kernel.yama.ptrace_scope is \(scope)",
                purpose: "--cpu, and naming the instruction that a function died of",
                remedy: "sudo sysctl kernel.yama.ptrace_scope=1"
            )
        }
        return DoctorCheck(name, .found, "permitted by the kernel's settings")
    }

    static var userNamespaces: DoctorCheck {
        let name = "user namespaces"
        let settings: [(path: String, forbids: Int, remedy: String)] = [
            ("/proc/sys/user/max_user_namespaces", 0, "sudo sysctl user.max_user_namespaces=15000"),
            ("/proc/sys/kernel/unprivileged_userns_clone", 0, "sudo sysctl kernel.unprivileged_userns_clone=1"),
            (
                "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1,
                "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
            ),
        ]
        for setting in settings where number(setting.path) == setting.forbids {
            let detail =
                "\(setting.path) is \(setting.forbids): none for ordinary users, so no backend sandbox without root"
            return DoctorCheck(name, .warning, detail, remedy: setting.remedy)
        }
        return DoctorCheck(name, .found, "permitted by the kernel's settings")
    }

    /// `nil` where the kernel does not have the setting.
    private static func number(_ path: String) -> Int? {
        Int(MachineFile.text(path).filter { !$0.isWhitespace })
    }
}

#endif
