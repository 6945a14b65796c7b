import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// External extensions are started when Apus asks for it, in order, and know nothing of each other.
@Suite struct ExtensionStartTests {
    private static let sleeping = "echo ready $1; exec sleep 1000"

    @Test(arguments: [false, true])
    func startsInOrderWhenAsked(traced: Bool) throws {
        let environment = try RunningEnvironment(
            main: "echo main; exec sleep 1000",
            extensions: [Self.sleeping, Self.sleeping, Self.sleeping],
            capturesCrashes: traced
        )
        environment.start()
        let messages = try environment.nextMessages(4)
        #expect(messages.map(\.summary) == ["0 started", "1 started", "2 started", "main started"])
        let processes = messages.compactMap(\.startedPID)
        #expect(Set(processes).count == 4)
        #expect(processes.allSatisfy { !HostProcess.isGone($0) })
        #expect(environment.nextLine() == "main")
        let lines = (0..<3).map { _ in environment.nextExtensionLine() ?? "" }
        #expect(Set(lines) == ["ready 0", "ready 1", "ready 2"])
        environment.processes.send(.kill)
        #expect(try environment.allMessages().count == 4)
        #expect(processes.allSatisfy(HostProcess.isGone))
    }

    @Test func startsNothingUnasked() throws {
        let environment = try RunningEnvironment(main: "echo main", extensions: ["echo extension"])
        environment.processes.send(.kill)
        #expect(try environment.allMessages().isEmpty)
        #expect(environment.output().isEmpty)
        #expect(environment.extensionOutput() == "")
    }

    /// Each is asked for once; what was started is not started again.
    @Test func startsNothingTwice() throws {
        let environment = try RunningEnvironment(main: "echo main", extensions: ["echo extension"])
        for _ in 0..<3 { environment.processes.send(.startExtensions) }
        #expect(try environment.nextMessages(2).map(\.summary) == ["0 started", "0 exited(0)"])
        for _ in 0..<3 { environment.start() }
        #expect(try environment.allMessages().map(\.summary) == ["main started", "main exited(0)"])
        #expect(environment.output() == "main\n")
        #expect(environment.extensionOutput() == "extension\n")
    }

    @Test func startsTheMainProcessAlone() throws {
        let environment = try RunningEnvironment(main: "echo main", extensions: ["echo extension"])
        environment.processes.send(.startMain)
        #expect(try environment.nextMessages(2).map(\.summary) == ["main started", "main exited(0)"])
        #expect(environment.output() == "main\n")
        environment.processes.send(.startExtensions)
        #expect(try environment.allMessages().map(\.summary) == ["0 started", "0 exited(0)"])
        #expect(environment.extensionOutput() == "extension\n")
    }

    @Test func aFrozenEnvironmentStartsNothingUntilItGoesOn() throws {
        let environment = try RunningEnvironment(
            main: "exit 1",
            extensions: Array(repeating: "exec sleep 1000", count: 5)
        )
        environment.processes.send(.startExtensions)
        let extensions = try environment.nextMessages(5).compactMap(\.startedPID)
        environment.processes.send(.stop)
        #expect(extensions.allSatisfy { HostProcess.waitForState($0, HostProcess.isStopped) })
        environment.processes.send(.startMain)
        // Each answer comes from a launcher that has heard what came before.
        for index in 0..<5 {
            environment.processes.send(.killExtension(index))
            #expect(try environment.nextMessage()?.summary == "\(index) signaled(9)")
        }
        environment.processes.send(.killMain)
        environment.processes.send(.continue)
        // Nothing had started that could have been killed.
        #expect(try environment.allMessages().map(\.summary) == ["main started", "main exited(1)"])
    }

    @Test(arguments: [false, true])
    func surroundsAnExtensionAsTheMainProcess(traced: Bool) throws {
        let expectations = [
            ("pwd", "/"),
            ("readlink /proc/self/fd/0", "/dev/null"),
            ("ulimit -Sn; ulimit -Hn; ulimit -c; umask", "1024\n1024\n0\n0022"),
            // ls has the directory open as 3.
            ("ls -x /proc/self/fd", "0  1  2  3"),
            ("[ \"$(cut -d' ' -f5 /proc/$$/stat)\" = $$ ] && echo own group", "own group"),
            ("echo out; echo err >&2; echo out", "out\nerr\nout"),
            ("grep SigBlk /proc/self/status", "SigBlk:\t0000000000000000"),
        ]
        for (script, expected) in expectations {
            let environment = try RunningEnvironment(
                main: "ls -x /proc/self/fd",
                extensions: [script],
                capturesCrashes: traced
            )
            environment.start()
            #expect(environment.extensionOutput() == expected + "\n")
            #expect(environment.output() == "0  1  2  3\n")
        }
    }

    @Test func givesEachItsOwnVariablesArgumentsAndDirectory() throws {
        var specification = LaunchSpecification(
            executable: "/usr/bin/env",
            arguments: ["env"],
            environment: ["WHO": "main"],
            workingDirectory: "/"
        )
        specification.extensions = ["/usr", "/etc"].map { directory in
            ExtensionSpecification(
                executable: "/bin/sh",
                arguments: ["sh", "-c", "echo $WHO $0 $PWD $MORE", "name of \(directory)"],
                environment: ["WHO": directory, "LD_PRELOAD": ""],
                workingDirectory: directory
            )
        }
        let environment = try RunningEnvironment(specification)
        environment.start()
        let lines = try #require(environment.extensionOutput()).split(separator: "\n").sorted()
        #expect(lines == ["/etc name of /etc /etc", "/usr name of /usr /usr"])
        #expect(environment.output() == "WHO=main\n")
    }

    @Test(arguments: [false, true])
    func reportsExecFailuresAndGoesOn(traced: Bool) throws {
        let scratch = try Scratch()
        func missing(_ name: String) -> ExtensionSpecification {
            ExtensionSpecification(
                executable: scratch.path + "/" + name,
                arguments: [name],
                environment: [:],
                workingDirectory: "/"
            )
        }
        try scratch.write("mode", "#!/bin/sh\n", mode: 0o644)
        var specification = LaunchSpecification(
            executable: scratch.path + "/missing",
            arguments: ["main"],
            environment: [:],
            workingDirectory: "/"
        )
        specification.capturesCrashes = traced
        var good = missing("")
        good.executable = "/bin/sh"
        good.arguments = ["sh", "-c", "echo ready; exec sleep 1000"]
        specification.extensions = [missing("nothing"), good, missing("mode")]
        let environment = try RunningEnvironment(specification)
        environment.start()
        let messages = try environment.nextMessages(4).map(\.summary)
        #expect(messages == ["0 failed \(ENOENT)", "1 started", "2 failed \(EACCES)", "main failed \(ENOENT)"])
        #expect(environment.nextExtensionLine() == "ready")
        #expect(environment.output().isEmpty)
        environment.processes.send(.killExtension(1))
        #expect(try environment.allMessages().map(\.summary) == ["1 signaled(9)"])
    }

    @Test func endsWhenNothingCouldBeExecuted() throws {
        let nothing = ExtensionSpecification(
            executable: "/nonexistent",
            arguments: ["nothing"],
            environment: [:],
            workingDirectory: "/"
        )
        var specification = LaunchSpecification(
            executable: "/nonexistent",
            arguments: ["nothing"],
            environment: [:],
            workingDirectory: "/"
        )
        specification.extensions = Array(repeating: nothing, count: LaunchSpecification.maximumExtensions)
        let environment = try RunningEnvironment(specification)
        environment.start()
        let messages = try environment.allMessages().map(\.summary)
        #expect(messages == (0..<10).map { "\($0) failed \(ENOENT)" } + ["main failed \(ENOENT)"])
    }

    @Test func refusesWhatCannotBeLaunched() {
        var specification = LaunchSpecification(
            executable: "/bin/true",
            arguments: ["true"],
            environment: [:],
            workingDirectory: "/"
        )
        let good = ExtensionSpecification(
            executable: "/bin/ext",
            arguments: ["ext"],
            environment: [:],
            workingDirectory: "/"
        )
        let changes: [(inout ExtensionSpecification) -> Void] = [
            { $0.arguments = [] }, { $0.arguments = ["a\0"] }, { $0.environment = ["K": "\0"] },
            { $0.workingDirectory = "\0" },
        ]
        for change in changes {
            var bad = good
            change(&bad)
            specification.extensions = [good, bad]
            #expect(throws: LaunchFailure.exec(code: EINVAL, path: "/bin/ext")) {
                try EnvironmentProcesses.launch(specification)
            }
        }
        specification.extensions = Array(repeating: good, count: LaunchSpecification.maximumExtensions + 1)
        #expect(throws: LaunchFailure.exec(code: E2BIG, path: "/bin/ext")) {
            try EnvironmentProcesses.launch(specification)
        }
    }

    /// What ends while another one is between fork and exec is told all the same.
    @Test(arguments: [false, true])
    func losesNoEndDuringAnotherStart(traced: Bool) throws {
        for round in 0..<30 {
            let environment = try RunningEnvironment(
                main: "exit 9",
                extensions: (0..<10).map { "exit \($0)" },
                capturesCrashes: traced
            )
            environment.start()
            let messages = try environment.allMessages().map(\.summary)
            #expect(messages.count == 22, "round \(round)")
            for index in 0..<10 {
                let own = messages.filter { $0.hasPrefix("\(index) ") }
                #expect(own == ["\(index) started", "\(index) exited(\(index))"])
            }
            #expect(messages.filter { $0.hasPrefix("main") } == ["main started", "main exited(9)"])
        }
    }
}
