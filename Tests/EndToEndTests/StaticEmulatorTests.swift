import Testing

/// The static `apus-rie` as an image's entrypoint: no library, no shell and no /etc are there.
@Suite(
    .serialized,
    Prerequisite.curl,
    Prerequisite.gcc,
    Prerequisite.staticEmulator,
    Prerequisite.otherRoots
)
struct StaticEmulatorTests {
    /// What the root directory has besides apus-rie and the function.
    enum Surroundings: Sendable, CaseIterable {
        case nothing
        /// /proc and /dev/null, as under any container engine.
        case ofAContainer
        /// The same, and apus-rie is process 1, for which the kernel has no default action of a signal.
        case ofAContainersInit
    }

    private static let enter = #"""
        root=$1; surroundings=$2; shift 2
        if [ "$surroundings" != nothing ]; then
            mkdir "$root/proc" "$root/dev" && : >"$root/dev/null"
            mount --bind /proc "$root/proc" && mount --bind /dev/null "$root/dev/null" || exit 1
        fi
        exec chroot "$root" "$@"
        """#

    /// Makes a root directory and a program that runs apus-rie in it.
    private func emulator(
        _ arguments: [String],
        in fixture: Fixture,
        _ surroundings: Surroundings,
        environment: [String: String] = [:]
    ) async throws -> Program {
        let bootstrap = try await CCompiler.shared.executable(of: CBootstrap.echo, isStatic: true)
        try await fixture.writeExecutable("root/var/task/bootstrap", bootstrap)
        try await fixture.writeExecutable("root/apus-rie", Files.read(Paths.staticEmulator))
        let namespaces = surroundings == .ofAContainersInit ? ["-m", "-p", "-f"] : ["-m"]
        return try fixture.program(
            Paths.program("unshare") ?? "",
            namespaces + ["sh", "-c", Self.enter, "sh", fixture.path("root"), "\(surroundings)", "/apus-rie"]
                + arguments,
            environment: environment
        )
    }

    @Test(arguments: Surroundings.allCases)
    func itServesAFunction(surroundings: Surroundings) async throws {
        try await Fixture.with { fixture in
            let address = "localhost:\(try freePort())"
            let program = try await emulator(
                ["--runtime-interface-emulator-address", address, "--runtime-api-address", ":\(try freePort())"],
                in: fixture,
                surroundings
            )
            let outcome = try await program.run { running in
                let processID = try await Self.emulator(of: running, surroundings)
                defer { SignalNumber.terminate.send(to: processID) }
                let emulator = RunningEmulator(fixture: fixture, address: address, running: running)
                try await emulator.waitUntilItListens()
                for event in ["{\"bird\":\"雨燕\"}", "2"] { try await emulator.expect(event, body: event) }
            }
            #expect(outcome.status == .exited(143), "\(outcome)")
            try await eventually("no process") { fixture.processes().isEmpty }
        }
    }

    @Test(
        arguments: [
            (["--version"], 0, ""), (["--help"], 0, ""), (["--flag"], 64, "error: unknown option '--flag'\n"),
            (["/p", "--log-level"], 64, "error: --log-level needs a value\n"),
            (["--runtime-api-address", "192.0.2.1:9"], 2, "error: cannot listen on 192.0.2.1:9: "),
        ] as [([String], Int32, String)]
    )
    func itsCommandLine(arguments: [String], status: Int32, message: String) async throws {
        try await Fixture.with { fixture in
            let outcome = try await emulator(arguments, in: fixture, .nothing).run()
            #expect(outcome.status == .exited(status), "\(outcome)")
            #expect(outcome.standardError.hasPrefix(message), "\(outcome)")
            #expect(outcome.standardOutput.isEmpty == (status != 0), "\(outcome)")
        }
    }

    /// `unshare` stays as the parent of what it starts in a process namespace.
    private static func emulator(of running: RunningProgram, _ surroundings: Surroundings) async throws -> Int32 {
        guard surroundings == .ofAContainersInit else { return running.processID }
        let file = "/proc/\(running.processID)/task/\(running.processID)/children"
        var children: [Int32] = []
        try await eventually("a child of unshare") {
            let text = String(decoding: try Files.read(file), as: UTF8.self)
            children = text.split(separator: " ").compactMap { Int32($0) }
            return !children.isEmpty
        }
        return children[0]
    }
}
