import CCPUProbe
import LambdaModel

/// What the CPU of this machine executes, found by executing it: under an emulator or a translator CPUID and the
/// kernel's flags can promise more than runs.
struct HostCPU: Sendable {
    /// Features of which an instruction ran and gave the right result.
    var executes: Set<CPUFeature> = []
    /// Features that CPUID (x86_64) or the kernel (arm64) names.
    var announced: Set<CPUFeature> = []
    /// Features of which an instruction was tried. The rest is either beyond the probe, or there was no time.
    var tried: Set<CPUFeature> = []

    /// Of this process, found once: about 2 ms.
    static let current = HostCPU.probe()

    /// For the profile `host`: what was tried counts, and else what is announced.
    static func features() -> Set<CPUFeature> {
        current.features
    }

    /// Features that are announced, but do not run.
    var announcedOnly: Set<CPUFeature> {
        announced.intersection(tried).subtracting(executes)
    }

    var features: Set<CPUFeature> {
        executes.union(announced.subtracting(tried))
    }

    static func probe() -> HostCPU {
        var host = HostCPU()
        var results = [UInt8](repeating: 0, count: apus_cpu_probe_count())
        // Without a child there is nothing but the announcements, which are in the results all the same.
        _ = apus_cpu_probe(&results)
        for (index, result) in results.enumerated() {
            guard let name = apus_cpu_probe_name(index), let feature = CPUFeature(rawValue: String(cString: name))
            else { continue }
            let bits = Int(result)
            if bits & APUS_CPU_EXECUTES != 0 { host.executes.insert(feature) }
            if bits & APUS_CPU_ANNOUNCED != 0 { host.announced.insert(feature) }
            if bits & APUS_CPU_TRIED != 0 { host.tried.insert(feature) }
        }
        return host
    }
}

extension Set<CPUFeature> {
    /// The names that people know, with commas.
    var listed: String {
        ordered.map { $0 == .avx512other ? "AVX-512 IFMA/VBMI/VNNI" : $0.name }.joined(separator: ", ")
    }
}
