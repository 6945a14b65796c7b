import Testing

/// A podman with a storage of its own, which is gone with the fixture, and an image without a network.
///
/// The engine that Apus finds is a script in a directory in front of `PATH`: it names the storage, and works around what
/// nested containers do not permit (limits above those of the machine, control groups of both versions at once).
struct Podman: Sendable {
    let fixture: Fixture
    /// For the `environment` of programs.
    let path: String
    /// A small userland: busybox or bash, and curl, with user 993.
    static let image = "localhost/apus-end-to-end:latest"

    /// Makes it, hands it to `body`, and leaves nothing of it behind.
    static func with(_ body: (Podman) async throws -> Void) async throws {
        try await Fixture.with { fixture in
            let podman = try await Podman(fixture)
            let result: Result<Void, any Error>
            do {
                try await podman.importImage()
                result = .success(try await body(podman))
            } catch {
                result = .failure(error)
            }
            await podman.removeAll()
            try result.get()
        }
    }

    private init(_ fixture: Fixture) async throws {
        self.fixture = fixture
        try fixture.makeDirectory(fixture.root + "/engine")
        guard let real = Paths.program("podman"), let unshare = Paths.program("unshare") else {
            throw HarnessError("podman is not installed")
        }
        let directory = fixture.root + "/engine"
        try await fixture.writeExecutable(directory + "/podman", Array(Self.wrapper(real, unshare, fixture.root).utf8))
        path = directory + ":" + Paths.searchPath
    }

    private static func wrapper(_ podman: String, _ unshare: String, _ root: String) -> String {
        """
        #!/bin/sh
        if [ -z "$APUS_TEST_NAMESPACE" ] && [ -d /sys/fs/cgroup/unified ]; then
            exec env APUS_TEST_NAMESPACE=1 \(unshare) -m --propagation private "$0" "$@"
        fi
        unset APUS_TEST_NAMESPACE
        [ ! -d /sys/fs/cgroup/unified ] || umount /sys/fs/cgroup/unified 2>/dev/null
        sub=$1; shift
        # podman's own default is more than some machines allow. The limit counts what runs outside as the same user as
        # well, such as a fork bomb of another test.
        limits=; [ "$sub" != run ] || limits='--ulimit nproc=16384:16384'
        exec \(podman) --root \(root)/storage --runroot \(root)/run --tmpdir \(root)/libpod --cgroup-manager cgroupfs \
        "$sub" $limits "$@"
        """
    }

    // MARK: Commands

    func podman(_ arguments: [String]) async throws -> ProgramOutcome {
        try await fixture.run(fixture.root + "/engine/podman", arguments)
    }

    /// `apus invoke --backend container` with the image.
    func invoke(
        _ code: String = "task",
        event: String = "{}",
        _ options: [String] = [],
        image: String? = image,
        whileRunning body: @escaping @Sendable (RunningProgram) async throws -> Void = { _ in }
    ) async throws -> ProgramOutcome {
        // Containers take their time on a busy machine.
        let patience = options.contains("--timeout") ? [] : ["--timeout", "30"]
        let chosen = (image.map { ["--image", $0] } ?? []) + patience
        return try await apus(
            ["invoke", "--code", code, "--backend", "container", "-e", "-"] + chosen + options,
            stdin: Array(event.utf8),
            whileRunning: body
        )
    }

    /// `apus` with this podman alone.
    func apus(
        _ arguments: [String],
        stdin: [UInt8] = [],
        whileRunning body: @escaping @Sendable (RunningProgram) async throws -> Void = { _ in }
    ) async throws -> ProgramOutcome {
        try await fixture.apus(
            arguments + ["--engine", "podman"],
            stdin: stdin,
            environment: ["PATH": path],
            whileRunning: body
        )
    }

    /// Nothing of a container is left: in the storage, of its runtime, or as a process.
    func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await eventually("the end of all containers") {
            try await podman(["ps", "--all", "--quiet"]).text.isEmpty && fixture.processes().isEmpty
                && (try fixture.temporaryFiles()).isEmpty
        }
    }

    // MARK: Image

    private func importImage() async throws {
        try fixture.write("rootfs.sh", Self.rootfs)
        let tree = try await fixture.run("/bin/sh", [fixture.path("rootfs.sh"), fixture.root + "/rootfs"])
        guard tree.status == .exited(0) else { throw HarnessError("no root file system: \(tree)") }
        let outcome = try await podman(
            ["import", "--quiet", "--change", "WORKDIR /var/task", fixture.root + "/rootfs.tar", Self.image]
        )
        guard outcome.status == .exited(0) else { throw HarnessError("podman cannot import an image: \(outcome)") }
    }

    /// bash, curl and coreutils of this machine with their libraries.
    private static let rootfs = #"""
        set -e
        r=$1
        mkdir -p $r/usr/bin $r/tmp $r/proc $r/sys $r/dev $r/etc $r/var/task $r/opt $r/run
        ln -s usr/bin $r/bin
        chmod 1777 $r/tmp
        for name in bash curl cat ls id touch sleep head df env sed tr; do
            program=$(command -v $name)
            cp -L $program $r/usr/bin/
            ldd $program 2>/dev/null | tr ' \t' '\n\n' | grep '^/' | while read -r library; do
                mkdir -p $r${library%/*}
                [ -e $r$library ] || cp -L $library $r$library
            done
        done
        ln -s bash $r/usr/bin/sh
        printf 'root:x:0:0:root:/root:/bin/sh\nsbx_user1051:x:993:990::/tmp:/bin/sh\n' >$r/etc/passwd
        printf 'root:x:0:\nsbx:x:990:\n' >$r/etc/group
        tar -C $r --owner=0 --group=0 --numeric-owner -cf $r.tar .
        rm -r $r
        """#

    private func removeAll() async {
        _ = try? await podman(["rm", "--all", "--force", "--time", "0"])
        _ = try? await podman(["rmi", "--all", "--force"])
    }
}

extension Prerequisite {
    /// A container really starts. Proved once: nothing less tells.
    static let podman: ConditionTrait = .enabled(
        "podman is not installed, or starts no container here (needs root, crun and conmon)"
    ) {
        guard Paths.program("podman") != nil, Paths.program("unshare") != nil, Paths.program("curl") != nil else {
            return false
        }
        return await PodmanTrial.shared.isPassed()
    }
}

private actor PodmanTrial {
    static let shared = PodmanTrial()
    private var trial: Task<Bool, Never>?

    func isPassed() async -> Bool {
        if let trial { return await trial.value }
        let trial = Task {
            do {
                try await Podman.with { podman in
                    let outcome = try await podman.podman(
                        [
                            "run", "--rm", "--pull", "never", "--network", "host", "--memory", "64m", "--memory-swap",
                            "64m",
                            "--pids-limit", "64", "--ulimit", "nofile=1024:1024", Podman.image, "/usr/bin/id", "-u",
                        ]
                    )
                    guard outcome.text == "0\n" else { throw HarnessError("\(outcome)") }
                }
                return true
            } catch {
                print("podman cannot be used here: \(error)")
                return false
            }
        }
        self.trial = trial
        return await trial.value
    }
}
