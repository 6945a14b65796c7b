import LambdaModel
import Sandbox

/// What `apus doctor` has found.
struct DoctorReport: Sendable {
    var machine: MachineFacts
    var cpu: HostCPU
    var groups: [DoctorGroup]
    /// What the backends that work here guarantee, the default first.
    var isolations: [Isolation] = []

    /// Whether functions can be run at all.
    var isReady: Bool {
        groups.allSatisfy { group in group.checks.allSatisfy { !$0.isRequired || $0.state != .missing } }
    }
}
