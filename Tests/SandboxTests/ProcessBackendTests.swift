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

    // MARK: Extensions

    private static func layers(_ scratch: Scratch) throws -> ProcessBackend {
        for name in ["winner", "winner/extensions", "loser", "loser/extensions", "none"] {
            try scratch.makeDirectory(name)
        }
        let roots = ["winner", "none", "missing", "loser"].map { scratch.path + "/" + $0 }
        return ProcessBackend(taskRoot: scratch.path, layerRoots: roots)
    }

    @Test func findsTheExtensionsOfAllLayers() throws {
        let scratch = try Scratch()
        let backend = try Self.layers(scratch)
        #expect(backend.extensions().isEmpty)

        try scratch.write("winner/extensions/both", "")
        try scratch.write("loser/extensions/both", "")
        try scratch.write("loser/extensions/b", "", mode: 0o644)
        try scratch.write("loser/extensions/Z", "")
        try scratch.write("winner/extensions/ä", "")
        try scratch.makeDirectory("winner/extensions/directory")
        // A directory hides no file of another layer.
        try scratch.makeDirectory("winner/extensions/file")
        try scratch.write("loser/extensions/file", "")
        #expect(symlink(scratch.path + "/winner", scratch.path + "/winner/extensions/to-directory") == 0)
        #expect(symlink("../../loser/extensions/b", scratch.path + "/winner/extensions/to-file") == 0)
        // An absolute link into /opt, which is not here: its start will say so.
        #expect(symlink("/opt/nonexistent", scratch.path + "/winner/extensions/to-nothing") == 0)

        let found = backend.extensions()
        #expect(
            found.map(\.lambdaPath)
                == ["Z", "b", "both", "file", "to-file", "to-nothing", "ä"].map { "/opt/extensions/" + $0 }
        )
        let directories = ["loser", "loser", "winner", "loser", "winner", "winner", "winner"]
        for (entrypoint, layer) in zip(found, directories) {
            let name = entrypoint.lambdaPath.dropFirst("/opt/extensions/".count)
            #expect(entrypoint.path == "\(scratch.path)/\(layer)/extensions/\(name)")
            #expect(entrypoint.executable == entrypoint.path)
            #expect(entrypoint.arguments == [entrypoint.path])
            #expect(entrypoint.workingDirectory == "/")
            #expect(entrypoint.notice == nil)
        }
        #expect(
            found.first?.failure(errno: 2).lambdaMessage == "fork/exec /opt/extensions/Z: no such file or directory"
        )
    }

    @Test func startsExtensionsForShUnderBash() throws {
        let scratch = try Scratch()
        let backend = try Self.layers(scratch)
        let path = try scratch.write("winner/extensions/script", "#!/bin/sh -e\n")
        let found = try #require(backend.extensions(shell: Self.dash).first)
        #expect(found.executable == "/bin/bash")
        #expect(found.arguments == ["/bin/sh", "-e", path])
        #expect(found.notice?.contains("/opt/extensions/script") == true)
        let specification = found.extensionSpecification(environment: ["A": "1"])
        #expect(
            specification
                == ExtensionSpecification(
                    executable: "/bin/bash",
                    arguments: ["/bin/sh", "-e", path],
                    environment: ["A": "1"],
                    workingDirectory: "/"
                )
        )
    }

    @Test func looksAtABoundedNumberOfFiles() throws {
        let scratch = try Scratch()
        let backend = try Self.layers(scratch)
        for number in 0..<1_100 { try scratch.write("loser/extensions/\(number)", "") }
        try scratch.write("winner/extensions/own", "")
        let found = backend.extensions()
        #expect((900...1_001).contains(found.count))
        #expect(found.last?.lambdaPath == "/opt/extensions/own")
    }

    @Test func limitationsAreOneLine() {
        #expect(!ProcessBackend.limitations.contains("\n"))
        #expect(ProcessBackend.limitations.contains("process"))
    }
}
