import LambdaModel
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `apus doctor` on this machine, and on machines that a search path of the test's own makes up.
@Suite(.serialized) struct DoctorTests {
    private struct Report: Decodable {
        struct Machine: Decodable {
            var architecture: String
        }
        struct CPU: Decodable {
            struct Profile: Decodable {
                var name: String
                var executes: Bool
                var missing: [String]
            }
            var executes: [String]
            var announcedOnly: [String]
            var profiles: [Profile]
        }
        struct Check: Decodable {
            var group: String
            var name: String
            var state: String
            var version: String?
            var path: String?
            var detail: String?
            var remedy: String?
        }
        var schemaVersion: Int
        var ready: Bool
        var machine: Machine
        var cpu: CPU
        var checks: [Check]

        func check(_ name: String) throws -> Check {
            try #require(checks.first { $0.name == name }, "no check \(name)")
        }
    }

    private func examine(_ fixture: Fixture, environment: [String: String] = [:]) async throws -> Report {
        let outcome = try await fixture.apus(["doctor", "--format", "json"], environment: environment)
        try JSONSyntax.validate(outcome.standardOutput)
        let report = try JSONDecoder().decode(Report.self, from: Data(outcome.standardOutput))
        #expect(outcome.status == .exited(report.ready ? 0 : 1), "\(outcome)")
        #expect(outcome.standardError.isEmpty, "\(outcome)")
        #expect(report.schemaVersion == 1)
        return report
    }

    /// Writes a program for the search path `bin` of the fixture.
    private func writeProgram(_ fixture: Fixture, _ name: String, _ script: String) async throws {
        try await fixture.writeExecutable("bin/" + name, Array(("#!/bin/sh\n" + script + "\n").utf8))
    }

    // MARK: The CPU

    /// On Linux without an emulator, what executes is what the kernel says.
    @Test(Prerequisite.procFileSystem) func theCPUExecutesWhatTheKernelAnnounces() async throws {
        try await Fixture.with { fixture in
            let report = try await examine(fixture)
            #expect(report.machine.architecture == Architecture.host.rawValue)
            let text = String(decoding: try Files.read("/proc/cpuinfo"), as: UTF8.self)
            // The one is a group that the kernel names by its parts; the others have no flag, or execute on every CPU.
            let incomparable: Set<CPUFeature> = [.avx512other, .prefetchw, .amx, .xop, .tbm, .keylocker, .ls64]
            let announced = CPUFeature.set(ofCPUInfo: text).subtracting(incomparable)
            let executed = Set(report.cpu.executes.compactMap(CPUFeature.init(rawValue:))).subtracting(incomparable)
            #expect(executed.count + incomparable.count >= report.cpu.executes.count, "a name that is no feature")
            // Kernels hide RDSEED on CPUs whose results are bad, and hypervisors hide what they do not pass on; no switch
            // keeps a program from executing these two all the same.
            let hidden: Set<CPUFeature> = [.rdseed, .movdiri]
            #expect(announced.isSubset(of: executed))
            #expect(executed.subtracting(hidden) == announced.subtracting(hidden))
            #expect(report.cpu.announcedOnly.isEmpty)
        }
    }

    @Test func profilesAreJudgedByWhatExecutes() async throws {
        try await Fixture.with { fixture in
            let cpu = try await examine(fixture).cpu
            #expect(cpu.profiles.contains { $0.name == CPUProfile.lambda(.host).name })
            for profile in cpu.profiles {
                let known = try #require(CPUProfile.named.first { $0.name == profile.name }?.features)
                let missing = known.subtracting(cpu.executes.compactMap(CPUFeature.init(rawValue:)))
                #expect(Set(profile.missing) == Set(missing.map(\.rawValue)))
                #expect(profile.executes == missing.isEmpty)
            }
        }
    }

    // MARK: Programs

    @Test func versionsArePickedFromWhatProgramsSay() async throws {
        try await Fixture.with { fixture in
            let answers = [
                "make": ("GNU Make 4.3", "4.3"), "go": ("go version go1.22.1 linux/amd64", "1.22.1"),
                "nasm": ("NASM version 2.16.01", "2.16.01"), "zig": ("0.13.0-dev.46+3648d7df1", "0.13.0"),
                "qemu-aarch64": ("qemu-aarch64 version 8.2.2 (Debian 1:8.2.2+ds-0ubuntu1.4)", "8.2.2"),
            ]
            for (name, answer) in answers { try await writeProgram(fixture, name, "echo '\(answer.0)'") }
            let report = try await examine(fixture, environment: ["PATH": fixture.path("bin")])
            for (name, answer) in answers {
                let check = try report.check(name)
                #expect(check.state == "ok")
                #expect(check.version == answer.1)
                #expect(check.path == fixture.path("bin/" + name))
            }
        }
    }

    @Test func whatIsMissingComesWithTheWayToGetIt() async throws {
        try await Fixture.with { fixture in
            let report = try await examine(fixture, environment: ["PATH": fixture.path("empty")])
            #expect(report.ready)
            for name in ["make", "cargo", "go", "zig", "sam", "qemu-x86_64"] {
                let check = try report.check(name)
                #expect(check.state == "missing")
                #expect(check.remedy?.isEmpty == false, "\(check)")
            }
            #expect(try report.check("container engines").state == "ok")
            let text = try await fixture.apus(["doctor"], environment: ["PATH": fixture.path("empty")])
            #expect(text.status == .exited(0))
            #expect(text.text.contains("missing zig"), "\(text)")
            #expect(text.text.contains("-> https://ziglang.org/download/"), "\(text)")
        }
    }

    /// Half a minute of sleep, a process left behind that holds the pipe open, endless output, a failure.
    @Test(.timeLimit(.minutes(1))) func programsThatMisbehaveAreEnded() async throws {
        try await Fixture.with { fixture in
            try await writeProgram(fixture, "make", "exec sleep 30")
            try await writeProgram(fixture, "go", "sleep 30 & echo go version go1.22.1")
            try await writeProgram(fixture, "nasm", "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done")
            try await writeProgram(fixture, "zig", "exit 3")
            try fixture.write("bin/cargo", "no program at all", mode: 0o755)
            let path = fixture.path("bin") + ":/usr/bin:/bin"
            let start = ContinuousClock.now
            let report = try await examine(fixture, environment: ["PATH": path])
            #expect(start.duration(to: .now) < .seconds(15))
            #expect(try report.check("make").detail?.contains("did not tell its version") == true)
            #expect(try report.check("nasm").state == "warning")
            #expect(try report.check("zig").detail?.contains("fails") == true)
            #expect(try report.check("cargo").detail?.contains("cannot be started") == true)
            #expect(fixture.processes().isEmpty)
        }
    }

    @Test func aTerminalIsNotToldWhatAProgramSays() async throws {
        try await Fixture.with { fixture in
            let directory = "bin\u{1B}[31m"
            try await fixture.writeExecutable(
                directory + "/make",
                Array("#!/bin/sh\nprintf 'make \\033[2J 4.\\033[31m3 version 9.9'\n".utf8)
            )
            let path = fixture.path(directory) + ":/usr/bin:/bin"
            let outcome = try await fixture.apus(["doctor"], environment: ["PATH": path])
            #expect(outcome.status == .exited(0))
            #expect(!outcome.standardOutput.contains(0x1B), "\(outcome)")
            #expect(outcome.text.contains("make"))
        }
    }

    @Test func oldEmulatorsAreNamed() async throws {
        try await Fixture.with { fixture in
            try await writeProgram(fixture, "qemu-x86_64", "echo 'qemu-x86_64 version 6.2.0 (Debian 1:6.2+dfsg)'")
            let report = try await examine(fixture, environment: ["PATH": fixture.path("bin")])
            let check = try report.check("qemu-x86_64")
            #expect(check.state == "warning")
            #expect(check.detail?.contains("7.2") == true)
        }
    }

    // MARK: The machine

    @Test(Prerequisite.procFileSystem) func withoutATemporaryDirectoryApusCannotRun() async throws {
        try await Fixture.with { fixture in
            // A directory in which not even root can make another one.
            let environment = ["TMPDIR": "/proc", "PATH": fixture.path("empty")]
            let report = try await examine(fixture, environment: environment)
            #expect(!report.ready)
            #expect(try report.check("temporary directory").state == "missing")
            let outcome = try await fixture.apus(["doctor"], environment: environment)
            #expect(outcome.status == .exited(1))
            #expect(outcome.text.contains("Apus cannot run functions here: temporary directory"), "\(outcome)")
        }
    }

    @Test func nothingIsLeftBehind() async throws {
        try await Fixture.with { fixture in
            _ = try await examine(fixture)
            #expect(try fixture.temporaryFiles().isEmpty)
            #expect(fixture.processes().isEmpty)
        }
    }
}
