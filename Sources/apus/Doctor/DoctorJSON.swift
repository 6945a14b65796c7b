import CommandProcess
import LambdaModel
import Sandbox

/// The report for tools: one object on one line. Members are added in later versions; `schemaVersion` grows when one
/// changes its meaning or disappears.
enum DoctorJSON {
    static func render(_ report: DoctorReport) -> String {
        JSONText.object([
            ("schemaVersion", "1"),
            ("apusVersion", JSONText.quoted(ApusVersion.current)),
            ("ready", report.isReady ? "true" : "false"),
            ("machine", machine(report.machine)),
            ("cpu", cpu(report)),
            ("backends", JSONText.array(report.isolations.map(\.json))),
            ("checks", JSONText.array(report.groups.flatMap { group in group.checks.map { check($0, in: group) } })),
        ]) + "\n"
    }

    private static func machine(_ machine: MachineFacts) -> String {
        JSONText.object([
            ("architecture", JSONText.quoted(machine.architecture.rawValue)),
            ("processors", String(machine.processors)),
            ("system", JSONText.quoted(machine.system)),
            ("kernel", JSONText.quoted(machine.kernel)),
            ("libc", machine.libc.map(JSONText.quoted)),
        ])
    }

    private static func cpu(_ report: DoctorReport) -> String {
        JSONText.object([
            ("model", report.machine.cpuModel.map(JSONText.quoted)),
            ("executes", features(report.cpu.features)),
            ("announcedOnly", features(report.cpu.announcedOnly)),
            (
                "profiles",
                JSONText.array(CPUChecks.profiles(report.machine.architecture).map { profile($0, report.cpu) })
            ),
        ])
    }

    private static func profile(_ profile: CPUProfile, _ cpu: HostCPU) -> String {
        let missing = (profile.features ?? []).subtracting(cpu.features)
        return JSONText.object([
            ("name", JSONText.quoted(profile.name)),
            ("executes", missing.isEmpty ? "true" : "false"),
            ("missing", features(missing)),
        ])
    }

    private static func check(_ check: DoctorCheck, in group: DoctorGroup) -> String {
        JSONText.object([
            ("group", JSONText.quoted(group.name)),
            ("name", JSONText.quoted(check.name)),
            ("state", JSONText.quoted(check.state.rawValue)),
            ("required", check.isRequired ? "true" : "false"),
            ("version", check.version.map(JSONText.quoted)),
            ("path", check.path.map(JSONText.quoted)),
            ("detail", check.detail.isEmpty ? nil : JSONText.quoted(check.detail)),
            ("purpose", check.purpose.map(JSONText.quoted)),
            ("remedy", check.state == .ok ? nil : check.remedy.map(JSONText.quoted)),
        ])
    }

    private static func features(_ set: Set<CPUFeature>) -> String {
        JSONText.array(set.ordered.map { JSONText.quoted($0.rawValue) })
    }
}
