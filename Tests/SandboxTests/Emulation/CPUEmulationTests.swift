import LambdaModel
import Testing

@testable import Sandbox

/// Finding the emulator and trying a model out.
@Suite struct CPUEmulationTests {
    @Test(Emulators.x86, arguments: ["qemu64", "Nehalem", "Haswell", "SandyBridge", "Skylake-Client", "max"])
    func leavesOutWhatTheEmulatorWouldWarnOf(model: String) throws {
        let emulation = try Emulators.resolve(model)
        #expect(emulation.model == model)
        #expect(emulation.emulator.hasPrefix("/"))
        #expect(emulation.notice == nil)
        // A second time there is nothing left to leave out.
        #expect(try EmulatorTrial(of: emulation).unsupportedFeatures().isEmpty)
    }

    @Test(Emulators.x86) func keepsPropertiesOfAModel() throws {
        let emulation = try Emulators.resolve("Haswell,-avx2")
        #expect(emulation.model == "Haswell")
        #expect(emulation.cpuOption.hasPrefix("Haswell,-avx2"))
    }

    @Test(
        Emulators.x86,
        arguments: ["Nonsense", "haswell2", "Haswell,+nonsense", "", "-g", "a b", "Haswell\n", "Häswell"]
    )
    func refusesUnknownModels(model: String) throws {
        let error = #expect(throws: ApusError.self) { try Emulators.resolve(model) }
        #expect(error?.code == "cpu.unknown-model")
        #expect(error?.hint?.contains("-cpu help") == true)
    }

    @Test func saysWhatToInstall() throws {
        #if os(Linux)
        let scratch = try Scratch()
        // Neither a directory nor a file without the x bit is an emulator.
        try scratch.makeDirectory("qemu-x86_64")
        try scratch.write("qemu-x86_64-static", "", mode: 0o644)
        let error = #expect(throws: ApusError.self) {
            try CPUEmulation.resolve(
                model: "Nehalem",
                architecture: .x86_64,
                environmentPATH: "relative::\(scratch.path):/nonexistent"
            )
        }
        #expect(error?.code == "cpu.no-emulator")
        #expect(error?.message.contains("qemu-x86_64") == true)
        #expect(error?.hint?.contains("qemu-user") == true)
        #endif
    }

    @Test func reportsAnEmulatorThatCannotRun() throws {
        #if os(Linux)
        let scratch = try Scratch()
        try scratch.write("qemu-aarch64", "no program")
        let error = #expect(throws: ApusError.self) {
            try CPUEmulation.resolve(model: "max", architecture: .arm64, environmentPATH: scratch.path)
        }
        #expect(error?.code == "cpu.no-emulator")
        #endif
    }

    @Test(arguments: [
        ("", []),
        ("qemu-x86_64: warning: TCG doesn't support requested feature: CPUID.01H:ECX.pcid [bit 17]\n", ["pcid"]),
        (
            "q: warning: TCG doesn't support requested feature: CPUID[eax=07h].EBX.invpcid [bit 10]\n"
                + "q: warning: TCG doesn't support requested feature: CPUID.01H:ECX.tsc-deadline [bit 24]\n",
            ["invpcid", "tsc-deadline"]
        ),
        ("q: warning: TCG doesn't support requested feature: CPUID.07H:EDX [bit 3]\n", []),
        ("q: warning: TCG doesn't support requested feature: X.a,+b [bit 3]\n", []),
        ("q: warning: something about a CPU model\n", []),
    ])
    func readsWarnings(output: String, features: [String]) throws {
        #expect(try EmulatorTrial.unsupportedFeatures(in: output, of: plain) == features)
    }

    @Test(arguments: [
        "qemu-x86_64: unable to find CPU model 'x'\n", "qemu-x86_64: Property 'x-x86_64-cpu.y' not found\n",
    ])
    func readsVerdicts(output: String) {
        let error = #expect(throws: ApusError.self) { try EmulatorTrial.unsupportedFeatures(in: output, of: plain) }
        #expect(error?.code == "cpu.unknown-model")
    }

    @Test(Emulators.x86, arguments: CPUProfile.named.filter { $0.architecture == .x86_64 })
    func resolvesProfiles(profile: CPUProfile) throws {
        guard let model = profile.emulatorModel else {
            let error = #expect(throws: ApusError.self) {
                try CPUEmulation.resolve(profile, environmentPATH: Emulators.path)
            }
            #expect(error?.code == "cpu.not-emulated")
            return
        }
        #expect(try CPUEmulation.resolve(profile, environmentPATH: Emulators.path)?.model == model)
    }

    @Test func theHostNeedsNoEmulation() throws {
        let host = CPUProfile(name: "host", architecture: .host, features: nil, emulatorModel: nil, summary: "")
        #expect(try CPUEmulation.resolve(host, environmentPATH: "") == nil)
    }

    @Test func saysWhatRunsNatively() {
        let other = Architecture.host == .x86_64 ? Architecture.arm64 : .x86_64
        let emulation = CPUEmulation(
            emulator: "/usr/bin/qemu",
            model: "m",
            cpuOption: "m",
            architecture: other,
            libraryPrefix: nil
        )
        #expect(emulation.notice?.contains(other.rawValue) == true)
        #expect(plain.notice == nil)
    }

    @Test func theBackendGuardsTheFunctionsDirectories() throws {
        let scratch = try Scratch()
        try scratch.write("bootstrap", "#!/bin/bash\n")
        let backend = ProcessBackend(taskRoot: scratch.path, layerRoots: ["/layer"], emulation: plain)
        let specification = try backend.entrypoint().specification(environment: [:])
        #expect(specification.emulation?.guardedDirectories == [scratch.path, "/layer"])
        #expect(
            try ProcessBackend(taskRoot: scratch.path).entrypoint().specification(environment: [:]).emulation == nil
        )
    }

    private var plain: CPUEmulation {
        CPUEmulation(emulator: "/usr/bin/qemu", model: "m", cpuOption: "m", architecture: .host, libraryPrefix: nil)
    }
}
