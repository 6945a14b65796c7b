import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The tools that build functions.
struct BuildChecks {
    private let examination: Examination

    init(_ examination: Examination) {
        self.examination = examination
    }

    var checks: [DoctorCheck] {
        var checks = DoctorTool.buildTools.map(examination.check)
        if let index = checks.firstIndex(where: { $0.name == DoctorTool.rustc.name }), checks[index].state == .ok {
            checks.insert(rustTargets, at: index + 1)
        }
        return checks
    }

    /// Lambda's architectures times the two C libraries.
    private static let targets = [
        "x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl", "aarch64-unknown-linux-gnu",
        "aarch64-unknown-linux-musl",
    ]

    private var rustTargets: DoctorCheck {
        let name = "rust targets"
        guard let sysroot = examination.rustSysroot else {
            return DoctorCheck(name, .warning, "rustc does not say where its targets are")
        }
        let installed = Self.targets.filter { access("\(sysroot)/lib/rustlib/\($0)/lib", F_OK) == 0 }
        let missing = Self.missingArchitectures(installed)
        return DoctorCheck(
            name,
            missing.isEmpty ? .ok : .warning,
            installed.isEmpty ? "none of Lambda's" : installed.joined(separator: ", "),
            purpose: "compiles Rust functions for an architecture",
            remedy: missing.isEmpty ? nil : Self.remedy(missing)
        )
    }

    private static func remedy(_ architectures: [String]) -> String {
        let targets = architectures.map { $0 + "-unknown-linux-gnu" }
        return "for \(architectures.joined(separator: " and ")): rustup target add \(targets.joined(separator: " "))"
    }

    private static func missingArchitectures(_ installed: [String]) -> [String] {
        ["x86_64", "aarch64"].filter { architecture in !installed.contains { $0.hasPrefix(architecture) } }
    }
}
