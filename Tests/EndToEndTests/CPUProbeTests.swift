import LambdaModel
import Testing

/// The probe of CPU features, and with it the tables of what each CPU has: both must say the same of qemu's CPUs, whose
/// features are known.
@Suite(.serialized) struct CPUProbeTests {
    /// Beyond the tables. PREFETCHW faults on no CPU in 64-bit mode, and qemu executes RDSEED wherever it executes RDRAND.
    private static let surplus: Set<CPUFeature> = [.prefetchw, .rdseed]
    /// qemu-user (7.2) does not execute `dc cvap`, whatever the model.
    private static let gaps: Set<CPUFeature> = [.dpb]

    @Test(
        Prerequisite.gcc,
        Prerequisite.program("qemu-x86_64"),
        arguments: [
            "qemu64", "kvm64", "core2duo", "Conroe", "Penryn", "Nehalem", "Westmere", "SandyBridge", "IvyBridge",
            "Haswell", "Broadwell", "Skylake-Client", "Skylake-Server-v4", "Cascadelake-Server", "Icelake-Server",
            "Opteron_G1", "Opteron_G3", "Opteron_G5", "Denverton", "EPYC", "EPYC-Rome", "EPYC-Milan", "max",
        ]
    )
    func modelsOfX86(_ model: String) async throws {
        let executed = try await probe(compiler: "gcc", emulator: "qemu-x86_64", model: model)
        try compare(executed, CPUProfile.profile(named: "qemu:" + model, architecture: .x86_64) { Self.noHost })
    }

    @Test(
        Prerequisite.program("aarch64-linux-gnu-gcc"),
        Prerequisite.program("qemu-aarch64"),
        arguments: ["cortex-a53", "cortex-a57", "cortex-a72", "cortex-a76", "neoverse-n1", "a64fx", "max"]
    )
    func modelsOfARM64(_ model: String) async throws {
        let executed = try await probe(compiler: "aarch64-linux-gnu-gcc", emulator: "qemu-aarch64", model: model)
        try compare(executed, CPUProfile.profile(named: "qemu:" + model, architecture: .arm64) { Self.noHost })
    }

    /// Every profile with a name of its own executes, under the model that stands for it, all that it promises.
    @Test(
        Prerequisite.gcc,
        Prerequisite.program("qemu-x86_64"),
        Prerequisite.program("aarch64-linux-gnu-gcc"),
        Prerequisite.program("qemu-aarch64"),
        arguments: CPUProfile.named.filter { $0.emulatorModel != nil }
    )
    func namedProfiles(_ profile: CPUProfile) async throws {
        let isARM = profile.architecture == .arm64
        let executed = try await probe(
            compiler: isARM ? "aarch64-linux-gnu-gcc" : "gcc",
            emulator: isARM ? "qemu-aarch64" : "qemu-x86_64",
            model: try #require(profile.emulatorModel)
        )
        let promised = try #require(profile.features)
        #expect(promised.subtracting(executed).subtracting(Self.gaps).isEmpty, "\(profile.name)")
        // A level of the psABI is less than any CPU has that stands for it.
        guard !profile.name.hasPrefix("x86-64-v") else { return }
        #expect(executed.subtracting(promised).isSubset(of: Self.surplus), "\(profile.name)")
    }

    private static let noHost = CPUProfile.host(architecture: .x86_64, features: nil)

    private func compare(_ executed: Set<CPUFeature>, _ profile: CPUProfile) throws {
        let features = try #require(profile.features)
        let missing = features.subtracting(executed).subtracting(Self.gaps)
        #expect(missing.isEmpty, "\(profile.name): in the table, but not executed")
        let unknown = executed.subtracting(features).subtracting(Self.surplus)
        #expect(unknown.isEmpty, "\(profile.name): executed, but not in the table")
    }

    /// Features that the probe finds on a model of qemu's.
    private func probe(compiler: String, emulator: String, model: String) async throws -> Set<CPUFeature> {
        try await Fixture.with { fixture in
            let sources = Paths.repository + "/Sources/CCPUProbe"
            try fixture.write("main.c", Self.main)
            let files = ["probe.c", "x86_64.c", "arm64.c"].map { sources + "/" + $0 } + [fixture.path("main.c")]
            let options = ["-static", "-O1", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-I", sources + "/include"]
            let built = try await fixture.run(
                try #require(Paths.program(compiler)),
                options + files + ["-o", fixture.path("probe")]
            )
            try #require(built.status == .exited(0), "\(built)")
            let outcome = try await fixture.run(
                try #require(Paths.program(emulator)),
                ["-cpu", model, fixture.path("probe")]
            )
            try #require(outcome.status == .exited(0), "\(outcome)")
            let names = outcome.text.split(separator: "\n")
            let features = names.compactMap { CPUFeature(rawValue: String($0)) }
            #expect(features.count == names.count, "a name of the probe is no feature: \(outcome)")
            return Set(features)
        }
    }

    /// Prints the features that execute; fails when one could not be tried.
    private static let main = """
        #include "CCPUProbe.h"
        #include <stdio.h>
        int main(void) {
            unsigned char results[256] = {0};
            if (apus_cpu_probe(results)) return 1;
            for (size_t index = 0; index < apus_cpu_probe_count(); index++) {
                if (!(results[index] & APUS_CPU_TRIED)) return 2;
                if (results[index] & APUS_CPU_EXECUTES) puts(apus_cpu_probe_name(index));
            }
            return 0;
        }
        """
}
