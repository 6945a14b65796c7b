import Testing

/// A root file system of the user's (`--rootfs`), which may hold anything.
@Suite(.serialized, Prerequisite.gcc, Prerequisite.linux) struct SandboxRootTests {
    private static let statements = #"""
        const char *directories[] = {"/var/task", "/opt", "/usr", "/etc", "/"};
        for (int i = 0; i < 5; i++) {
            char path[64];
            snprintf(path, sizeof path, "%s/new", directories[i]);
            TRY(directories[i], opens(path, O_WRONLY | O_CREAT));
        }
        TRY("/tmp", opens("/tmp/new", O_WRONLY | O_CREAT));
        TRY("null", opens("/dev/null", O_RDWR));
        TRY("own", opens("/usr/share/own", O_RDONLY));
        TRY("os-release", opens("/etc/os-release", O_RDONLY));
        TRY("shadow", opens("/etc/shadow", O_RDONLY));
        TRY("process", opens("/proc/self/status", O_RDONLY));
        TRY("fixture", access(FIXTURE, F_OK));
        TRY("home", access("/home", F_OK));
        say("user", "%d", getuid());
        """#

    private static let expected = [
        "/var/task": "EROFS", "/opt": "EROFS", "/usr": "EROFS", "/etc": "EROFS", "/": "EROFS", "/tmp": "done",
        "null": "done",
        "own": "done", "os-release": "done", "shadow": "ENOENT", "process": "done", "fixture": "ENOENT",
        "home": "ENOENT",
        "user": "993",
    ]

    private func probe(_ fixture: Fixture) async throws -> ProgramOutcome {
        try fixture.write("root/usr/share/own", "of the root")
        try fixture.makeDirectory("layer")
        let source = RoomProbe.source("#define FIXTURE \"\(fixture.root)\"", Self.statements)
        try await fixture.writeExecutable("task/bootstrap", CCompiler.shared.executable(of: source, isStatic: true))
        return try await fixture.invokeCode(event: "{}", ["--rootfs", "root", "--layer", "layer"])
    }

    @Test(arguments: Caller.withSandbox) func itsFilesTakeThePlaceOfThisMachines(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            for directory in ["dev", "proc", "tmp", "opt", "var/task", "sys"] {
                try fixture.makeDirectory("root/" + directory)
            }
            try fixture.write("root/etc/os-release", "NAME=Test\n")
            let outcome = try await probe(fixture)
            let user = caller == .own ? "EACCES" : "EROFS"
            let seen = RoomProbe.parse(outcome.text).mapValues { $0 == user ? "EROFS" : $0 }
            #expect(seen == Self.expected, "\(outcome)")
            #expect(try Files.names(in: fixture.path("root/tmp")) == [])
        }
    }

    /// Links in the places where mounts are to go lead neither mounts to this machine's directories nor those in.
    @Test(arguments: Caller.withSandbox) func linksInItLeadNowhere(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let up = String(repeating: "../", count: 30)
            for (name, target) in [
                ("opt", "/"), ("tmp", "/etc"), ("proc", up + "proc"), ("dev", up + "dev"), ("var", "/"),
                ("mnt", "/tmp"),
            ] {
                try fixture.makeDirectory("root")
                try fixture.makeLink("root/" + name, to: target)
            }
            try fixture.write("root/etc/os-release", "NAME=Test\n")
            try fixture.makeLink("root/etc/hosts", to: fixture.path("hosts"))
            try fixture.makeLink("root/etc/passwd", to: up + fixture.path("passwd").dropFirst())
            let before = try mountPoints()
            let outcome = try await probe(fixture)
            let user = caller == .own ? "EACCES" : "EROFS"
            let seen = RoomProbe.parse(outcome.text).mapValues { $0 == user ? "EROFS" : $0 }
            #expect(seen == Self.expected, "\(outcome)")
            #expect(!fixture.exists("hosts") && !fixture.exists("passwd"))
            #expect(try mountPoints() == before)
        }
    }

    /// The whole of /etc is a link: it counts as none, and what is known of this machine's stays out.
    @Test(arguments: Caller.withSandbox) func aLinkInPlaceOfEtcIsNone(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try fixture.makeDirectory("root")
            try fixture.makeLink("root/etc", to: "/etc")
            try fixture.makeDirectory("root/dev")
            let outcome = try await probe(fixture)
            let seen = RoomProbe.parse(outcome.text)
            #expect(seen["shadow"] == "ENOENT" && seen["os-release"] == "ENOENT", "\(outcome)")
        }
    }

    private func mountPoints() throws -> [String] {
        String(decoding: try Files.read("/proc/self/mountinfo"), as: UTF8.self).split(separator: "\n").compactMap {
            let fields = $0.split(separator: " ")
            return fields.count > 4 ? String(fields[4]) : nil
        }
    }
}
