import ArgumentParser
import Sandbox

/// How the function is kept apart from this machine.
struct BackendOptions: ParsableArguments {
    enum Name: String, ExpressibleByArgument, CaseIterable {
        case sandbox, process, container
    }

    enum Temporary: String, ExpressibleByArgument, CaseIterable {
        case memory, disk
    }

    @Option(name: .long, help: "Where the function runs: \(Self.defaultNote), process or container.")
    var backend: Name?

    @Option(name: .long, help: "The function's network: host, or none but its own loopback interface (sandbox).")
    var network: SandboxBackend.Network = .host

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Programs and libraries of this root file system, such as Amazon Linux (sandbox).",
            valueName: "dir"
        )
    )
    var rootfs: String?

    @Option(name: .long, help: "What /tmp lies in: memory, or disk (sandbox as root, container).")
    var tmp: Temporary = .memory

    @Flag(name: .long, help: "End calls of the 32-bit ABI (int 0x80) with SIGSEGV (sandbox).")
    var strictAbi = false

    @Option(
        name: .long,
        help: ArgumentHelp("Run in a container of this image, which is on this machine already.", valueName: "name")
    )
    var image: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The container engine: docker, podman, nerdctl, finch or container.", valueName: "name")
    )
    var engine: String?

    private static let defaultNote = "sandbox (the default where it works)"

    func validate() throws {
        if let engine, !ContainerEngine.isKnown(engine) {
            throw ValidationError("--engine takes docker, podman, nerdctl, finch or container, not '\(engine)'")
        }
        if let backend, backend != .container {
            for (isGiven, option) in [(image != nil, "--image"), (engine != nil, "--engine")] where isGiven {
                throw ValidationError("\(option) needs --backend container")
            }
        }
        if asksForContainer { try validateForContainer() }
        guard backend == .process else { return }
        for (isGiven, option) in sandboxOptions + [(tmp != .memory, "--tmp")] where isGiven {
            throw ValidationError("\(option) needs --backend sandbox")
        }
    }

    /// Also for what a template asks for.
    func validateForContainer() throws {
        if network == .none {
            throw ValidationError(
                "--network none is not possible in a container: the Runtime API is served outside of it"
            )
        }
        for (isGiven, option) in sandboxOptions where isGiven {
            throw ValidationError("\(option) needs --backend sandbox")
        }
    }

    private var sandboxOptions: [(Bool, String)] {
        [(network != .host, "--network"), (rootfs != nil, "--rootfs"), (strictAbi, "--strict-abi")]
    }

    var hasSandboxOptions: Bool { sandboxOptions.contains { $0.0 } }

    /// Whether an option was given that no other backend has.
    var needsSandbox: Bool {
        backend == .sandbox || tmp != .memory || hasSandboxOptions
    }

    /// The same for containers.
    var asksForContainer: Bool { backend == .container || image != nil || engine != nil }
}

extension SandboxBackend.Network: ExpressibleByArgument {}
