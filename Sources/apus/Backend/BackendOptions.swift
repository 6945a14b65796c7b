import ArgumentParser
import Sandbox

/// How the function is kept apart from this machine.
struct BackendOptions: ParsableArguments {
    enum Name: String, ExpressibleByArgument, CaseIterable {
        case sandbox, process
    }

    enum Temporary: String, ExpressibleByArgument, CaseIterable {
        case memory, disk
    }

    @Option(name: .long, help: "Where the function runs: sandbox (the default where it works) or process.")
    var backend: Name?

    @Option(name: .long, help: "The function's network: host, or none but its own loopback interface (sandbox).")
    var network: SandboxBackend.Network = .host

    @Option(
        name: .long,
        help: ArgumentHelp("Programs and libraries of this root file system, such as Amazon Linux (sandbox).", valueName: "dir")
    )
    var rootfs: String?

    @Option(name: .long, help: "What /tmp lies in: memory, or disk (sandbox, needs root).")
    var tmp: Temporary = .memory

    @Flag(name: .long, help: "End calls of the 32-bit ABI (int 0x80) with SIGSEGV (sandbox).")
    var strictAbi = false

    func validate() throws {
        guard backend == .process else { return }
        for (isGiven, option) in [
            (network != .host, "--network"), (rootfs != nil, "--rootfs"), (tmp != .memory, "--tmp"),
            (strictAbi, "--strict-abi"),
        ] where isGiven {
            throw ValidationError("\(option) needs --backend sandbox")
        }
    }

    /// Whether an option was given that no other backend has.
    var needsSandbox: Bool {
        backend == .sandbox || network != .host || rootfs != nil || tmp != .memory || strictAbi
    }
}

extension SandboxBackend.Network: ExpressibleByArgument {}
