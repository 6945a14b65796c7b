import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// Runtimes that have handlers of their own for faults: the facts are those of the fault.
@Suite(.enabled(if: TracingPermission.isGiven, Comment(rawValue: TracingPermission.reason)))
struct CrashRuntimeTests {
    @Test(.enabled(if: HostTool.isInstalled("go"), "needs go"))
    func goRaisesAnotherSignalWhenItsHandlerIsDone() throws {
        let scratch = try Scratch()
        let source = try scratch.write(
            "main.go",
            """
            package main

            import "os"

            //go:noinline
            func read(place *int) int { return *place }

            func recovers() {
                defer func() { recover() }()
                read(nil)
            }

            func main() {
                for i := 0; i < 50; i++ { recovers() }
                if len(os.Args) > 1 { read(nil) }
            }
            """,
            mode: 0o644
        )
        let program = scratch.path + "/main"
        try HostTool.run(["go", "build", "-o", program, source], scratch: scratch, variables: ["GO111MODULE": "off"])
        // A panic that nobody recovers ends a Go program with status 2, after its own report.
        let plain = try CrashCapture(program, ["die"], environment: ["PATH": "/usr/bin:/bin"])
        #expect(plain.status == .exited(2))
        #expect(plain.crashes.isEmpty)
        let healthy = try CrashCapture(program, [])
        #expect(healthy.status == .exited(0))
        #expect(healthy.crashes.isEmpty)
        // With GOTRACEBACK=crash it dies of SIGABRT; the panic's own stack has left the fault behind by then.
        let aborted = try CrashCapture(program, ["die"], environment: ["GOTRACEBACK": "crash"])
        #expect(aborted.status == .signaled(SIGABRT))
        #expect(aborted.crashes.count == 1)
        #expect(aborted.crashes.first?.executable == program)
    }

    #if arch(x86_64)
    /// Go's handler prints its report and exits with status 2, from within.
    @Test(.enabled(if: HostTool.isInstalled("go"), "needs go"))
    func goExitsFromItsHandlerOfAnIllegalInstruction() throws {
        let scratch = try Scratch()
        try scratch.write("main.go", "package main\n\nfunc die()\n\nfunc main() { die() }\n", mode: 0o644)
        try scratch.write("die_amd64.s", "TEXT \u{B7}die(SB), $0\n\tBYTE $0x0f\n\tBYTE $0x0b\n\tRET\n", mode: 0o644)
        let program = scratch.path + "/main"
        try HostTool.run(
            ["go", "build", "-o", program],
            scratch: scratch,
            variables: ["GO111MODULE": "off", "GOFLAGS": ""]
        )
        let run = try CrashCapture(program, [])
        #expect(run.status == .exited(2))
        #expect(run.lines.first?.hasPrefix("SIGILL: illegal instruction") == true)
        #expect(run.crashes.map(\.signal) == [SIGILL])
        #expect(run.crashes.first?.code.starts(with: [0x0F, 0x0B]) == true)
        #expect(run.crashes.first?.module == .init(path: program, loadBias: 0))
    }
    #endif

    @Test(.enabled(if: HostTool.isInstalled("rustc"), "needs rustc"))
    func rustAborts() throws {
        let scratch = try Scratch()
        let source = try scratch.write(
            "main.rs",
            """
            fn deep(n: u64) -> u64 { let a = [n; 100]; if n == u64::MAX { 0 } else { a[(n % 100) as usize] + deep(n + 1) } }
            fn main() {
                match std::env::args().nth(1).as_deref() {
                    Some("abort") => std::process::abort(),
                    Some("panic") => { let _guard = Bomb; panic!("first") }
                    Some("overflow") => println!("{}", deep(1)),
                    _ => unsafe { std::ptr::read_volatile(16 as *const u8); },
                }
            }
            struct Bomb;
            impl Drop for Bomb { fn drop(&mut self) { panic!("second") } }
            """,
            mode: 0o644
        )
        let program = scratch.path + "/main"
        try HostTool.run(["rustc", "-g", "-o", program, source], scratch: scratch)
        for (way, died, signal) in [
            ("abort", SIGABRT, SIGABRT), ("panic", SIGABRT, SIGABRT), ("overflow", SIGABRT, SIGSEGV),
            ("null", SIGSEGV, SIGSEGV),
        ] {
            let run = try CrashCapture(program, [way])
            #expect(run.status == .signaled(died), "\(way)")
            #expect(run.crashes.map(\.signal) == [signal], "\(way)")
            let own = run.crashes.first?.returnAddresses.contains { $0.module?.path == program }
            #expect(own == true || run.crashes.first?.module?.path == program, "\(way)")
        }
    }

    @Test(.enabled(if: HostTool.isInstalled("swiftc"), "needs swiftc"))
    func aSwiftFatalErrorIsATrapOfItsOwn() throws {
        let scratch = try Scratch()
        let source = try scratch.write("main.swift", "fatalError(\"no more\")\n", mode: 0o644)
        let program = scratch.path + "/main"
        try HostTool.run(["swiftc", "-static-stdlib", "-o", program, source], scratch: scratch)
        let run = try CrashCapture(program, [])
        let facts = try #require(run.crashes.first)
        #expect(run.crashes.count == 1)
        #expect(run.status == .signaled(facts.signal))
        #expect(run.lines.contains { $0.contains("no more") })
        #if arch(x86_64)
        #expect(facts.signal == SIGILL || facts.signal == SIGTRAP)
        #expect(facts.code.starts(with: [0x0F, 0x0B]) || facts.signal == SIGTRAP)
        #endif
        #expect(facts.module?.path == program)
    }
}

/// Compilers of this machine.
enum HostTool {
    private static let variables = ["PATH", "HOME", "RUSTUP_HOME", "CARGO_HOME", "GOROOT"].reduce(into: [:]) {
        (result: inout [String: String], name) in
        result[name] = getenv(name).map { String(cString: $0) }
    }

    static func isInstalled(_ name: String) -> Bool {
        (variables["PATH"] ?? "").split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
    }

    static func run(_ command: [String], scratch: Scratch, variables more: [String: String] = [:]) throws {
        let caches = ["GOCACHE": scratch.path + "/cache", "TMPDIR": scratch.path, "GOFLAGS": "-mod=mod"]
        let run = try RunningEnvironment(
            shell: "exec \"$@\"",
            arguments: command,
            environment: variables.merging(caches) { $1 }.merging(more) { $1 },
            directory: scratch.path
        )
        let output = run.output()
        try #require(try run.allMessages().last?.exitStatus == .exited(0), "\(output)")
    }
}
