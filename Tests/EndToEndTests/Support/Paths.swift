#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where the tests find what they need of the repository and of its build.
enum Paths {
    /// The top of the repository.
    static let repository: String = {
        let components = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return components.dropLast(4).joined(separator: "/")
    }()

    /// The executable under test: `APUS_EXECUTABLE`, else the one beside the test bundle, in the same build directory.
    static func apus() throws -> String {
        if let path = ProcessInfo.processInfo.environment["APUS_EXECUTABLE"] { return path }
        var directory = testExecutable
        // The bundle of macOS lies some directories deeper than the file of Linux.
        for _ in 0..<5 {
            guard let slash = directory.lastIndex(of: "/") else { break }
            directory = String(directory[..<slash])
            let candidate = directory + "/apus"
            if isExecutableFile(candidate) { return candidate }
        }
        throw HarnessError("no executable `apus` beside \(testExecutable): build it, or set APUS_EXECUTABLE")
    }

    /// The Python that holds answers against AWS's description of the Lambda API.
    static let lambdaContract = repository + "/Tests/LambdaContract"

    /// The static `apus-rie`, as `make dist` leaves it.
    static let staticEmulator = repository + "/.build/dist/apus-rie"

    /// Whether these tests run under a sanitizer, as `make tsan` and `make asan` start them.
    static var isSanitized: Bool {
        let own = ProcessInfo.processInfo.environment
        return ["ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"].contains { own[$0] != nil }
    }

    private static var testExecutable: String {
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return link ?? CommandLine.arguments.first ?? ""
    }

    static var searchPath: String { ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin" }

    /// `name` in the directories of `PATH`.
    static func program(_ name: String) -> String? {
        searchPath.split(separator: ":").map { $0 + "/" + name }.first(where: isExecutableFile)
    }

    /// Where rustup's cargo finds its toolchains, which it looks for below HOME otherwise.
    static var rustHome: [String: String] {
        let own = ProcessInfo.processInfo.environment
        let home = own["HOME"] ?? "/root"
        return [
            "CARGO_HOME": own["CARGO_HOME"] ?? home + "/.cargo", "RUSTUP_HOME": own["RUSTUP_HOME"] ?? home + "/.rustup",
        ]
    }

    /// The first toolchain of rustup's, or the distribution's.
    static var rustSysroot: String? {
        let toolchains = (rustHome["RUSTUP_HOME"] ?? "") + "/toolchains"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: toolchains)) ?? []
        if let name = names.sorted().first(where: { $0.hasPrefix("stable") }) ?? names.sorted().first {
            return toolchains + "/" + name
        }
        return program("rustc") == nil ? nil : "/usr"
    }

    private static func isExecutableFile(_ path: String) -> Bool {
        var isDirectory = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            && !isDirectory
            && FileManager.default.isExecutableFile(atPath: path)
    }
}
