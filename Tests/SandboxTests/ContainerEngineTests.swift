import LambdaModel
import Testing

@testable import Sandbox

/// Which engine is taken, and what is said where none can be. The engines are scripts.
@Suite struct ContainerEngineTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func engine(_ name: String, _ script: String) throws {
        try scratch.write(name, "#!/bin/sh\n" + script)
    }

    private var path: String { "relative:/nonexistent:" + scratch.path }

    @Test func theFirstThatAnswers() throws {
        try engine("docker", "echo 'Cannot connect to the Docker daemon. Is it running?' >&2; exit 1")
        try engine("podman", "[ \"$*\" = 'ps --quiet' ]")
        try engine("nerdctl", "exit 0")
        let engine = try ContainerEngine.choose(named: nil, path: path)
        #expect(engine == ContainerEngine(kind: .podman, path: scratch.path + "/podman"))
        #expect(try ContainerEngine.choose(named: "nerdctl", path: path).kind == .nerdctl)
        #expect(
            try ContainerEngine.choose(named: scratch.path + "/nerdctl", path: "").path == scratch.path + "/nerdctl"
        )
    }

    @Test func whatIsSaidOfThoseThatDoNot() throws {
        try engine("docker", "echo 'Cannot connect to the Docker daemon.' >&2; exit 1")
        try engine("finch", "echo 'instance \"finch\" is stopped' >&2; echo 'See finch --help' >&2; exit 1")
        let error = #expect(throws: ApusError.self) { try ContainerEngine.choose(named: nil, path: path) }
        #expect(error?.code == "engine.unusable")
        #expect(
            error?.message
                == "no container engine answers: docker: Cannot connect to the Docker daemon.; finch: instance \"finch\" is stopped"
        )
    }

    @Test(arguments: [
        ("docker", "engine.missing"), ("rkt", "engine.unknown"), ("/nonexistent/podman", "engine.missing"),
    ])
    func missing(name: String, code: String) {
        let error = #expect(throws: ApusError.self) { try ContainerEngine.choose(named: name, path: "/nonexistent") }
        #expect(error?.code.rawValue == code)
    }

    @Test func none() {
        let error = #expect(throws: ApusError.self) { try ContainerEngine.choose(named: nil, path: "/nonexistent") }
        #expect(error?.code == "engine.missing")
        #expect(ContainerEngine.survey(path: "/nonexistent").isEmpty)
    }

    @Test func survey() throws {
        try engine("podman", "case $1 in --version) echo podman version 9;; *) exit 0;; esac")
        try engine("container", "case $1 in --version) exit 2;; system) echo 'apiserver is not running'; exit 1;; esac")
        let facts = ContainerEngine.survey(path: path)
        #expect(facts.map(\.engine.kind) == [.podman, .container])
        #expect(facts.map(\.version) == ["podman version 9", nil])
        #expect(facts.map(\.problem) == [nil, "apiserver is not running"])
    }

    /// As distributions have it.
    @Test func aDockerThatIsPodman() throws {
        try engine("docker", "case $1 in --version) echo podman version 5.0;; ps) exit 0;; *) exit 125;; esac")
        let engine = try ContainerEngine.choose(named: nil, path: path)
        #expect(engine == ContainerEngine(kind: .podman, path: scratch.path + "/docker"))
    }

    @Test func rootlessDocker() throws {
        try engine("docker", "echo 'Debian GNU/Linux 12 [name=seccomp,profile=builtin name=rootless name=cgroupns]'")
        let error = #expect(throws: ApusError.self) { try ContainerEngine.choose(named: "docker", path: path) }
        #expect(error?.message.contains("it runs rootless") == true, "\(String(describing: error))")
    }

    @Test func dockerDesktopIsAVirtualMachine() throws {
        try engine("docker", "echo 'Docker Desktop [name=seccomp,profile=unconfined name=cgroupns]'")
        #expect(try ContainerEngine.choose(named: nil, path: path).reach == .name("host.docker.internal"))
    }

    @Test func names() {
        #expect(ContainerEngine.isKnown("podman") && ContainerEngine.isKnown("/opt/bin/docker"))
        #expect(!ContainerEngine.isKnown("") && !ContainerEngine.isKnown("podman/"))
    }

    // MARK: Images

    @Test(arguments: [
        ("provided.al2023", "public.ecr.aws/lambda/provided:al2023"),
        ("provided.al2", "public.ecr.aws/lambda/provided:al2"),
        ("provided", "public.ecr.aws/lambda/provided:alami"),
    ])
    func standardImages(runtime: String, image: String) throws {
        #expect(ContainerImage.standard(for: try #require(FunctionRuntime(identifier: runtime))) == image)
    }

    @Test(arguments: [
        ("linux/amd64\n", ContainerEngine.Dialect.docker, ["linux/amd64"]),
        ("time=x level=warning\nlinux/arm64\n", .docker, ["linux/arm64"]),
        ("", .docker, []),
        ("[{\"variants\": [{\"platform\": {\"architecture\" : \"arm64\"}}]}]", .apple, ["linux/arm64"]),
        ("{\"architecture\":\"amd64\"},{\"architecture\":\"arm64\"}", .apple, ["linux/arm64", "linux/amd64"]),
    ])
    func platforms(output: String, dialect: ContainerEngine.Dialect, expected: [String]) {
        #expect(ContainerImage.platforms(in: output, dialect: dialect) == expected)
    }

    @Test func imageThatIsNotHere() throws {
        try engine("podman", "echo 'Error: inspecting object: x:1: image not known' >&2; exit 125")
        let engine = ContainerEngine(kind: .podman, path: scratch.path + "/podman")
        let image = ContainerImage(name: "quay.io/x:1", engine: engine)
        let error = #expect(throws: ApusError.self) { try image.check(for: .arm64) }
        #expect(error?.code == "image.missing")
        #expect(
            error?.message.contains("(inspecting object: x:1: image not known)") == true,
            "\(String(describing: error))"
        )
        #expect(error?.hint == "Get it: podman pull --platform linux/arm64 quay.io/x:1")
    }

    @Test func imageForAnotherMachine() throws {
        try engine("podman", "echo linux/arm64")
        let engine = ContainerEngine(kind: .podman, path: scratch.path + "/podman")
        let image = ContainerImage(name: "x:1", engine: engine)
        try image.check(for: .arm64)
        let error = #expect(throws: ApusError.self) { try image.check(for: .x86_64) }
        #expect(error?.code == "image.architecture")
        #expect(error?.hint?.contains("podman pull --platform linux/amd64 x:1") == true)
    }
}
