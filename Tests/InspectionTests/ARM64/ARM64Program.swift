import Glibc
import Subprocess
import SystemPackage
import Testing

@testable import Inspection

/// A small AArch64 program that a test builds with the cross compiler.
enum ARM64Program {
    static let compiler = "aarch64-linux-gnu-gcc"

    /// Skips a test, with the reason, where there is no cross compiler.
    static let needsCompiler: ConditionTrait = .enabled(
        if: path(compiler) != nil,
        "\(compiler) is not installed (Debian: gcc-aarch64-linux-gnu libc6-dev-arm64-cross)"
    )

    static let needsGo: ConditionTrait = .enabled(if: path("go") != nil, "go is not installed")

    static func path(_ name: String) -> String? {
        let directories = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return directories.split(separator: ":").map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }

    /// - Parameters:
    ///   - flags: of the compiler; `-s` strips.
    static func build(_ source: String, flags: [String]) async throws -> ELFImage {
        try await build("program.c", source, compiler, ["-o", "program", "program.c"] + flags)
    }

    static func buildGo(_ source: String, flags: [String]) async throws -> ELFImage {
        let cache = "GOCACHE=/tmp/apus-go-cache"
        let arguments = [
            "GOARCH=arm64", "GOOS=linux", "CGO_ENABLED=0", "GOFLAGS=", cache, "go", "build", "-o", "program",
        ]
        return try await build("main.go", source, "env", arguments + flags + ["main.go"])
    }

    private static func build(
        _ file: String,
        _ source: String,
        _ program: String,
        _ arguments: [String]
    ) async throws -> ELFImage {
        var template = Array("/tmp/apus-arm64-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer {
            for name in [file, "program"] { unlink(directory + "/" + name) }
            rmdir(directory)
        }
        let descriptor = try FileDescriptor.open(
            FilePath(directory + "/" + file),
            .writeOnly,
            options: [.create],
            permissions: .ownerReadWrite
        )
        try descriptor.closeAfter { _ = try descriptor.writeAll(source.utf8) }
        let found = try #require(path(program))
        let result = try await run(
            .path(FilePath(found)),
            arguments: Arguments(arguments),
            workingDirectory: FilePath(directory),
            output: .discarded,
            error: .string(limit: 1 << 20)
        )
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return try ELFImage(path: directory + "/program")
    }
}
