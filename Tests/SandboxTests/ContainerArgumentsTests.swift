import LambdaModel
import Testing

@testable import Sandbox

/// The command lines that engines get.
@Suite struct ContainerArgumentsTests {
    private static func run(_ change: (inout ContainerRun) -> Void = { _ in }) -> ContainerRun {
        var run = ContainerRun(
            name: "apus-1-a",
            image: "img:1",
            architecture: .x86_64,
            memory: 128,
            temporary: 512,
            mounts: [.init(source: "/code", target: "/var/task")],
            variableFile: "/s/variables",
            workingDirectory: "/var/task",
            entrypoint: ["/var/task/bootstrap"],
            sharesHostNetwork: true
        )
        change(&run)
        return run
    }

    private static func engine(_ kind: ContainerEngine.Kind) -> ContainerEngine {
        ContainerEngine(kind: kind, path: "/bin/" + kind.rawValue)
    }

    /// Word by word: an engine takes what it does not know for an image.
    @Test(arguments: [
        (
            ContainerEngine.Kind.docker,
            """
            run --name apus-1-a --label apus --platform linux/amd64 --pull never --read-only --network host \
            --add-host sandbox.localdomain:127.0.0.1 --user 993:990 --cap-drop ALL --security-opt no-new-privileges \
            --security-opt label=disable --log-driver none --memory 134217728 --memory-swap 134217728 --pids-limit 1024 \
            --ulimit nofile=1024:1024 --ulimit core=0:0 --tmpfs /tmp:rw,exec,nosuid,nodev,size=512m,mode=1777 \
            --mount type=bind,source=/code,target=/var/task,readonly --env-file /s/variables --workdir /var/task \
            --entrypoint /var/task/bootstrap img:1
            """
        ),
        (
            .podman,
            """
            run --name apus-1-a --label apus --platform linux/amd64 --pull never --read-only --read-only-tmpfs=false \
            --http-proxy=false --network host --add-host sandbox.localdomain:127.0.0.1 --user 993:990 --cap-drop ALL \
            --security-opt no-new-privileges --security-opt label=disable --log-driver none --memory 134217728 \
            --memory-swap 134217728 --pids-limit 1024 --ulimit nofile=1024:1024 --ulimit core=0:0 \
            --tmpfs /tmp:rw,exec,nosuid,nodev,size=512m,mode=1777 --mount type=bind,source=/code,target=/var/task,readonly \
            --env-file /s/variables --workdir /var/task --entrypoint /var/task/bootstrap img:1
            """
        ),
        (
            .nerdctl,
            """
            run --name apus-1-a --label apus --platform linux/amd64 --pull never --read-only --network host \
            --add-host sandbox.localdomain:127.0.0.1 --user 993:990 --cap-drop ALL --security-opt no-new-privileges \
            --memory 134217728 --memory-swap 134217728 --pids-limit 1024 --ulimit nofile=1024:1024 --ulimit core=0:0 \
            --tmpfs /tmp:rw,exec,nosuid,nodev,size=512m,mode=1777 --mount type=bind,source=/code,target=/var/task,readonly \
            --env-file /s/variables --workdir /var/task --entrypoint /var/task/bootstrap img:1
            """
        ),
        (
            .container,
            """
            run --name apus-1-a --label apus --platform linux/amd64 --progress none --read-only --memory 128M --uid 993 \
            --gid 990 --mount type=tmpfs,target=/tmp,size=512m,mode=1777 \
            --mount type=bind,source=/code,target=/var/task,readonly --env-file /s/variables --workdir /var/task \
            --entrypoint /var/task/bootstrap img:1
            """
        ),
    ])
    func wholeCommandLines(kind: ContainerEngine.Kind, expected: String) {
        let arguments = Self.run().arguments(for: Self.engine(kind))
        #expect(arguments == expected.split(separator: " ").map(String.init))
    }

    @Test func finchSpeaksAsNerdctlDoes() {
        #expect(Self.run().arguments(for: Self.engine(.finch)) == Self.run().arguments(for: Self.engine(.nerdctl)))
    }

    @Test(arguments: ContainerEngine.Kind.allCases)
    func otherArchitecture(kind: ContainerEngine.Kind) {
        let arguments = Self.run { $0.architecture = .arm64 }.arguments(for: Self.engine(kind))
        #expect(arguments.contains("linux/arm64") && !arguments.contains("linux/amd64"))
    }

    @Test func aVirtualMachineHasItsOwnNetwork() {
        let arguments = Self.run { $0.sharesHostNetwork = false }.arguments(for: Self.engine(.docker))
        #expect(!arguments.contains("--network"))
    }

    /// `--entrypoint` takes one word; the others are the image's arguments.
    @Test(
        arguments: [
            (nil, [], ["img:1"]),
            (nil, ["app.handler"], ["img:1", "app.handler"]),
            (["/entry"], ["app.handler"], ["--entrypoint", "/entry", "img:1", "app.handler"]),
            (["/entry", "-x", ""], ["a b"], ["--entrypoint", "/entry", "img:1", "-x", "", "a b"]),
        ] as [([String]?, [String], [String])]
    )
    func entryPoints(entrypoint: [String]?, command: [String], expected: [String]) {
        let arguments = Self.run {
            $0.workingDirectory = nil
            $0.entrypoint = entrypoint
            $0.command = command
        }.arguments(for: Self.engine(.docker))
        #expect(Array(arguments.drop { $0 != "/s/variables" }.dropFirst()) == expected)
    }

    /// Mounts are comma-separated values.
    @Test(arguments: [
        ("/a b", "type=bind,source=/a b,target=/opt,readonly"),
        ("/a,b", "type=bind,\"source=/a,b\",target=/opt,readonly"),
        ("/a\"b", "type=bind,\"source=/a\"\"b\",target=/opt,readonly"),
        ("/a=b", "type=bind,source=/a=b,target=/opt,readonly"),
    ])
    func mounts(source: String, expected: String) {
        let arguments = Self.run { $0.mounts = [.init(source: source, target: "/opt")] }.arguments(
            for: Self.engine(.podman)
        )
        #expect(arguments.contains(expected))
    }

    @Test func aDirectoryForTemporaryFiles() {
        let arguments = Self.run {
            $0.temporary = nil
            $0.mounts = [.init(source: "/t", target: "/tmp", isReadOnly: false)]
        }.arguments(for: Self.engine(.docker))
        #expect(!arguments.contains("--tmpfs"))
        #expect(arguments.contains("type=bind,source=/t,target=/tmp"))
    }

    /// Names only, in an order of their own.
    @Test func inheritedVariables() {
        let arguments = Self.run { $0.inheritedNames = ["Z", "A"] }.arguments(for: Self.engine(.docker))
        let index = arguments.firstIndex(of: "/s/variables") ?? 0
        #expect(Array(arguments[(index + 1)...].prefix(4)) == ["--env", "A", "--env", "Z"])
    }

    @Test(arguments: [
        (ContainerEngine.Kind.docker, ContainerEngine.Reach.name("host.docker.internal")),
        (.podman, .name("host.containers.internal")),
        (.nerdctl, .name("host.lima.internal")),
        (.finch, .name("host.docker.internal")),
        (.container, .interface("192.168.64.1")),
    ])
    func howAFunctionReachesAMac(kind: ContainerEngine.Kind, expected: ContainerEngine.Reach) {
        var engine = Self.engine(kind)
        engine.runsInMachine = true
        #expect(engine.reach == expected)
        engine.runsInMachine = false
        #expect(engine.reach == .hostNetwork)
    }
}
