import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// What the main process reports and what it finds around itself.
@Suite struct LauncherTests {
    @Test(arguments: [
        ("exit 0", ProcessExit.Status.exited(0)),
        ("exit 7", .exited(7)),
        ("exit 255", .exited(255)),
        ("kill -SEGV $$", .signaled(SIGSEGV)),
        ("kill -ILL $$", .signaled(SIGILL)),
        ("kill -KILL $$", .signaled(SIGKILL)),
        ("kill -TERM $$", .signaled(SIGTERM)),
    ])
    func reportsHowTheMainProcessEnded(script: String, expected: ProcessExit.Status) throws {
        let messages = try RunningEnvironment(shell: script).allMessages()
        #expect(messages.count == 2)
        #expect(messages.first?.startedPID != nil)
        #expect(messages.last?.exitStatus == expected)
        let traced = try RunningEnvironment(shell: script, capturesCrashes: true).allMessages()
        #expect(traced.first?.startedPID != nil)
        #expect(traced.last?.exitStatus == expected)
    }

    @Test func givesTheEnvironmentAndNothingElse() throws {
        // LD_PRELOAD must reach the function without being taken for the launcher's own.
        let given = ["A": "1", "B": "two words\nand a line", "LD_PRELOAD": "", "EMPTY": "", "=odd": "x"]
        let environment = try RunningEnvironment(
            LaunchSpecification(
                executable: "/usr/bin/env",
                arguments: ["env", "-0"],
                environment: given,
                workingDirectory: "/"
            )
        )
        let entries = environment.output().split(separator: "\0").map(String.init)
        #expect(entries.sorted() == given.map { $0 + "=" + $1 }.sorted())
    }

    @Test(arguments: [
        ("pwd", "/usr"),
        ("readlink /proc/self/fd/0", "/dev/null"),
        ("ulimit -Sn; ulimit -Hn; ulimit -c; umask", "1024\n1024\n0\n0022"),
        // ls has the directory open as 3.
        ("ls -x /proc/self/fd", "0  1  2  3"),
        ("[ \"$(cut -d' ' -f5 /proc/$$/stat)\" = $$ ] && echo own group", "own group"),
        (
            "[ \"$(cut -d' ' -f6 /proc/$$/stat)\" = \"$(cut -d' ' -f4 /proc/$$/stat)\" ] && echo own session",
            "own session"
        ),
        ("echo out; echo err >&2; echo out", "out\nerr\nout"),
        ("tr '\\0' '\\n' < /proc/$PPID/cmdline", "apus-launcher"),
    ])
    func surroundsTheMainProcessAsLambdaDoes(script: String, expected: String) throws {
        let environment = try RunningEnvironment(shell: script, directory: "/usr")
        #expect(environment.output() == expected + "\n")
    }

    @Test func signalsAreAllDefaultAndUnblocked() throws {
        let environment = try RunningEnvironment(shell: "exec cat /proc/self/status")
        let lines = environment.output().split(separator: "\n")
        // posix_spawn of glibc leaves its two internal signals, 32 and 33, ignored.
        let glibcInternal: UInt64 = 3 << 31
        for label in ["SigBlk:\t", "SigIgn:\t", "SigCgt:\t"] {
            let line = try #require(lines.first { $0.hasPrefix(label) })
            let mask = try #require(UInt64(line.dropFirst(label.count), radix: 16))
            #expect(mask & ~glibcInternal == 0, "\(line)")
        }
    }

    @Test func reportsExecFailures() throws {
        let scratch = try Scratch()
        let cases: [(String, Int32)] = [
            (scratch.path + "/missing", ENOENT),
            (try scratch.write("mode", "#!/bin/sh\n", mode: 0o644), EACCES),
            (try scratch.makeDirectory("directory"), EACCES),
            (try scratch.write("empty", ""), ENOEXEC),
            (try scratch.write("text", "echo hello\n"), ENOEXEC),
            (try scratch.write("bom", "\u{FEFF}#!/bin/sh\n"), ENOEXEC),
            (try scratch.write("crlf", "#!/bin/sh\r\nexit 0\r\n"), ENOENT),
            (try scratch.write("truncated", [0x7f, 0x45, 0x4c, 0x46]), ENOEXEC),
        ]
        for (path, code) in cases {
            var specification = LaunchSpecification(
                executable: path,
                arguments: [path],
                environment: [:],
                workingDirectory: "/"
            )
            #expect(try RunningEnvironment(specification).allMessages() == [.execFailed(errno: code)], "\(path)")
            specification.capturesCrashes = true
            #expect(try RunningEnvironment(specification).allMessages() == [.execFailed(errno: code)], "\(path)")
        }
    }

    @Test func reportsAMissingWorkingDirectory() throws {
        let messages = try RunningEnvironment(shell: "exit 0", directory: "/nonexistent").allMessages()
        #expect(messages == [.execFailed(errno: ENOENT)])
    }

    @Test(arguments: ["a\0b", "\0"])
    func refusesStringsThatNoProcessCanBeGiven(text: String) {
        let specifications = [
            LaunchSpecification(executable: "/bin/true", arguments: [text], environment: [:], workingDirectory: "/"),
            LaunchSpecification(
                executable: "/bin/true",
                arguments: ["true"],
                environment: ["K": text],
                workingDirectory: "/"
            ),
            LaunchSpecification(executable: text, arguments: ["true"], environment: [:], workingDirectory: "/"),
        ]
        for specification in specifications {
            #expect(throws: LaunchFailure.exec(code: EINVAL, path: specification.executable)) {
                try EnvironmentProcesses.launch(specification)
            }
        }
    }

    @Test func refusesAnEnvironmentThatIsTooLargeForExec() throws {
        let specification = LaunchSpecification(
            executable: "/bin/true",
            arguments: ["true"],
            environment: ["HUGE": String(repeating: "x", count: 200_000)],
            workingDirectory: "/"
        )
        #expect(throws: LaunchFailure.host(code: E2BIG, operation: "start apus-launcher")) {
            try EnvironmentProcesses.launch(specification)
        }
    }

    @Test func countsCPUTime() throws {
        let messages = try RunningEnvironment(shell: "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done").allMessages()
        guard case .exited(let exit) = messages.last else {
            Issue.record("no exit in \(messages)")
            return
        }
        #expect(exit.cpuMicroseconds > 1_000)
        #expect(exit.cpuMicroseconds < 60_000_000)
        #expect(exit.peakMemoryBytes > 500_000)
    }
}
