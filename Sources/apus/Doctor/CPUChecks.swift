import LambdaModel

/// What the CPU of this machine executes, and for which functions that is enough.
struct CPUChecks {
    private let cpu: HostCPU
    private let architecture: Architecture

    init(_ examination: Examination) {
        cpu = examination.cpu
        architecture = examination.machine.architecture
    }

    var checks: [DoctorCheck] {
        var checks = [features]
        if !cpu.announcedOnly.isEmpty { checks.append(brokenPromises) }
        let profiles = Self.profiles(architecture)
        let complete = profiles.filter { missing($0).isEmpty }.map(\.name)
        if !complete.isEmpty { checks.append(DoctorCheck("native", .ok, complete.joined(separator: ", "))) }
        // What the other profiles lack is in the JSON; only Lambda's CPU is one that a function has to run on.
        let lambda = CPUProfile.lambda(architecture)
        return missing(lambda).isEmpty ? checks : checks + [incomplete(lambda)]
    }

    /// The profiles of an architecture whose features are known: those that a machine can be measured by.
    static func profiles(_ architecture: Architecture) -> [CPUProfile] {
        CPUProfile.named.filter { $0.architecture == architecture && $0.features != nil }
    }

    private var features: DoctorCheck {
        DoctorCheck(
            "features",
            .ok,
            "\(cpu.features.count) of the \(cpu.tried.count) tried execute: \(cpu.features.listed)"
        )
    }

    private var brokenPromises: DoctorCheck {
        DoctorCheck(
            "announcements",
            .warning,
            "announced, but they do not execute: \(cpu.announcedOnly.listed)",
            purpose: "programs that ask the CPU for its features",
            remedy: "this happens under emulators and translators; build for fewer features, or use a native machine"
        )
    }

    private func missing(_ profile: CPUProfile) -> Set<CPUFeature> {
        (profile.features ?? []).subtracting(cpu.features)
    }

    private func incomplete(_ profile: CPUProfile) -> DoctorCheck {
        DoctorCheck(
            profile.name,
            .warning,
            "does not execute here: \(missing(profile).listed)",
            remedy: "apus invoke --cpu \(profile.name) runs functions on it, under qemu"
        )
    }
}
