#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import LambdaModel
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What a test needs besides Apus. Where it is missing, the test is skipped and says what to install.
enum Prerequisite {
    static let gcc: ConditionTrait = program("gcc")
    static let curl: ConditionTrait = program("curl")
    static let python: ConditionTrait = program("python3")

    static func program(_ name: String) -> ConditionTrait {
        .enabled(if: Paths.program(name) != nil, "\(name) is not installed")
    }

    /// The Python of a virtual environment that holds awslambdaric and boto3: `APUS_TEST_VENV`, else the one that
    /// `make test` makes.
    static let venvPython: String? = {
        let venv = ProcessInfo.processInfo.environment["APUS_TEST_VENV"] ?? Paths.repository + "/.build/test-venv"
        let python = venv + "/bin/python"
        return FileManager.default.isExecutableFile(atPath: python) ? python : nil
    }()

    /// AWS SAM CLI of that virtual environment.
    static let sam: String? = {
        guard let venvPython else { return nil }
        let path = venvPython.dropLast("python".count) + "sam"
        return FileManager.default.isExecutableFile(atPath: String(path)) ? String(path) : nil
    }()

    /// AWS CLI of that virtual environment.
    static let aws: String? = {
        guard let venvPython else { return nil }
        let path = venvPython.dropLast("python".count) + "aws"
        return FileManager.default.isExecutableFile(atPath: String(path)) ? String(path) : nil
    }()

    static let awsCLI: ConditionTrait = .enabled(
        if: aws != nil,
        "no virtual environment with awscli: run `make test`, or set APUS_TEST_VENV"
    )

    static let samCLI: ConditionTrait = .enabled(
        if: sam != nil,
        "no virtual environment with aws-sam-cli: run `make test`, or set APUS_TEST_VENV"
    )

    static let staticEmulator: ConditionTrait = .enabled(
        if: FileManager.default.isExecutableFile(atPath: Paths.staticEmulator),
        "no static apus-rie: run `make test` or `make dist`"
    )

    /// Another root directory, with mounts of its own.
    static let otherRoots: ConditionTrait = .enabled("another root directory needs root and mount namespaces") {
        guard let unshare = Paths.program("unshare"), Paths.program("chroot") != nil else { return false }
        return try await Fixture.with { fixture in
            try await fixture.run(unshare, ["-m", "-p", "-f", "chroot", "/", "true"]).status == .exited(0)
        }
    }

    static let pythonRuntime: ConditionTrait = .enabled(
        if: venvPython != nil,
        "no virtual environment with awslambdaric and boto3: run `make test`, or set APUS_TEST_VENV"
    )

    /// Crashes are captured through ptrace.
    static let linux: ConditionTrait = .enabled(
        if: FileManager.default.fileExists(atPath: "/proc/self/status"),
        "crashes are captured on Linux only"
    )

    static let tracing: ConditionTrait = .enabled(
        if: TracingPermission.isGiven,
        Comment(rawValue: TracingPermission.reason)
    )

    static let x86Machine: ConditionTrait = .enabled(
        if: Architecture.host == .x86_64,
        "this machine is not x86_64"
    )

    /// The standard library of another target, beside the compiler.
    static func rustTarget(_ triple: String) -> ConditionTrait {
        let libraries = Paths.rustSysroot.map { $0 + "/lib/rustlib/\(triple)/lib" }
        return .enabled(
            if: libraries.map { FileManager.default.fileExists(atPath: $0) } ?? false,
            "no Rust standard library for \(triple): rustup target add \(triple)"
        )
    }

    /// A registered emulator would run what the kernel is expected to refuse.
    static let noForeignBinaries: ConditionTrait = .enabled(
        if: !FileManager.default.fileExists(atPath: "/proc/sys/fs/binfmt_misc/qemu-aarch64"),
        "binfmt_misc runs binaries of the other architecture on this machine"
    )

    /// Descriptors that one process may have open, if it asks for them.
    static func descriptors(_ count: Int) -> ConditionTrait {
        var limit = rlimit()
        #if canImport(Glibc)
        let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        #else
        let isKnown = getrlimit(RLIMIT_NOFILE, &limit) == 0
        #endif
        let most = isKnown ? limit.rlim_max : 0
        return .enabled(
            if: most >= rlim_t(count),
            "a process may have only \(most) descriptors here (ulimit -Hn), not \(count)"
        )
    }

    /// Processes are found through /proc.
    static let procFileSystem: ConditionTrait = .enabled(
        if: FileManager.default.fileExists(atPath: "/proc/self/cmdline"),
        "there is no /proc on this system"
    )
}
