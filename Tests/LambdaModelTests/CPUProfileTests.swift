import Testing

@testable import LambdaModel

@Suite struct CPUProfileTests {
    private static let host = CPUProfile.host(architecture: .x86_64, features: [.avx])

    private func find(_ name: String, _ architecture: Architecture? = nil) throws(ApusError) -> CPUProfile {
        try CPUProfile.profile(named: name, architecture: architecture) { Self.host }
    }

    @Test(arguments: CPUProfile.named) func namesOfTheTableFindThemselves(_ profile: CPUProfile) throws {
        #expect(try find(profile.name) == profile)
        #expect(try find(profile.name.uppercased()) == profile)
    }

    @Test func hostIsAskedForItsNameOnly() throws {
        #expect(try find("host") == Self.host)
        var asked = 0
        _ = try CPUProfile.profile(named: "rosetta2") {
            asked += 1
            return Self.host
        }
        #expect(asked == 0)
    }

    @Test(
        arguments: [
            ("qemu:Haswell", Architecture.x86_64, CPUFeature.avx2, true),
            ("qemu:Haswell-noTSX-IBRS", .x86_64, .avx2, true),
            ("qemu:Haswell-v4", .x86_64, .avx2, true),
            ("qemu:Nehalem", .x86_64, .avx, false),
            ("qemu:Westmere-v2", .x86_64, .aes, true),
            ("qemu:SandyBridge", .x86_64, .avx2, false),
            ("qemu:Skylake-Server-v4", .x86_64, .avx512f, false),
            ("qemu:EPYC-Rome-v2", .x86_64, .sse4a, true),
            ("qemu:max", .x86_64, .avx2, true),
            ("qemu:cortex-a72", .arm64, .lse, false),
            ("qemu:neoverse-n1", .arm64, .dotprod, true),
            ("qemu:a64fx", .arm64, .sve, true),
            ("qemu:a64fx", .arm64, .dotprod, false),
        ]
    )
    func modelsOfTheEmulator(name: String, architecture: Architecture, feature: CPUFeature, has: Bool) throws {
        let profile = try find(name)
        #expect(profile.architecture == architecture)
        #expect(profile.features?.contains(feature) == has)
        #expect(profile.emulatorModel == String(name.dropFirst(5)))
    }

    @Test func maxIsAModelOfBothEmulators() throws {
        #expect(try find("qemu:max", .arm64).features?.contains(.sve) == true)
        #expect(try find("qemu:max", .x86_64).architecture == .x86_64)
    }

    @Test func unknownModelsRunButAreNotJudged() throws {
        let profile = try find("qemu:Haswell,-avx2", .x86_64)
        #expect(profile.features == nil)
        #expect(profile.emulatorModel == "Haswell,-avx2")
        #expect(profile.missing(from: [.avx2]).isEmpty)
        #expect(try find("qemu:cortex-a710").architecture == .arm64)
    }

    @Test(arguments: ["", "haswell", "qemu:", "qemu:-cpu", "qemu:a b", "qemu:a;b", "qemu:\u{1b}[2J", "host2"])
    func otherNamesAreRefused(_ name: String) throws {
        let error = #expect(throws: ApusError.self) { try find(name) }
        #expect(error?.code == "cpu.unknown")
        #expect(error?.hint?.contains("rosetta2") == true)
        #expect(error?.message.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
    }

    @Test func flagsOfCPUInfo() {
        let x86 = "processor\t: 0\nflags\t\t: fpu pni ssse3 avx avx2 abm nonsense\n\nprocessor: 1\nflags: amx_tile\n"
        #expect(CPUFeature.set(ofCPUInfo: x86) == [.sse3, .ssse3, .avx, .avx2, .lzcnt])
        let arm = "processor\t: 0\nBogoMIPS\t: 50\nFeatures\t: fp asimd aes crc32 atomics asimddp\n"
        #expect(CPUFeature.set(ofCPUInfo: arm) == [.armCrypto, .crc32, .lse, .dotprod])
        #expect(CPUFeature.set(ofCPUInfo: "").isEmpty)
    }

    @Test func levelsInclude() {
        #expect(CPUProfile.v2.isSubset(of: CPUProfile.v3))
        #expect(CPUProfile.v3.isSubset(of: CPUProfile.haswell))
        #expect(CPUProfile.cortexA72.isSubset(of: CPUProfile.neoverseN1))
    }
}
