import Glibc
import LambdaModel
import Testing

@testable import Sandbox

@Suite struct ProcessBackendTests {
    private static let dash = HostShell(shIsBash: false, name: "dash", bash: "/bin/bash")

    @Test func searchesTheTaskRootThenTheLayers() throws {
        let scratch = try Scratch()
        for name in ["task", "winner", "loser"] { try scratch.makeDirectory(name) }
        let backend = ProcessBackend(
            taskRoot: scratch.path + "/task",
            layerRoots: [scratch.path + "/winner", scratch.path + "/loser"]
        )
        #expect(throws: LaunchFailure.noEntrypoint) { try backend.entrypoint() }

        try scratch.write("loser/bootstrap", "")
        #expect(try backend.entrypoint().path == scratch.path + "/loser/bootstrap")
        try scratch.write("winner/bootstrap", "")
        #expect(try backend.entrypoint().path == scratch.path + "/winner/bootstrap")
        #expect(try backend.entrypoint().lambdaPath == "/opt/bootstrap")
        // Neither a directory nor a link to nothing counts.
        try scratch.makeDirectory("task/bootstrap")
        #expect(try backend.entrypoint().lambdaPath == "/opt/bootstrap")
        #expect(rmdir(scratch.path + "/task/bootstrap") == 0)
        #expect(symlink("/nonexistent", scratch.path + "/task/bootstrap") == 0)
        #expect(try backend.entrypoint().lambdaPath == "/opt/bootstrap")
        #expect(unlink(scratch.path + "/task/bootstrap") == 0)

        try scratch.write("task/bootstrap", "", mode: 0o644)
        let found = try backend.entrypoint()
        #expect(found.path == scratch.path + "/task/bootstrap")
        #expect(found.executable == found.path)
        #expect(found.arguments == [found.path])
        #expect(found.workingDirectory == scratch.path + "/task")
        #expect(found.notice == nil)
        #expect(found.failure(errno: 13).lambdaMessage == "fork/exec /var/task/bootstrap: permission denied")
    }

    @Test(arguments: [
        ("#!/bin/sh\nset -euo pipefail\n", ["/bin/sh"], true),
        ("#!/bin/sh", ["/bin/sh"], true),
        ("#! /bin/sh -e \t\n", ["/bin/sh", "-e"], true),
        ("#!\t/usr/bin/sh -e -u\n", ["/usr/bin/sh", "-e -u"], true),
        ("#!/bin/bash\n", [], false),
        ("#!/bin/sh\r\n", [], false),
        ("#!/bin/dash\n", [], false),
        ("#!/usr/bin/env sh\n", [], false),
        ("# !/bin/sh\n", [], false),
        ("#!\n/bin/sh\n", [], false),
        ("#!", [], false),
        ("", [], false),
        ("\u{7f}ELF", [], false),
    ])
    func startsScriptsForShUnderBash(text: String, arguments: [String], underBash: Bool) throws {
        let scratch = try Scratch()
        let path = try scratch.write("bootstrap", text)
        let found = try ProcessBackend(taskRoot: scratch.path).entrypoint(shell: Self.dash)
        #expect(found.path == path)
        #expect(found.executable == (underBash ? "/bin/bash" : path))
        #expect(found.arguments == arguments + [path])
        #expect((found.notice != nil) == underBash)
        #expect(found.notice?.contains("\n") != true)
    }

    @Test func leavesAScriptAloneThatIsNotExecutable() throws {
        let scratch = try Scratch()
        let path = try scratch.write("bootstrap", "#!/bin/sh\n", mode: 0o644)
        #expect(try ProcessBackend(taskRoot: scratch.path).entrypoint(shell: Self.dash).executable == path)
    }

    @Test func saysSoWhereThereIsNoBash() throws {
        let scratch = try Scratch()
        let path = try scratch.write("bootstrap", "#!/bin/sh\n")
        let backend = ProcessBackend(taskRoot: scratch.path)
        let without = try backend.entrypoint(shell: HostShell(shIsBash: false, name: "busybox", bash: nil))
        #expect(without.executable == path)
        #expect(without.notice?.contains("no bash") == true)
        let already = try backend.entrypoint(shell: HostShell(shIsBash: true, name: "bash", bash: "/bin/bash"))
        #expect(already.executable == path)
        #expect(already.notice == nil)
    }

    @Test func aScriptThatNeedsBashRunsAsInLambda() throws {
        let scratch = try Scratch()
        try scratch.write(
            "bootstrap",
            """
            #!/bin/sh
            set -euo pipefail
            echo "$0" "$(pwd -P)"
            [[ -o posix ]] && echo posix mode
            false | true || echo pipefail
            """
        )
        let entrypoint = try ProcessBackend(taskRoot: scratch.path).entrypoint()
        let environment = try RunningEnvironment(
            entrypoint.specification(environment: ["PATH": "/usr/bin:/bin"])
        )
        #expect(
            environment.output() == "\(entrypoint.path) \(scratch.path)\nposix mode\npipefail\n"
        )
        #expect(try environment.allMessages().last?.exitStatus == .exited(0))
    }

    @Test func limitationsAreOneLine() {
        #expect(!ProcessBackend.limitations.contains("\n"))
        #expect(ProcessBackend.limitations.contains("process"))
    }
}
