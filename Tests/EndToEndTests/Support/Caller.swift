import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Who runs Apus.
enum Caller: String, CaseIterable, Sendable, CustomTestStringConvertible {
    /// Whoever runs the tests.
    case own
    /// A user without any rights, where root runs the tests.
    case ordinaryUser
    /// root that may not mount, as in many containers; where root runs the tests.
    case confinedRoot

    /// Those for whom there can be a sandbox on this machine. Of the others it is printed why not.
    static let withSandbox: [Caller] = allCases.filter { caller in
        guard let reason = caller.obstacle else { return true }
        print("skipped: sandboxes of the caller \(caller): \(reason)")
        return false
    }

    /// Whether the function's user is one of a user namespace.
    var usesUserNamespace: Bool { self != .own || geteuid() != 0 }

    /// Whether /tmp can lie on a disk of its own.
    var hasDisks: Bool {
        !usesUserNamespace && HostProgram.status("test -w /dev/loop-control && command -v mkfs.ext4 >/dev/null") == 0
    }

    private static let nobody = 65_534

    /// Whose files this caller writes; `nil`: those of whoever runs the tests.
    var user: Int? { self == .ordinaryUser ? Self.nobody : nil }

    /// The command line that lets this caller run a program.
    func command(_ program: [String]) -> [String] {
        let prefix: [String] =
            switch self {
            case .own: []
            case .ordinaryUser: ["--reuid=\(Self.nobody)", "--regid=\(Self.nobody)", "--clear-groups", "--"]
            case .confinedRoot: ["--bounding-set=-sys_admin", "--inh-caps=-sys_admin", "--"]
            }
        return prefix.isEmpty ? program : [Paths.program("setpriv") ?? "setpriv"] + prefix + program
    }

    private var obstacle: String? {
        guard let unshare = Paths.program("unshare") else { return "unshare is not installed" }
        guard let apus = try? Paths.apus() else { return "apus is not built" }
        if self != .own {
            guard geteuid() == 0 else { return "only root can become somebody else" }
            guard Paths.program("setpriv") != nil else { return "setpriv is not installed" }
            guard succeeds(["test", "-x", apus]) else { return "\(apus) lies where this caller cannot execute it" }
        }
        let options = usesUserNamespace ? ["-U", "-r"] : []
        let trial = [unshare] + options + ["-m", "-p", "-f", "mount", "-t", "tmpfs", "none", "/mnt"]
        return succeeds(trial) ? nil : "this machine does not let it make namespaces"
    }

    private func succeeds(_ program: [String]) -> Bool {
        HostProgram.status(command(program).map { "'\($0)'" }.joined(separator: " ") + " >/dev/null 2>&1") == 0
    }

    var testDescription: String { rawValue }
}
