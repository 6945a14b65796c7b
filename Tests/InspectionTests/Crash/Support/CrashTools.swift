import Glibc
import Subprocess
import SystemPackage
import Testing

/// The compilers, debuggers and emulators that tests of real crashes need.
enum CrashTools {
    /// Skips a test, with the reason, where a program is missing.
    static func needs(_ names: String...) -> ConditionTrait {
        let missing = names.filter { path($0) == nil }
        return .enabled(if: missing.isEmpty, "not installed: \(missing.joined(separator: ", "))")
    }

    static func path(_ name: String) -> String? {
        searchPath.split(separator: ":").map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }

    static var searchPath: String {
        getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    }

    struct Outcome {
        var isSuccess: Bool
        var output: String
        var error: String
    }

    /// Runs a program of `PATH` in a directory, with the test's own environment and at most 1 MB of output each.
    @discardableResult
    static func run(_ arguments: [String], in directory: String) async throws -> Outcome {
        let program = try #require(arguments.first)
        let found = program.contains("/") ? program : try #require(path(program), "\(program) is not installed")
        let result = try await Subprocess.run(
            .path(FilePath(found)),
            arguments: Arguments(Array(arguments.dropFirst())),
            workingDirectory: FilePath(directory),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        return Outcome(
            isSuccess: result.terminationStatus.isSuccess,
            output: result.standardOutput,
            error: result.standardError
        )
    }
}
