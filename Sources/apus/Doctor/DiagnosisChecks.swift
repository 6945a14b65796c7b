import Inspection

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What packages are read with, and crashes explained.
struct DiagnosisChecks {
    private let examination: Examination

    init(_ examination: Examination) {
        self.examination = examination
    }

    var checks: [DoctorCheck] {
        [libarchive, zydis] + symbolizers
    }

    private var libarchive: DoctorCheck {
        #if canImport(Darwin)
        let names = [
            "/opt/homebrew/opt/libarchive/lib/libarchive.dylib", "/usr/local/opt/libarchive/lib/libarchive.dylib",
            "/usr/lib/libarchive.2.dylib",
        ]
        #else
        let names = ["libarchive.so.13"]
        #endif
        return library("libarchive", names, for: "functions and layers in zip archives", Packages.libarchive)
    }

    private var zydis: DoctorCheck {
        let purpose = "reads x86_64 code: apus inspect, diagnosis of crashes"
        let remedy = examination.machine.distribution.remedy(for: Packages.zydis)
        do throws(X86Decoder.Failure) {
            _ = try X86Decoder()
            return DoctorCheck("libZydis", .ok, "loads", purpose: purpose)
        } catch {
            switch error {
            case .missingLibrary:
                return DoctorCheck("libZydis", .missing, purpose: purpose, remedy: remedy)
            case .otherVersion:
                let detail = "another version than the one that Apus was built for"
                return DoctorCheck("libZydis", .warning, detail, purpose: purpose, remedy: remedy)
            }
        }
    }

    private func library(
        _ name: String,
        _ files: [String],
        for purpose: String,
        _ package: Distribution.Package
    ) -> DoctorCheck {
        for file in files {
            guard let handle = dlopen(file, RTLD_LAZY | RTLD_LOCAL) else { continue }
            dlclose(handle)
            return DoctorCheck(name, .ok, path: file, purpose: purpose)
        }
        let remedy = examination.machine.distribution.remedy(for: package)
        return DoctorCheck(name, .missing, purpose: purpose, remedy: remedy)
    }

    /// Either of the two that name source lines is enough.
    private var symbolizers: [DoctorCheck] {
        let checks = DoctorTool.symbolizers.map(examination.check)
        let lineTools = ["llvm-symbolizer", "addr2line"]
        let hasLines = checks.contains { lineTools.contains($0.name) && $0.state != .missing }
        return checks.filter { check in
            guard check.state == .missing else { return true }
            if lineTools.contains(check.name) { return !hasLines }
            return examination.searchPath.find("swift") != nil
        }
    }
}
