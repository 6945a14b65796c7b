import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// What the launcher sees of programs that really die.
@Suite(.enabled(if: TracingPermission.isGiven, Comment(rawValue: TracingPermission.reason)))
struct CrashCaptureTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        /// The signal of the facts.
        var signal: Int32
        /// How the main process ends.
        var status: ProcessExit.Status
        var fault: UInt64?
        var testDescription: String { arguments.joined(separator: " ") }

        init(_ arguments: String, _ signal: Int32, _ status: ProcessExit.Status? = nil, fault: UInt64? = nil) {
            self.arguments = arguments.split(separator: " ").map(String.init)
            self.signal = signal
            self.status = status ?? .signaled(signal)
            self.fault = fault
        }
    }

    @Test(arguments: [
        Row("ill", SIGILL), Row("unknown", SIGILL), Row("trap", SIGTRAP), Row("segv", SIGSEGV, fault: 0x10),
        Row("fpe", SIGFPE), Row("bus", SIGBUS),
        Row("ill thread", SIGILL), Row("segv thread", SIGSEGV, fault: 0x10),
        Row("segv survive-then-die", SIGSEGV, .exited(1)),
        Row("ill survive-then-die", SIGILL),
        Row("segv abort-in-handler", SIGSEGV, .signaled(SIGABRT), fault: 0x10),
        Row("fpe abort-on-other-stack", SIGFPE, .signaled(SIGABRT)),
        Row("segv default-in-handler", SIGSEGV, fault: 0x10),
        Row("segv ignored-fault", SIGSEGV, fault: 0x10),
        Row("segv exit-in-handler", SIGSEGV, .exited(2), fault: 0x10),
    ])
    func namesThePlaceOfAFault(row: Row) throws {
        let run = try CrashCapture(CrashProgram.path(), row.arguments)
        #expect(run.status == row.status)
        guard row.status != .exited(1) else {
            // Its last fault is handled as all before.
            #expect(run.crashes.isEmpty)
            return
        }
        let facts = try #require(run.crashes.first)
        #expect(run.crashes.count == 1)
        #expect(facts.signal == row.signal)
        #expect(facts.isMainProcess)
        #expect(facts.processID == run.pid)
        #expect(facts.architecture == .host)
        #expect(facts.emulatedModel == nil)
        #expect(try facts.executable == CrashProgram.path())
        // The function is aligned to 64 bytes and shorter; int3 reports the address after itself.
        #expect((run.place...run.place + 63).contains(facts.programCounter))
        #expect(facts.code.count == 32)
        #expect(facts.module == run.program)
        if let fault = row.fault { #expect(facts.faultAddress == fault) }
        // The caller's frame is the first of those outside of the function.
        let caller = facts.returnAddresses.first { !(run.place...run.place + 63).contains($0.address) }
        #expect(caller.map { (run.caller...run.caller + 63).contains($0.address) } == true)
        #expect(caller?.module == run.program)
    }

    @Test func anAbortIsSeenInTheCLibraryWithItsCallerOnTheStack() throws {
        let run = try CrashCapture(CrashProgram.path(), ["abort"])
        let facts = try #require(run.crashes.first)
        #expect(run.status == .signaled(SIGABRT))
        #expect(facts.signal == SIGABRT)
        #expect(facts.faultAddress == nil)
        #expect(facts.module?.path.contains("libc") == true)
        #expect(facts.module.map { run.modules.contains($0.loadBias) } == true)
        let own = facts.returnAddresses.filter { $0.module == run.program }
        #expect(own.first.map { (run.place...run.place + 63).contains($0.address) } == true)
        #expect(own.dropFirst().first.map { (run.caller...run.caller + 63).contains($0.address) } == true)
    }

    @Test func aJumpIntoNowhereHasNoCodeButACaller() throws {
        let facts = try #require(try CrashCapture(CrashProgram.path(), ["jump"]).crashes.first)
        #expect(facts.programCounter == 0x10)
        #expect(facts.code.isEmpty)
        #expect(facts.module == nil)
        #expect(try facts.returnAddresses.first?.module?.path == CrashProgram.path())
    }

    @Test(arguments: ["segv survive", "segv ignored"])
    func whatIsHandledIsNoCrash(arguments: String) throws {
        let run = try CrashCapture(CrashProgram.path(), arguments.split(separator: " ").map(String.init))
        #expect(run.crashes.isEmpty)
        #expect(run.status == .exited(0))
    }

    @Test func aChildIsSeenAndItsParentLearnsTheSame() throws {
        let run = try CrashCapture(CrashProgram.path(), ["ill", "child"])
        let facts = try #require(run.crashes.first)
        #expect(run.status == .exited(0))
        #expect(run.lines.contains("child \(SIGILL)"))
        #expect(!facts.isMainProcess)
        #expect(facts.processID != run.pid)
        #expect((run.place...run.place + 63).contains(facts.programCounter))
    }

    @Test(arguments: [("ill", 132), ("segv", 139), ("abort", 134), ("fpe", 136), ("trap", 133), ("bus", 135)])
    func aShellsChildLeavesItsExitStatus(way: String, status: Int32) throws {
        let script = "\"$1\" \(way) >/dev/null; exit $?"
        let run = try CrashCapture("/bin/sh", ["-c", script, "sh", CrashProgram.path()])
        #expect(run.status == .exited(status))
        #expect(run.crashes.map(\.signal) == [status - 128])
        #expect(try run.crashes.first?.executable == CrashProgram.path())
    }

    @Test func aSignalThatSomebodySentIsToldFromAFault() throws {
        let facts = try #require(try CrashCapture("/bin/sh", ["-c", "kill -SEGV $$"]).crashes.first)
        #expect(facts.signal == SIGSEGV)
        #expect(facts.signalCode.map { $0 <= 0 } == true)
        #expect(facts.faultAddress == nil)
    }

    /// Without position independence, without the C library's frame pointers, and with headers outside of every segment.
    @Test(arguments: [
        ["-no-pie"], ["-static"], ["-O2", "-fomit-frame-pointer"], ["-static-pie"], ["-Wl,-z,noseparate-code"],
    ])
    func findsTheLoadBiasHoweverItWasLinked(options: [String]) throws {
        let scratch = try Scratch()
        let program = try scratch.compile(CrashProgram.source, name: "linked", options: ["-pthread"] + options)
        let run = try CrashCapture(program, ["ill"])
        let facts = try #require(run.crashes.first)
        #expect(facts.module == run.program)
        #expect(facts.returnAddresses.contains { (run.caller...run.caller + 63).contains($0.address) })
    }

    @Test func aSharedObjectHasItsOwnBias() throws {
        let scratch = try Scratch()
        let library = try scratch.compile(
            "void die(void) { __builtin_trap(); }",
            name: "libdie.so",
            options: ["-shared", "-fPIC"]
        )
        let program = try scratch.compile(
            """
            #define _GNU_SOURCE
            #include <link.h>
            #include <stdio.h>
            void die(void);
            static int show(struct dl_phdr_info *i, size_t s, void *u) {
                (void)s, (void)u;
                printf("module %lx %s\\n", (unsigned long)i->dlpi_addr, i->dlpi_name);
                return 0;
            }
            int main(void) { dl_iterate_phdr(show, 0); printf("at %lx\\ncaller 0\\n", (unsigned long)die); fflush(stdout); die(); }
            """,
            name: "main",
            options: [library]
        )
        let run = try CrashCapture(program, [])
        let module = try #require(run.crashes.first?.module)
        #expect(module.path == library)
        #expect(run.lines.contains("module \(String(module.loadBias, radix: 16)) \(library)"))
    }

    @Test func fifteenCrashesAreReportedAndTheRestRunsOn() throws {
        let script = "i=0; while [ $i -lt 40 ]; do \"$1\" ill >/dev/null; i=$((i+1)); done; echo done; exit 3"
        let run = try CrashCapture("/bin/sh", ["-c", script, "sh", CrashProgram.path()])
        #expect(run.status == .exited(3))
        #expect(run.crashes.count == 15)
        #expect(run.lines.contains("done"))
    }
}
