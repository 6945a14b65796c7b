import LambdaModel
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Each kind of function runs under each backend, and answers the same.
@Suite(.serialized, Prerequisite.linux) struct BothBackendsTests {
    private func expectEcho(_ fixture: Fixture, _ options: [String] = []) async throws {
        let outcome = try await fixture.invokeCode(event: #"{"bird":"雨燕"}"#, ["--timeout", "20"] + options)
        #expect(outcome.text == #"{"bird":"雨燕"}"# + "\n", "\(outcome)")
        #expect(outcome.status == .exited(0), "\(outcome)")
        try await eventually("no process") { fixture.processes().isEmpty }
    }

    @Test(Prerequisite.gcc, arguments: Backend.possible, [false, true])
    func aProgramInC(backend: Backend, isStatic: Bool) async throws {
        try await Fixture.with(backend) { fixture in
            let program = try await CCompiler.shared.executable(of: CBootstrap.echo, isStatic: isStatic)
            try await fixture.writeExecutable("task/bootstrap", program)
            try await expectEcho(fixture)
        }
    }

    @Test(Prerequisite.curl, Prerequisite.program("bash"), arguments: Backend.possible, ["#!/bin/sh", "#!/bin/bash"])
    func aScriptWithCurl(backend: Backend, shebang: String) async throws {
        try await Fixture.with(backend) { fixture in
            try await fixture.writeFunction(
                script: shebang + "\n" + #"""
                    set -euo pipefail
                    api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
                    while :; do
                      headers=$(mktemp)
                      event=$(curl -sS -D "$headers" "$api/next")
                      [[ $(grep -i aws-request-id "$headers") =~ :\ ([0-9a-f-]+) ]]
                      curl -sS -d "$event" "$api/${BASH_REMATCH[1]}/response"
                    done
                    """#
            )
            try await expectEcho(fixture)
        }
    }

    /// The interpreter lies where a sandbox shows it; the client and what it needs come with the code, as on Lambda.
    @Test(systemPython, arguments: Backend.possible) func awslambdaric(backend: Backend) async throws {
        try await Fixture.with(backend) { fixture in
            try fixture.write("task/app.py", "def handler(event, context):\n    return event\n")
            let packages = try #require(Self.packages)
            try fixture.makeDirectory("task")
            let wanted = ["awslambdaric", "simplejson", "snapshot_restore_py", "runtime_client"]
            for name in try Files.names(in: packages) where wanted.contains(where: { Self.isModule(name, $0) }) {
                try FileManager.default.copyItem(atPath: packages + "/" + name, toPath: fixture.path("task/" + name))
            }
            try await fixture.writeFunction(
                script:
                    "#!/bin/sh\nexport PYTHONPATH=$LAMBDA_TASK_ROOT\nexec /usr/bin/python3 -m awslambdaric app.handler\n"
            )
            // Its JSON has a space behind the colon.
            let outcome = try await fixture.invokeCode(event: #"{"bird":7}"#, ["--timeout", "20"])
            #expect(outcome.text.filter { $0 != " " } == #"{"bird":7}"# + "\n", "\(outcome)")
        }
    }

    private static func isModule(_ file: String, _ module: String) -> Bool {
        file == module || (file.hasPrefix(module + ".") && !file.hasSuffix("info"))
    }

    /// Where the packages of the tests' virtual environment are.
    private static let packages: String? = {
        guard let python = Prerequisite.venvPython else { return nil }
        let libraries = python.dropLast("bin/python".count) + "lib"
        let version = (try? Files.names(in: String(libraries)))?.first { $0.hasPrefix("python3.") }
        return version.map { libraries + "/" + $0 + "/site-packages" }
    }()

    /// awslambdaric is partly C, compiled for one version of Python.
    private static let systemPython: ConditionTrait = .enabled(
        if: packages.map { packages in
            let version = "import sys; sys.exit(0 if 'python%d.%d' % sys.version_info[:2] in sys.argv[1] else 1)"
            return HostProgram.status("/usr/bin/python3 -c \"\(version)\" '\(packages)' 2>/dev/null") == 0
        } ?? false,
        "awslambdaric in a virtual environment (make test), and /usr/bin/python3 of the same version, are wanted"
    )

    @Test(
        Prerequisite.x86Machine,
        Prerequisite.program("aarch64-linux-gnu-gcc"),
        Prerequisite.program("qemu-aarch64"),
        arguments: Backend.possible
    )
    func aProgramForARM64(backend: Backend) async throws {
        try await Fixture.with(backend) { fixture in
            let program = try await CCompiler.shared.executable(
                of: CBootstrap.echo,
                isStatic: true,
                by: "aarch64-linux-gnu-gcc"
            )
            try await fixture.writeExecutable("task/bootstrap", program)
            try await expectEcho(fixture, ["--architecture", "arm64"])
        }
    }

    /// Emulated code is in a room as any other is.
    @Test(
        Prerequisite.x86Machine,
        Prerequisite.program("aarch64-linux-gnu-gcc"),
        Prerequisite.program("qemu-aarch64"),
        arguments: Caller.withSandbox
    )
    func anEmulatedFunctionIsConfined(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let source = RoomProbe.source(
                "#include <sched.h>\n#include <sys/mount.h>",
                #"""
                say("user", "%d", getuid());
                TRY("task", opens("/var/task/new", O_WRONLY | O_CREAT));
                TRY("tmp", opens("/tmp/new", O_WRONLY | O_CREAT));
                TRY("unshare", unshare(CLONE_NEWUSER));
                TRY("mount", mount("none", "/tmp", "tmpfs", 0, ""));
                TRY("fixture", access("\#(fixture.root)", F_OK));
                """#
            )
            let program = try await CCompiler.shared.executable(of: source, isStatic: true, by: "aarch64-linux-gnu-gcc")
            try await fixture.writeExecutable("task/bootstrap", program)
            let outcome = try await fixture.invokeCode(event: "{}", ["--architecture", "arm64"])
            var seen = RoomProbe.parse(outcome.text)
            #expect(["EROFS", "EACCES"].contains(seen.removeValue(forKey: "task")), "\(outcome)")
            #expect(
                seen == ["user": "993", "tmp": "done", "unshare": "EPERM", "mount": "EPERM", "fixture": "ENOENT"],
                "\(outcome)"
            )
        }
    }

    /// Crashes are told in the names that the files have on this machine.
    @Test(Prerequisite.gcc, Prerequisite.tracing, arguments: Backend.possible)
    func aCrashIsExplained(backend: Backend) async throws {
        try await Fixture.with(backend) { fixture in
            try await fixture.writeFunction(c: "next(); *(volatile int *)0 = 1;")
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(try ErrorObject(outcome).errorMessage.hasSuffix("signal: segmentation fault"), "\(outcome)")
            #expect(outcome.standardError.contains("null pointer"), "\(outcome)")
            #expect(outcome.standardError.contains("main+0x"), "\(outcome)")
        }
    }

    @Test(Prerequisite.gcc, Prerequisite.tracing, arguments: Caller.withSandbox)
    func aCrashInASandboxIsExplainedToEveryUser(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try await fixture.writeFunction(c: "next(); *(volatile int *)0 = 1;")
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.standardError.contains("null pointer"), "\(outcome)")
        }
    }
}
