import Foundation
import Testing

/// What a test needs besides Swift. Where it is missing, the test is skipped and says what to install.
enum Prerequisite {
    static let cargo: ConditionTrait = .enabled(if: has("cargo"), "cargo is not installed: see https://rustup.rs")

    static let cc: ConditionTrait = .enabled(if: has("cc"), "cc is not installed")
    static let make: ConditionTrait = .enabled(if: has("make"), "make is not installed")

    /// The built program is run, and it asks for AVX2.
    static let avx2: ConditionTrait = .enabled(
        if: (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains(" avx2 ") ?? false,
        "this machine has no AVX2"
    )

    private static func has(_ program: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: $0 + "/" + program)
        }
    }
}
