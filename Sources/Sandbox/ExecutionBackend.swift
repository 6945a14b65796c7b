package import LambdaModel

/// How the processes of an environment are kept apart from this machine.
package protocol ExecutionBackend: Sendable {
    /// What the function sees of itself.
    var view: FunctionView { get }

    /// What it guarantees, and what not.
    var isolation: Isolation { get }

    /// One line for the user about what the function has not that it would have on Lambda; `nil`: nothing to say.
    var notice: String? { get }

    /// Finds the bootstrap as Lambda does: in the task root, else in the layers; a directory of that name does not
    /// count. Whether the file can be executed is for the kernel to say at the start.
    func entrypoint() throws(LaunchFailure) -> Entrypoint

    /// The external extensions, in the order of their start. There may be more than
    /// `LaunchSpecification.maximumExtensions`.
    func extensions() -> [Entrypoint]

    /// What to launch for the entry point, with these variables. Called at every launch, off the event loop.
    func specification(
        of entrypoint: Entrypoint,
        environment: [String: String]
    ) throws(LaunchFailure) -> LaunchSpecification

    /// The file on this machine that a process of the function knows by this path.
    func hostPath(of path: String) -> String

    /// Whether a path of this machine leads to the same file for the function.
    func shows(_ path: String) -> Bool

    /// Whether the function runs as a user who owns none of the caller's files.
    var isOtherUser: Bool { get }

    /// Whether the function's processes are below Apus's own, so that their crashes can be looked at.
    var showsCrashes: Bool { get }

    /// What the end of the main process says of the function, where that process is not the function's own.
    ///
    /// - Parameters:
    ///   - specification: what was launched.
    ///   - outputTail: the last of what was written.
    ///   - hasCalled: whether the runtime has asked for an event.
    func meaning(
        of exit: ProcessExit,
        launched specification: LaunchSpecification,
        outputTail: String,
        hasCalled: Bool
    ) -> ProcessEnd
}

extension ExecutionBackend {
    package func shows(_ path: String) -> Bool { true }
    package var isOtherUser: Bool { false }
    package func hostPath(of path: String) -> String { path }

    package var showsCrashes: Bool { true }

    package func meaning(
        of exit: ProcessExit,
        launched specification: LaunchSpecification,
        outputTail: String,
        hasCalled: Bool
    ) -> ProcessEnd {
        .exited(exit)
    }
}

/// The paths that a function knows.
package struct FunctionView: Sendable, Hashable {
    package var taskRoot = "/var/task"
    package var runtimeDirectory = "/var/runtime"
    /// The winning one first.
    package var layerRoots = ["/opt"]
    /// The port of the Runtime API on the function's own loopback address; `nil`: this machine's, any port.
    package var runtimeAPIPort: Int?
    /// The name or address by which the function reaches this machine; `nil`: 127.0.0.1.
    package var runtimeAPIName: String?
    /// Whether that is the address of a network interface, so that the Runtime API has to listen on all of them.
    package var listensEverywhere = false

    package init() {}
}
