#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import LambdaModel
import Testing

/// Small functions in many languages, in `Tests/BuildFixtures`: each answers with its language and the machine that it was
/// compiled for. They lie in a directory whose name has a blank and a letter beyond ASCII.
struct LanguageFixture {
    /// The directory in `Tests/BuildFixtures`.
    var name: String
    /// What the answer says.
    var language: String
    /// What the build says, which detects it.
    var method: String
    var architecture = Architecture.host

    /// Builds without a method in the template, invokes, and compares.
    func check(_ options: [String] = [], environment: [String: String] = [:]) async throws {
        try await Fixture.with { fixture in
            try write(to: fixture)
            let build = try await fixture.apus(
                ["build"] + options,
                environment: Self.tools.merging(environment) { $1 },
                timeLimit: .seconds(300)
            )
            #expect(build.status == .exited(0), "\(build)")
            #expect(build.standardError.contains("Hello: BuildMethod \(method), because of "), "\(build)")
            #expect(!build.standardError.contains("warning"), "\(build)")
            #expect(try fixture.temporaryFiles() == [])
            let outcome = try await fixture.apus(["invoke", "-e", "-"], stdin: Array("{}".utf8))
            #expect(outcome.text.contains("\"language\":\"\(language)\",\"machine\":\"\(machine)\""), "\(outcome)")
            #expect(outcome.status == .exited(0), "\(outcome)")
            let again = try await fixture.apus(["build"] + options, environment: Self.tools.merging(environment) { $1 })
            #expect(again.standardError.contains("Hello: unchanged"), "\(again)")
        }
    }

    func write(to fixture: Fixture) throws {
        try fixture.copyFromRepository("Tests/BuildFixtures/" + name, to: "quelle für 1")
        try fixture.writeTemplate(
            codeURI: "quelle für 1/",
            more: "Architectures: [\(architecture.rawValue)]\nTimeout: 20"
        )
    }

    private var machine: String {
        // A script runs on this machine's shell whatever it is meant for.
        let effective = language == "shell" ? Architecture.host : architecture
        return switch effective {
        case .x86_64: language == "go" ? "amd64" : "x86_64"
        case .arm64: language == "go" ? "arm64" : "aarch64"
        }
    }

    /// Where tools find what they need of the user's home, and caches that outlive a test: compiling the libraries of Go and
    /// Zig anew takes half a minute.
    static let tools: [String: String] = {
        let caches = Paths.repository + "/.build/test-cache"
        var variables = Paths.rustHome
        variables["GOCACHE"] = caches + "/go"
        variables["ZIG_GLOBAL_CACHE_DIR"] = caches + "/zig"
        if let directory = zigDirectory { variables["PATH"] = directory + ":" + Paths.searchPath }
        return variables
    }()

    /// The directory of the Python that has the package `ziglang`.
    private static let zigDirectory: String? = {
        guard let python = Prerequisite.venvPython else { return nil }
        return String(python.dropLast("/python".count))
    }()

    static let hasZig: Bool = {
        guard Paths.program("zig") == nil else { return true }
        return zigDirectory.map { FileManager.default.isExecutableFile(atPath: $0 + "/python-zig") } ?? false
    }()
}

extension Prerequisite {
    static let zig: ConditionTrait = .enabled(
        if: LanguageFixture.hasZig,
        "there is no zig in PATH, and no package ziglang in the virtual environment: run `make test`"
    )

    /// A tool for the architecture that this machine is not.
    static func cross(_ tool: String) -> ConditionTrait {
        let machine = Architecture.host == .arm64 ? "x86_64" : "aarch64"
        return program("\(machine)-linux-gnu-\(tool)")
    }

    /// Runs programs of the architecture that this machine is not.
    static let emulator: ConditionTrait = program(Architecture.host == .arm64 ? "qemu-x86_64" : "qemu-aarch64")
}
