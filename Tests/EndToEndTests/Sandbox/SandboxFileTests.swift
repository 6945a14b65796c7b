import Testing

/// What a function can read and write: as on Lambda, and nothing of this machine's.
@Suite(.serialized, Prerequisite.gcc, Prerequisite.linux) struct SandboxFileTests {
    @Test(arguments: Caller.withSandbox) func nothingButTmpCanBeWritten(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try fixture.write("layer/file", "of the layer")
            let seen = try await fixture.probe(
                "",
                #"""
                const char *directories[] = {"/", "/var/task", "/opt", "/usr", "/usr/bin", "/etc", "/dev", "/var", "/mnt", "/proc"};
                for (int i = 0; i < 10; i++) {
                    char path[64];
                    snprintf(path, sizeof path, "%s/new", directories[i]);
                    TRY(directories[i], opens(path, O_WRONLY | O_CREAT));
                }
                TRY("bootstrap", opens("/var/task/bootstrap", O_WRONLY));
                TRY("layer", opens("/opt/file", O_WRONLY));
                TRY("passwd", opens("/etc/passwd", O_WRONLY));
                TRY("chmod", chmod("/dev/null", 0666));
                TRY("input", fchmod(0, 0666));
                TRY("link", symlink("/etc", "/opt/link"));
                TRY("/tmp", opens("/tmp/new", O_WRONLY | O_CREAT));
                TRY("null", opens("/dev/null", O_RDWR));
                """#,
                ["--layer", "layer"]
            )
            #expect(seen.count == 18)
            for (name, result) in seen where !["/tmp", "null"].contains(name) {
                // ENOENT: /proc makes no files. ETXTBSY: root of the machine, whose file is being executed.
                #expect(["EROFS", "EACCES", "EPERM", "ENOENT", "ETXTBSY"].contains(result), "\(name): \(result)")
            }
            #expect(seen["/tmp"] == "done")
            #expect(seen["null"] == "done")
            #expect(try Files.names(in: fixture.path("task")) == ["bootstrap"])
            #expect(try Files.names(in: fixture.path("layer")) == ["file"])
        }
    }

    @Test(arguments: Caller.withSandbox) func tmpIsEmptyAndHasTheSizeOfTheStorage(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try fixture.writeTemplate(more: "EphemeralStorage:\n  Size: 600")
            let source = RoomProbe.source(
                "",
                #"""
                struct statvfs status;
                statvfs("/tmp", &status);
                say("MB", "%lu", (unsigned long)(status.f_blocks * status.f_frsize >> 20));
                int count = 0;
                DIR *directory = opendir("/tmp");
                while (readdir(directory)) count++;
                say("entries", "%d", count);
                struct stat mode;
                stat("/tmp", &mode);
                say("mode", "%o", mode.st_mode & 07777);
                int copy = open("/tmp/program", O_WRONLY | O_CREAT, 0755);
                dprintf(copy, "#!/bin/sh\nexit 7\n");
                close(copy);
                say("program", "%d", WEXITSTATUS(system("/tmp/program")));
                """#
            )
            try await fixture.writeExecutable("task/bootstrap", try await CCompiler.shared.executable(of: source))
            let outcome = try await fixture.apus(["invoke", "--no-event"])
            let seen = RoomProbe.parse(outcome.text)
            #expect(seen == ["MB": "600", "entries": "2", "mode": "1777", "program": "7"], "\(outcome)")
            #expect(try fixture.temporaryFiles() == [])
        }
    }

    /// More than the storage holds is refused by the file system, not by the memory limit.
    @Test(arguments: Caller.withSandbox) func aFullTmpIsNoLackOfMemory(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                "",
                #"""
                static char block[1 << 20];
                int file = open("/tmp/large", O_WRONLY | O_CREAT, 0644);
                int written = 0;
                while (write(file, block, sizeof block) == sizeof block) written++;
                say_result("end", -1);
                say("written", "%d", written);
                """#,
                ["--memory", "128", "--timeout", "30"]
            )
            #expect(seen["end"] == "ENOSPC")
            #expect((500...512).contains(Int(seen["written"] ?? "") ?? 0), "\(seen)")
        }
    }

    @Test(arguments: Caller.withSandbox) func thisMachinesFilesAreNotThere(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try fixture.write("secret", "of this machine")
            let seen = try await fixture.probe(
                "",
                #"""
                TRY("fixture", access("\#(fixture.root)", F_OK));
                const char *paths[] = {"/home", "/root", "/boot", "/sys/kernel", "/run", "/var/lib", "/var/log", "/srv",
                    "/media", "/etc/shadow", "/etc/ssh", "/etc/fstab", "/dev/kmsg", "/dev/mem", "/dev/loop0", "/dev/tty",
                    "/dev/shm", "/dev/pts", "/.dockerenv"};
                for (int i = 0; i < sizeof paths / sizeof *paths; i++) TRY(paths[i], access(paths[i], F_OK));
                char text[4096];
                for (int up = 0; up < 20; up++) chdir("..");
                say("top", "%s", getcwd(text, sizeof text));
                TRY("above", access("../tmp/../../../\#(fixture.root)", F_OK));
                FILE *users = fopen("/etc/passwd", "r");
                int count = 0;
                while (fgets(text, sizeof text, users)) count++;
                say("users", "%d", count);
                """#
            )
            #expect(seen["top"] == "/")
            #expect(seen["users"] == "2")
            let others = seen.filter { !["top", "users"].contains($0.key) }
            #expect(others.count == 21)
            for (name, result) in others { #expect(result == "ENOENT", "\(name)") }
        }
    }

    /// The task directory may be for its owner alone, and so may be what leads to it.
    @Test(arguments: Caller.withSandbox.filter { $0 != .ordinaryUser })
    func aDirectoryOfItsOwnersAloneIsOpenInside(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try await fixture.writeEchoFunction("private/task")
            let directories = [fixture.path("private"), fixture.path("private/task")]
            let closed = try await fixture.run("/bin/chmod", ["700"] + directories)
            #expect(closed.status == .exited(0))
            let outcome = try await fixture.invokeCode("private/task", event: "1")
            #expect(outcome.text == "1\n", "\(outcome)")
        }
    }
}
