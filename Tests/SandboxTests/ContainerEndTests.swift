import LambdaModel
import Testing

@testable import Sandbox

/// What the end of an engine's client says of the function.
@Suite struct ContainerEndTests {
    private static let path = "/var/task/bootstrap"

    private static func meaning(
        _ code: Int32,
        _ tail: String = "",
        engine: ContainerEngine.Kind = .podman,
        hasCalled: Bool = false,
        isOutOfMemory: Bool = false
    ) -> ProcessEnd {
        ContainerEnd(
            engine: engine,
            shownPath: path,
            exit: ProcessExit(status: .exited(code), peakMemoryBytes: 40 << 20),
            outputTail: tail,
            hasCalled: hasCalled,
            isOutOfMemory: isOutOfMemory,
            memoryLimit: 128 << 20
        ).meaning
    }

    @Test(
        arguments: [
            (0, .exited(0)), (1, .exited(1)), (3, .exited(3)), (128, .exited(128)), (143, .exited(143)),
            (255, .exited(255)),
            (132, .signaled(4)), (134, .signaled(6)), (135, .signaled(7)), (136, .signaled(8)), (137, .signaled(9)),
            (139, .signaled(11)), (159, .signaled(31)),
            // A program's own, once it has asked for an event.
            (125, .exited(125)), (126, .exited(126)), (127, .exited(127)),
        ] as [(Int32, ProcessExit.Status)]
    )
    func statuses(code: Int32, expected: ProcessExit.Status) {
        // The figures are the client's, so they are left out.
        #expect(Self.meaning(code, "Error: something", hasCalled: true) == .exited(ProcessExit(status: expected)))
    }

    @Test func memory() {
        var exit = ProcessExit(status: .signaled(9))
        #expect(Self.meaning(137, isOutOfMemory: false) == .exited(exit))
        exit.outOfMemory = OutOfMemory(heldBytes: 128 << 20, wantedBytes: nil)
        #expect(Self.meaning(137, isOutOfMemory: true) == .exited(exit))
        // A child was killed, and the runtime ended by itself.
        #expect(Self.meaning(1, hasCalled: true, isOutOfMemory: true) == .exited(ProcessExit(status: .exited(1))))
    }

    @Test func aClientThatWasKilled() {
        let end = ContainerEnd(
            engine: .docker,
            shownPath: Self.path,
            exit: ProcessExit(status: .signaled(9)),
            outputTail: "",
            hasCalled: false,
            isOutOfMemory: false,
            memoryLimit: 0
        )
        #expect(end.meaning == .exited(ProcessExit(status: .signaled(9))))
    }

    /// As crun and runc write it.
    @Test(
        arguments: [
            (
                1,
                "{\"msg\":\"exec container process `/var/task/bootstrap`: Exec format error\",\"level\":\"error\",\"time\":\"x\"}",
                8
            ),
            (
                1,
                "{\"msg\":\"exec container process (missing dynamic library?) `/var/task/bootstrap`: No such file or directory\"}",
                2
            ),
            (255, "exec /var/task/bootstrap: exec format error", 8),
            (1, "exec /var/task/bootstrap: no such file or directory", 2),
            (1, "standard_init_linux.go:228: exec user process caused: exec format error", 8),
            (
                127,
                "Error: crun: executable file `/var/task/bootstrap` not found in $PATH: No such file or directory: OCI runtime …",
                2
            ),
            (126, "Error: crun: open executable: Permission denied: OCI permission denied", 13),
            (126, "Error: crun: open executable: Operation not permitted: OCI permission denied", 13),
            (
                127,
                "docker: Error response from daemon: failed to create task: exec: \"/var/task/bootstrap\": stat "
                    + "/var/task/bootstrap: no such file or directory: unknown",
                2
            ),
        ] as [(Int32, String, Int32)]
    )
    func refusals(code: Int32, tail: String, errno: Int32) {
        #expect(Self.meaning(code, "before\n\(tail)\n") == .failed(.exec(code: errno, path: Self.path)))
        #expect(Self.meaning(code, tail, hasCalled: true) == .exited(ProcessExit(status: .exited(code))))
    }

    @Test(
        arguments: [
            (ContainerEngine.Kind.podman, 125, "Error: unknown flag: --x", "unknown flag: --x"),
            (.podman, 125, "", "it could not run the container"),
            (
                .podman, 127, "x\nError: netavark: No such file or directory (os error 2)",
                "netavark: No such file or directory (os error 2)"
            ),
            (.podman, 126, "Error: OCI runtime error: crun: OOM", "OCI runtime error: crun: OOM"),
            (
                .docker, 125, "docker: Error response from daemon: no\nRun 'docker run --help' for more information",
                "Error response from daemon: no"
            ),
            (.nerdctl, 1, "time=\"x\" level=fatal msg=no", "time=\"x\" level=fatal msg=no"),
            (.container, 1, "Error: not found", "Error: not found"),
        ] as [(ContainerEngine.Kind, Int32, String, String)]
    )
    func engineFailures(kind: ContainerEngine.Kind, code: Int32, tail: String, words: String) {
        #expect(Self.meaning(code, tail, engine: kind) == .failed(.engine(name: kind.rawValue, words: words)))
    }

    /// A function that ends before its first call is no failure of the engine's.
    @Test(arguments: [(1, "Error: my own"), (127, "bootstrap: line 1: nothing: not found"), (126, "my own"), (2, "")])
    func failuresOfTheFunction(code: Int32, tail: String) {
        #expect(Self.meaning(code, tail) == .exited(ProcessExit(status: .exited(code))))
    }
}
