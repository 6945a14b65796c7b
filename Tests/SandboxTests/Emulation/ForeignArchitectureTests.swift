import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// arm64 programs on an x86-64 machine.
@Suite(Emulators.arm64) struct ForeignArchitectureTests {
    @Test(arguments: [[], ["-static"], ["-static-pie"]])
    func runsProgramsOfTheOtherArchitecture(options: [String]) throws {
        let scratch = try Scratch()
        let probe = try scratch.armProbe(options: options)
        let environment = try scratch.run(
            [probe, "report", "x"],
            on: Emulators.resolve("neoverse-n1", .arm64),
            environment: ["A": "1"]
        )
        #expect(environment.output() == "\(scratch.path)|\(probe)|report|x|A=1")
        #expect(try environment.allMessages().exitStatus == .exited(7))
    }

    @Test(arguments: [("newer", SIGILL), ("undefined", SIGILL), ("trap", SIGTRAP), ("segv", SIGSEGV)])
    func tellsFactsOfACrash(mode: String, signal: Int32) throws {
        let scratch = try Scratch()
        let probe = try scratch.armProbe()
        let environment = try scratch.run([probe, mode], on: Emulators.resolve("neoverse-n1", .arm64))
        #expect(environment.output() == "begin")
        let messages = try environment.allMessages()
        #expect(messages.exitStatus == .signaled(signal))
        let facts = try #require(messages.crashes.first)
        #expect(facts.signal == signal)
        #expect(facts.architecture == .arm64)
        #expect(facts.emulatedModel == "neoverse-n1")
        #expect(facts.module?.path == probe)
        if mode == "newer" { #expect(facts.code.starts(with: [0x00, 0x08, 0x01, 0xce])) }
        if mode == "segv" { #expect(facts.faultAddress == 0x1234560) }
    }

    /// The tools of scripts are this machine's; what they start of the other architecture is emulated again.
    @Test func runsScriptsWithThisMachinesTools() throws {
        let scratch = try Scratch()
        _ = try scratch.armProbe()
        try scratch.write("bootstrap", "#!/bin/bash\nuname -m\n./arm-probe newer\necho \" $?\"\n")
        let environment = try scratch.run(
            [scratch.path + "/bootstrap"],
            on: Emulators.resolve("neoverse-n1", .arm64)
        )
        let output = environment.output()
        #expect(output.hasPrefix("x86_64\nbegin"))
        #expect(output.hasSuffix(" 132\n"))
        #expect(!output.contains("qemu"))
        #expect(try environment.allMessages().crashes.map(\.architecture) == [.arm64])
    }

    /// A function that was built for the wrong architecture fails as on Lambda.
    @Test func runsNoProgramOfThisMachineFromTheFunctionsDirectories() throws {
        let scratch = try Scratch()
        let probe = try scratch.probe()
        var emulation = try Emulators.resolve("neoverse-n1", .arm64)
        emulation.guardedDirectories = ["/nonexistent", scratch.path]
        #expect(try scratch.run([probe], on: emulation).allMessages() == [.execFailed(errno: ENOEXEC)])
        let script = try scratch.run(["/bin/bash", "-c", "./probe report; echo $?"], on: emulation)
        #expect(script.output().hasSuffix("126\n"))
    }
}
