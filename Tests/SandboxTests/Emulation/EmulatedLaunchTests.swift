import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// Programs and their children on an emulated CPU.
@Suite(Emulators.x86) struct EmulatedLaunchTests {
    @Test(arguments: [[], ["-static"], ["-static-pie"]])
    func runsOnTheModelAndNotOnThisMachine(options: [String]) throws {
        let scratch = try Scratch()
        let probe = try scratch.probe(options: options)

        let old = try scratch.run([probe, "newer"], on: Emulators.resolve("Nehalem"))
        #expect(old.output() == "begin")
        #expect(try old.allMessages().exitStatus == .signaled(SIGILL))

        let new = try scratch.run([probe, "newer"], on: Emulators.resolve("Haswell"))
        #expect(new.output() == "begin end")
        #expect(try new.allMessages().exitStatus == .exited(0))
    }

    /// What a process sees of itself, natively and emulated: directory, arguments, variables, exit status.
    @Test(arguments: [
        ["report"], ["report", "", "two words", "-x", "ä"], ["self"], ["fexec"], ["memory"], ["thread-exec"],
    ])
    func showsTheProgramWhatItSeesNatively(arguments: [String]) throws {
        let scratch = try Scratch()
        let probe = try scratch.probe()
        let variables = [
            "PATH": Emulators.path, "A": "1,2", "EMPTY": "", "LD_LIBRARY_PATH": "/lib64:\(scratch.path)/lib",
            "QEMU_CPU": "max", "QEMU_LD_PREFIX": "/nonexistent", "LD_BIND_NOW": "1,2", "MALLOC_ARENA_MAX": "1",
        ]
        var seen: [(words: [Substring], status: ProcessExit.Status?)] = []
        for emulation in [nil, try Emulators.resolve("Nehalem")] {
            let environment = try scratch.run([probe] + arguments, on: emulation, environment: variables)
            // The order of variables may differ.
            let words = environment.output().split(separator: "|").sorted()
            seen.append((words, try environment.allMessages().exitStatus))
        }
        #expect(seen[0].words == seen[1].words)
        #expect(seen[0].status == seen[1].status)
        #expect(seen[1].status == .exited(7))
    }

    @Test(arguments: [
        "./probe newer; echo \" $?\"",
        "env -i ./probe newer; echo \" $?\"",
        "sh -c 'exec ./probe newer'; echo \" $?\"",
        "(exec -a other ./probe newer); echo \" $?\"",
        "(setsid sh -c '(./probe newer; echo \" $?\") & wait'); :",
        "mkfifo end; sh -c '((./probe newer; echo x > end) &)'; read x < end",
        "./script; echo \" $?\"",
        "./outer; echo \" $?\"",
    ])
    func childrenRunOnTheSameCPU(script: String) throws {
        let scratch = try Scratch()
        _ = try scratch.probe()
        try scratch.write("script", "#!/usr/bin/env bash\nexec ./probe newer\n")
        try scratch.write("outer", "#!\(scratch.path)/script\n")
        let environment = try scratch.run(["/bin/bash", "-c", script], on: Emulators.resolve("Nehalem"))
        let output = environment.output()
        let crashes = try environment.allMessages().crashes
        #expect(output.hasPrefix("begin"))
        #expect(!output.contains("qemu"))
        #expect(!output.contains("end"))
        #expect(crashes.map(\.signal) == [SIGILL])
        #expect(crashes.first?.isMainProcess == false)
        #expect(crashes.first?.executable == scratch.path + "/probe")
    }

    @Test(.enabled(if: Emulators.program("python3") != nil, "python3 is not installed"))
    func childrenOfPythonRunOnTheSameCPU() throws {
        let scratch = try Scratch()
        let probe = try scratch.probe()
        let script = """
            import subprocess, sys
            print(subprocess.run(["./probe", "newer"]).returncode, end="")
            """
        let python = try #require(Emulators.program("python3"))
        let environment = try scratch.run([python, "-c", script], on: Emulators.resolve("Nehalem"))
        #expect(environment.output() == "begin-4")
        #expect(try environment.allMessages().crashes.map(\.executable) == [probe])
    }

    @Test func spawnedChildrenRunOnTheSameCPU() throws {
        let scratch = try Scratch()
        let environment = try scratch.run([scratch.probe(), "spawn"], on: Emulators.resolve("Nehalem"))
        #expect(environment.output() == "begin")
        #expect(try environment.allMessages().exitStatus == .exited(104))
    }

    /// As `execve` answers natively; see `LauncherTests.reportsExecFailures`.
    @Test func reportsExecFailures() throws {
        let scratch = try Scratch()
        let probe = try scratch.compile(
            "int main(void) { return 0; }",
            name: "odd",
            options: ["-Wl,-I,/nonexistent/ld.so"]
        )
        let cases: [(String, Int32)] = [
            (scratch.path + "/missing", ENOENT),
            (try scratch.write("mode", "#!/bin/sh\n", mode: 0o644), EACCES),
            (try scratch.makeDirectory("directory"), EACCES),
            (try scratch.write("empty", ""), ENOEXEC),
            (try scratch.write("text", "echo hello\n"), ENOEXEC),
            (try scratch.write("blank", "#!  \nexit 0\n"), ENOEXEC),
            (try scratch.write("crlf", "#!/bin/sh\r\nexit 0\r\n"), ENOENT),
            (try scratch.write("loop", "#!\(scratch.path)/loop\n"), ELOOP),
            (try scratch.write("truncated", [0x7f, 0x45, 0x4c, 0x46]), ENOEXEC),
            (
                try scratch.write("elf32", [0x7f, 0x45, 0x4c, 0x46, 1, 1, 1] + [UInt8](repeating: 0, count: 100)),
                ENOEXEC
            ),
            (try scratch.makeFIFO("fifo"), EACCES),
            (probe, ENOENT),
        ]
        let emulation = try Emulators.resolve("Nehalem")
        for (path, code) in cases {
            #expect(try scratch.run([path], on: nil).allMessages() == [.execFailed(errno: code)], "natively: \(path)")
            #expect(try scratch.run([path], on: emulation).allMessages() == [.execFailed(errno: code)], "\(path)")
        }
    }

    @Test func passesManyArguments() throws {
        let scratch = try Scratch()
        let script = "set -- $(seq 20000); exec sh -c 'echo $#' x \"$@\""
        let environment = try scratch.run(["/bin/bash", "-c", script], on: Emulators.resolve("Nehalem"))
        #expect(environment.output() == "20000\n")
    }

    @Test func leavesTheLimitsAlone() throws {
        let scratch = try Scratch()
        let environment = try scratch.run([scratch.probe(), "limit"], on: Emulators.resolve("Nehalem"))
        #expect(environment.output() == "begin 0 0 end")
    }

    @Test func freezesThawsAndKillsEverything() throws {
        let scratch = try Scratch()
        let script = "(while :; do :; done) & echo $!; while :; do :; done"
        let environment = try scratch.run(["/bin/bash", "-c", script], on: Emulators.resolve("Nehalem"))
        let main = try #require(try environment.nextMessage()?.startedPID)
        let child = try #require(environment.nextLine().flatMap { Int32($0) })
        environment.processes.send(.stop)
        for pid in [main, child] { #expect(HostProcess.waitForState(pid) { $0 == "T" || $0 == "t" }) }
        environment.processes.send(.continue)
        for pid in [main, child] { #expect(HostProcess.waitForState(pid) { $0 == "R" }) }
        environment.processes.end()
        #expect(try environment.allMessages().exitStatus == .signaled(SIGKILL))
        for pid in [main, child] { #expect(HostProcess.isGone(pid)) }
    }

    @Test func leavesNothingBehind() throws {
        let scratch = try Scratch()
        let probe = try scratch.probe()
        let emulation = try Emulators.resolve("Nehalem")
        let before = (files: HostProcess.entries(scratch.path), open: HostProcess.entries("/proc/self/fd").count)
        for round in 0..<50 {
            let environment = try scratch.run([probe, round % 2 == 0 ? "newer" : "limit"], on: emulation)
            _ = environment.output()
            let messages = try environment.allMessages()
            let pid = try #require(messages.first?.startedPID)
            #expect(HostProcess.isGone(pid))
            #expect(messages.crashes.count == (round % 2 == 0 ? 1 : 0))
        }
        #expect(HostProcess.entries(scratch.path) == before.files)
        // Other tests open descriptors at the same time, some of them thousands, and close them again.
        let end = ContinuousClock.now + .seconds(60)
        var open = HostProcess.entries("/proc/self/fd").count
        while open >= before.open + 50, ContinuousClock.now < end {
            usleep(50_000)
            open = HostProcess.entries("/proc/self/fd").count
        }
        #expect(open < before.open + 50)
    }
}
