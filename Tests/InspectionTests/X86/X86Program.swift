import Glibc
import Subprocess
import SystemPackage
import Testing

@testable import Inspection

/// A small x86-64 program that a test builds with a compiler of this machine.
enum X86Program {
    enum Compiler: String, Sendable, CaseIterable {
        case gcc, clang

        var path: String? { X86Program.tool(rawValue) }
    }

    /// Skips a test, with the reason, where there is nothing to build or to decode with.
    static let needsTools: ConditionTrait = .enabled(
        if: isX86 && Compiler.gcc.path != nil && (try? X86Decoder()) != nil,
        "this is no x86_64 machine, or gcc or Zydis is not installed (Debian: gcc libzydis4.0)"
    )

    static let needsRust: ConditionTrait = .enabled(if: isX86 && tool("rustc") != nil, "rustc is not installed")

    private static var isX86: Bool {
        #if arch(x86_64)
        true
        #else
        false
        #endif
    }

    /// `nil` where the compiler is not installed.
    static func build(_ source: String, _ compiler: Compiler, flags: [String]) async throws -> ELFImage? {
        guard let path = compiler.path else { return nil }
        return try await build("program.c", source, path, ["-w", "-o", "program", "program.c"] + flags)
    }

    static func buildRust(_ source: String, flags: [String]) async throws -> ELFImage {
        let path = try #require(tool("rustc"))
        return try await build("program.rs", source, path, flags + ["-o", "program", "program.rs"])
    }

    private static func tool(_ name: String) -> String? {
        let directories = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return directories.split(separator: ":").map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }

    private static func build(
        _ file: String,
        _ source: String,
        _ compiler: String,
        _ arguments: [String]
    ) async throws -> ELFImage {
        var template = Array("/tmp/apus-x86-XXXXXX".utf8CString)
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
        let result = try await run(
            .path(FilePath(compiler)),
            arguments: Arguments(arguments),
            workingDirectory: FilePath(directory),
            output: .discarded,
            error: .string(limit: 1 << 20)
        )
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return try ELFImage(path: directory + "/program")
    }
}
