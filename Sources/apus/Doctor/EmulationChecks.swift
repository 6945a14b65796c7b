import LambdaModel
import Sandbox

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What `--cpu` needs.
struct EmulationChecks {
    private let examination: Examination

    init(_ examination: Examination) {
        self.examination = examination
    }

    var checks: [DoctorCheck] {
        var checks = [emulator(.qemuX86, .x86_64), emulator(.qemuARM64, .arm64)]
        if examination.machine.architecture != .arm64 { checks.append(libraryPrefix) }
        return checks
    }

    /// A model that every version since 7.2 has, to try the emulator with.
    private static func trialModel(_ architecture: Architecture) -> String {
        architecture == .arm64 ? "cortex-a72" : "Haswell"
    }

    private func emulator(_ tool: DoctorTool, _ architecture: Architecture) -> DoctorCheck {
        var check = examination.check(tool)
        guard check.state == .ok else { return check }
        // Its translator learnt AVX and AVX2 with that version; an older one takes the model's name all the same.
        if architecture == .x86_64, let version = check.version, Self.isOlder(version, than: (7, 2)) {
            check.state = .warning
            check.detail = "before 7.2 qemu executes no AVX: lambda-x86_64 and x86-64-v3 need a newer one"
            check.remedy = examination.machine.distribution.remedy(for: tool.package)
            return check
        }
        do throws(ApusError) {
            _ = try CPUEmulation.resolve(
                model: Self.trialModel(architecture),
                architecture: architecture,
                environmentPATH: examination.variables["PATH"] ?? ""
            )
        } catch {
            check.state = .warning
            check.detail = PlainText.line(error.message)
            check.remedy = error.hint.map(PlainText.line)
        }
        return check
    }

    private static func isOlder(_ version: String, than wanted: (Int, Int)) -> Bool {
        let numbers = version.split(separator: ".").map { Int($0) ?? 0 }
        return (numbers.first ?? 0, numbers.dropFirst().first ?? 0) < wanted
    }

    /// Dynamic programs of the other architecture need its loader and its libc.
    private var libraryPrefix: DoctorCheck {
        let prefix = "/usr/aarch64-linux-gnu"
        let name = "arm64 libraries"
        guard access(prefix + "/lib/ld-linux-aarch64.so.1", F_OK) == 0 else {
            return DoctorCheck(
                name,
                .missing,
                purpose: "dynamically linked arm64 functions; static ones need none",
                remedy: examination.machine.distribution.remedy(for: Packages.arm64Library)
            )
        }
        return DoctorCheck(name, .ok, path: prefix)
    }
}
