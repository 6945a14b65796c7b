import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// What is told of a program that dies of a signal on an emulated CPU.
@Suite(Emulators.x86) struct EmulatedCrashTests {
    @Test(arguments: [
        ("newer", SIGILL), ("undefined", SIGILL), ("trap", SIGTRAP), ("abort", SIGABRT), ("segv", SIGSEGV),
        ("jump", SIGSEGV), ("divide", SIGFPE), ("bus", SIGBUS), ("thread", SIGILL),
    ])
    func tellsFactsOfEverySignal(mode: String, signal: Int32) throws {
        let scratch = try Scratch()
        let probe = try scratch.probe()
        let environment = try scratch.run([probe, mode], on: Emulators.resolve("Nehalem"))
        #expect(environment.output() == "begin")
        let messages = try environment.allMessages()
        #expect(messages.exitStatus == .signaled(signal))

        let facts = try #require(messages.crashes.first)
        #expect(messages.crashes.count == 1)
        #expect(facts.signal == signal)
        #expect(facts.processID == messages.first?.startedPID)
        #expect(facts.isMainProcess)
        #expect(facts.architecture == .x86_64)
        #expect(facts.emulatedModel == "Nehalem")
        #expect(facts.executable == probe)
        #expect(facts.stackPointer != 0)
        switch mode {
        case "newer", "thread": #expect(facts.code.starts(with: [0xc5, 0xfd, 0xfe, 0xc8]))
        case "undefined": #expect(facts.code.starts(with: [0x0f, 0x0b]))
        case "segv": #expect(facts.faultAddress == 0x1234560)
        case "jump": #expect(facts.programCounter == 0x1234560 && facts.code.isEmpty && facts.module == nil)
        default: break
        }
    }

    /// The load bias leads from the address in memory to the symbol in the file.
    @Test(arguments: [[], ["-static"], ["-static-pie"], ["-no-pie"]])
    func findsThePlaceInTheFile(options: [String]) throws {
        let scratch = try Scratch()
        let probe = try scratch.probe(options: options)
        let environment = try scratch.run([probe, "newer"], on: Emulators.resolve("Nehalem"))
        let facts = try #require(try environment.allMessages().crashes.first)
        let module = try #require(facts.module)
        #expect(module.path == probe)
        #expect(try symbols(of: probe).symbol(at: facts.programCounter - module.loadBias) == "newer")
        // `newer` was called by `main`.
        let caller = try #require(facts.returnAddresses.first)
        #expect(caller.module == module)
        #expect(try symbols(of: probe).symbol(at: caller.address - module.loadBias) == "main")
    }

    @Test func tellsFactsOfAForkedChild() throws {
        let scratch = try Scratch()
        let environment = try scratch.run([scratch.probe(), "fork"], on: Emulators.resolve("Nehalem"))
        let messages = try environment.allMessages()
        #expect(messages.exitStatus == .exited(104))
        let facts = try #require(messages.crashes.first)
        #expect(!facts.isMainProcess)
        #expect(facts.processID != messages.first?.startedPID)
        #expect(facts.code.starts(with: [0xc5, 0xfd, 0xfe, 0xc8]))
    }

    @Test(arguments: [("term", ProcessExit.Status.signaled(SIGTERM)), ("handled", .exited(SIGSEGV))])
    func tellsNothingOfOtherEnds(mode: String, status: ProcessExit.Status) throws {
        let scratch = try Scratch()
        let environment = try scratch.run([scratch.probe(), mode], on: Emulators.resolve("Nehalem"))
        #expect(environment.output() == "begin")
        let messages = try environment.allMessages()
        #expect(messages.exitStatus == status)
        #expect(messages.crashes.isEmpty)
    }

    /// Function symbols of an ELF file by nm, sorted by address.
    private func symbols(of program: String) throws -> [(address: UInt64, name: Substring)] {
        let environment = try RunningEnvironment(shell: "exec nm -n \"$1\"", arguments: [program])
        return environment.output().split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 3, ["t", "T"].contains(words[1]), let address = UInt64(words[0], radix: 16) else {
                return nil
            }
            return (address, words[2])
        }
    }
}

extension [(address: UInt64, name: Substring)] {
    fileprivate func symbol(at address: UInt64) -> Substring? {
        last { $0.address <= address }?.name
    }
}
