import Synchronization
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Nothing is left of a sandbox, however it ends.
@Suite(.serialized, Prerequisite.gcc, Prerequisite.linux) struct SandboxLeftoverTests {
    /// How many; `APUS_TEST_ENVIRONMENTS=1000` for the full measure.
    private static func count(_ usual: Int) -> Int {
        ProcessInfo.processInfo.environment["APUS_TEST_ENVIRONMENTS"].flatMap { Int($0) } ?? usual
    }

    /// Processes in sessions of their own.
    private static let family = "for (int i = 0; i < 3; i++) if (fork() == 0) { setsid(); for (;;) pause(); }\n"

    private func expectNothing(
        _ leftovers: Leftovers,
        of processes: [Int32],
        _ fixture: Fixture,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try? await eventually("the end", within: .seconds(5)) {
            try await leftovers.found(of: processes, fixture).isEmpty
        }
        let found = try await leftovers.found(of: processes, fixture)
        #expect(found == [], sourceLocation: sourceLocation)
    }

    private enum Ending: CaseIterable {
        case answer, crash, crashInInit, outOfMemory, notExecutable

        var main: String {
            switch self {
            case .answer: family + "for (;;) { next(); respond_text(\"1\"); }"
            case .crash: family + "next(); abort();"
            case .crashInInit: family + "return 1;"
            case .outOfMemory: family + "next(); for (;;) memset(malloc(1 << 20), 1, 1 << 20);"
            case .notExecutable: ""
            }
        }

        var status: Int32 { self == .answer ? 0 : 1 }
    }

    @Test(arguments: Caller.withSandbox) func afterManyEnds(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            for ending in Ending.allCases {
                try await fixture.writeFunction("\(ending)", c: ending.main)
            }
            try fixture.write("notExecutable/bootstrap", "no program", mode: 0o755)
            let leftovers = try await Leftovers()
            let processes = Mutex<[Int32]>([])
            for number in 0..<Self.count(10) {
                let ending = Ending.allCases[number % Ending.allCases.count]
                let outcome = try await fixture.apus(
                    ["invoke", "--code", "\(ending)", "--handler", "app", "--no-event"]
                ) { running in processes.withLock { $0.append(running.processID) } }
                #expect(outcome.status == .exited(ending.status), "\(ending): \(outcome)")
                // At once: Apus itself has seen to it.
                #expect(try await Leftovers.groups(of: processes.withLock { Array($0.suffix(1)) }) == [])
            }
            try await expectNothing(leftovers, of: processes.withLock { $0 }, fixture)
        }
    }

    @Test(.enabled(if: Caller.own.hasDisks, "/tmp on a disk needs root, loop devices and mkfs.ext4"))
    func afterTmpOnADisk() async throws {
        try await Fixture.with(.sandbox) { fixture in
            try await fixture.writeFunction(
                c:
                    "int f = open(\"/tmp/x\", O_WRONLY | O_CREAT, 0644); for (;;) { next(); respond_text(f < 0 ? \"0\" : \"1\"); }"
            )
            let leftovers = try await Leftovers()
            for _ in 0..<Self.count(3) {
                let outcome = try await fixture.invokeCode("task", ["--tmp", "disk", "--no-event"])
                #expect(outcome.text == "1\n", "\(outcome)")
            }
            try await expectNothing(leftovers, of: [], fixture)
        }
    }

    /// At any moment, most of them before the function runs.
    @Test(arguments: Caller.withSandbox) func afterApusWasKilled(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try await fixture.writeFunction(c: Self.family + "for (;;) pause();")
            let leftovers = try await Leftovers()
            let processes = Mutex<[Int32]>([])
            for _ in 0..<Self.count(10) {
                let outcome = try await fixture.apus(
                    ["invoke", "--code", "task", "--handler", "app", "--no-event", "--timeout", "60"]
                ) { running in
                    processes.withLock { $0.append(running.processID) }
                    try await Task.sleep(for: .milliseconds(.random(in: 0...300)))
                    running.signal(.kill)
                }
                #expect(outcome.status == .signaled(SignalNumber.kill.rawValue), "\(outcome)")
            }
            try await expectNothing(leftovers, of: processes.withLock { $0 }, fixture)
        }
    }

    enum Victim: CaseIterable, Sendable { case outer, inner, both }

    /// The launcher outside, its first process inside, or both with Apus: the function is started anew, or Apus ends too.
    @Test(arguments: Caller.withSandbox, Victim.allCases)
    func afterALauncherWasKilled(caller: Caller, victim: Victim) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try await fixture.writeFunction(c: Self.family + "fprintf(stderr, \"hatched\\n\"); for (;;) pause();")
            let leftovers = try await Leftovers()
            let processes = Mutex<[Int32]>([])
            for _ in 0..<Self.count(1) {
                let outcome = try await fixture.apus(
                    ["invoke", "--code", "task", "--handler", "app", "--no-event", "--timeout", "2"]
                ) { running in
                    processes.withLock { $0.append(running.processID) }
                    try await running.waitForErrorText("hatched")
                    let outer = ProcessTable.children(of: running.processID, named: "apus-launcher")
                    let inner = outer.flatMap { ProcessTable.children(of: $0, named: "apus-launcher") }
                    #expect(outer.count == 1 && inner.count == 1)
                    if victim == .both { running.signal(.kill) }
                    for process in victim == .inner ? inner : outer { SignalNumber.kill.send(to: process) }
                }
                let isKilled = outcome.status == .signaled(SignalNumber.kill.rawValue)
                #expect(isKilled == (victim == .both), "\(outcome)")
                guard victim != .both else { continue }
                #expect(try ErrorObject(outcome).errorType == "Sandbox.Timedout", "\(outcome)")
                #expect(outcome.log.lines(startingWith: "hatched").count == 2, "\(outcome)")
                #expect(try await Leftovers.groups(of: processes.withLock { Array($0.suffix(1)) }) == [])
            }
            // Those of an Apus that was killed together with its launcher are removed by the next one.
            if victim == .both { _ = try await fixture.invokeCode("task", ["--no-event", "--timeout", "1"]) }
            try await expectNothing(leftovers, of: processes.withLock { $0 }, fixture)
        }
    }
}
