import LambdaModel

/// What `apus doctor` has found.
struct DoctorReport: Sendable {
    var machine: MachineFacts
    var cpu: HostCPU
    var groups: [DoctorGroup]

    /// Whether functions can be run at all.
    var isReady: Bool {
        groups.allSatisfy { group in group.checks.allSatisfy { !$0.isRequired || $0.state != .missing } }
    }
}
