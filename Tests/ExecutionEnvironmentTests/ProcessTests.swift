import LambdaModel
import Sandbox
import NIOCore
import Testing

@testable import ExecutionEnvironment

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Real processes: how they end, what they write, and that they are gone.
struct ProcessTests {
    struct Row: Sendable {
        var script: String
        var message: String
    }

    @Test(arguments: [
        Row(script: "exit 1", message: "Runtime exited with error: exit status 1"),
        Row(script: "exit 0", message: "Runtime exited without providing a reason"),
        Row(script: "exit 255", message: "Runtime exited with error: exit status 255"),
        Row(script: "kill -SEGV $$", message: "Runtime exited with error: signal: segmentation fault"),
        Row(script: "kill -ILL $$", message: "Runtime exited with error: signal: illegal instruction"),
        Row(script: "kill -KILL $$", message: "Runtime exited with error: signal: killed"),
    ])
    func anExitDuringBothInits(row: Row) throws {
        let environment = try TestEnvironment(script: row.script)
        let invocation = try environment.invoke()
        #expect(invocation.answer() == "crash Runtime.ExitError RequestId: r1 Error: \(row.message)")
        let report = try #require(try invocation.report())
        #expect(report.status == .error(type: "Runtime.ExitError"))
        #expect(report.exit?.lambdaMessage == row.message)
        #expect(
            try environment.logWithoutFigures()
                .replacing(#/ \| Max Memory Used: # MB/#, with: "") == """
                    INIT_START Runtime Version: provided:al2023
                    INIT_REPORT Init Duration: # ms | Phase: init | Status: error | Error Type: Runtime.ExitError
                    INIT_REPORT Init Duration: # ms | Phase: invoke | Status: error | Error Type: Runtime.ExitError
                    START RequestId: r1 Version: $LATEST
                    RequestId: r1 Error: \(row.message)
                    Runtime.ExitError
                    END RequestId: r1
                    REPORT RequestId: r1 | Duration: # ms | Billed Duration: # ms | Memory Size: # MB | Status: error | \
                    Error Type: Runtime.ExitError

                    """
        )
    }

    @Test(arguments: [
        (SIGKILL, "signal: killed"), (SIGSEGV, "signal: segmentation fault"), (SIGTERM, "exit status 7"),
    ])
    func anExitDuringTheInvoke(signal: Int32, words: String) throws {
        let environment = try TestEnvironment(script: "trap 'exit 7' TERM; echo pid $$; while :; do sleep 0.01; done")
        let invocation = try environment.invoke()
        #expect(try environment.runtime().next().status == 200)
        kill(try environment.processID(), signal)
        let message = "Runtime exited with error: \(words)"
        #expect(invocation.answer() == "crash Runtime.ExitError RequestId: r1 Error: \(message)")
        #expect(invocation.isOver())
        #expect(
            try environment.log().contains("RequestId: r1 Error: \(message)\nRuntime.ExitError\nEND RequestId: r1\n")
        )
    }

    /// The response counts, the exit stands in the log.
    @Test func anExitAfterTheResponse() throws {
        let environment = try TestEnvironment()
        let invocation = try environment.invoke()
        let runtime = try environment.runtime()
        #expect(try runtime.next().status == 200)
        try runtime.respond("ok")
        kill(try environment.processID(), SIGKILL)
        #expect(invocation.answer() == "success ok")
        let report = try #require(try invocation.report())
        #expect(report.status == .error(type: "Runtime.ExitError"))
    }

    @Test(.enabled(if: access("/bin/bash", X_OK) == 0, "the runtime of this test is bash"))
    func aResponseWhoseSenderWaitsForNothing() throws {
        let script = #"""
            exec /bin/bash -c '
            exec 3<>/dev/tcp/${API%:*}/${API#*:}
            printf "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: localhost\r\n\r\n" >&3
            read -r line <&3
            exec 4<>/dev/tcp/${API%:*}/${API#*:}
            printf "POST /2018-06-01/runtime/invocation/r1/response HTTP/1.1\r\nHost: localhost\r\n" >&4
            printf "Content-Length: 4\r\n\r\nlast" >&4
            kill -KILL $$'
            """#
        let environment = try TestEnvironment(script: script)
        for _ in 0..<20 {
            let invocation = try environment.invoke()
            #expect(invocation.answer() == "success last")
            #expect(invocation.isOver())
        }
    }

    @Test func theLauncherIsKilled() throws {
        let environment = try TestEnvironment(script: "echo launcher $PPID; echo pid $$; exec sleep 1000")
        let invocation = try environment.invoke()
        #expect(try environment.runtime().next().status == 200)
        let pid = try environment.processID()
        let launcher = try #require(
            try environment.log().split(separator: "\n").first { $0.hasPrefix("launcher ") }.flatMap {
                Int32($0.dropFirst(9))
            }
        )
        kill(launcher, SIGKILL)
        #expect(
            invocation.answer()
                == "crash Runtime.ExitError RequestId: r1 Error: Runtime exited with error: signal: killed"
        )
        #expect(invocation.isOver())
        let second = try environment.invoke("r2")
        let runtime = try environment.runtime()
        #expect(try runtime.next()["lambda-runtime-aws-request-id"] == "r2")
        try runtime.respond("ok", to: "r2")
        #expect(second.answer() == "success ok")
        try environment.shutdown()
        #expect(HostProcess.isGone(pid))
    }

    @Test(arguments: [
        (LaunchFailure.noEntrypoint, "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"),
        (.exec(code: ENOEXEC, path: "/var/task/bootstrap"), "fork/exec /var/task/bootstrap: exec format error"),
    ])
    func nothingToLaunch(failure: LaunchFailure, message: String) throws {
        let environment = try TestEnvironment { (_) throws(LaunchFailure) in throw failure }
        let invocation = try environment.invoke()
        #expect(invocation.answer() == "crash Runtime.InvalidEntrypoint RequestId: r1 Error: \(message)")
        #expect(invocation.isOver())
        #expect(environment.launchFailures.next() == failure)
        #expect(environment.launchFailures.next() == failure)
    }

    @Test(arguments: [
        ("/", "fork/exec /var/task/bootstrap: permission denied"),
        ("/nonexistent/bootstrap", "fork/exec /var/task/bootstrap: no such file or directory"),
        ("/etc/passwd", "fork/exec /var/task/bootstrap: permission denied"),
    ])
    func whatCannotBeExecuted(executable: String, message: String) throws {
        let environment = try TestEnvironment { _ in
            var plan = TestEnvironment.shell("", variables: [:])
            plan.specification.executable = executable
            return plan
        }
        let invocation = try environment.invoke()
        #expect(invocation.answer() == "crash Runtime.InvalidEntrypoint RequestId: r1 Error: \(message)")
        #expect(invocation.isOver())
    }

    @Test func theProcessHasItsVariablesAndNoOthers() throws {
        let environment = try TestEnvironment { address in
            TestEnvironment.shell(
                "/usr/bin/env -u PWD -u _ -u SHLVL -u OLDPWD; exit 1",
                variables: ["B": "2=3", "A": address]
            )
        }
        let invocation = try environment.invoke()
        #expect(invocation.isOver())
        let address = try #require(environment.launches.next())
        #expect(address.hasPrefix("127.0.0.1:"))
        #expect(
            try environment.log().hasPrefix(
                "INIT_START Runtime Version: provided:al2023\nA=\(address)\nB=2=3\nINIT_REPORT"
            )
        )
    }

    @Test(.enabled(if: access("/usr/bin/curl", X_OK) == 0, "the runtime of this test is curl"))
    func outputStandsBetweenTheLinesOfThePlatform() throws {
        let script = """
            api=http://$API/2018-06-01/runtime/invocation; n=0; echo initializing
            while n=$((n + 1)); curl -s $api/next >/dev/null; do
                echo out $n; echo error $n >&2
                curl -s -d ok $api/r$n/response >/dev/null
            done
            """
        let environment = try TestEnvironment(script: script)
        for number in 1...5 {
            let invocation = try environment.invoke("r\(number)")
            #expect(invocation.answer() == "success ok")
            #expect(invocation.isOver())
        }
        let lines = try environment.log().split(separator: "\n").map { $0.prefix { $0 != "\t" } }
        let expected = (1...5).flatMap { number in
            [
                "START RequestId: r\(number) Version: $LATEST", "out \(number)", "error \(number)",
                "END RequestId: r\(number)", "REPORT RequestId: r\(number)",
            ]
        }
        #expect(lines.map(String.init) == ["INIT_START Runtime Version: provided:al2023", "initializing"] + expected)
    }

    @Test func aFloodOfOutputArrivesWhole() throws {
        let environment = try TestEnvironment(script: "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last; exit 1")
        let invocation = try environment.invoke()
        #expect(invocation.isOver())
        let log = try environment.log()
        #expect(log.utf8.count { $0 == UInt8(ascii: "x") } >= 6_000_000)
        #expect(log.contains("x\nlast\nINIT_REPORT"))
    }

    @Test func anExitWhileIdleLeadsToAColdStart() throws {
        let environment = try TestEnvironment()
        try environment.start()
        let first = try environment.runtime()
        first.sendNext()
        #expect(try first.another().connection.call("GET", "/2018-06-01/ping").status == 200)
        kill(try environment.processID(), SIGKILL)
        // The test's connection does not end with the process; that it is cut shows that the exit was noticed.
        #expect(first.connection.readToEnd().isEmpty)
        let invocation = try environment.invoke()
        let second = try environment.runtime()
        #expect(try second.next()["lambda-runtime-aws-request-id"] == "r1")
        try second.respond("ok")
        #expect(invocation.answer() == "success ok")
        #expect(try environment.log().split(separator: "\n").filter { $0.hasPrefix("INIT_START") }.count == 2)
    }
}
