import Testing

/// Who a function is, what it sees of others, and what it may take.
@Suite(.serialized, Prerequisite.gcc, Prerequisite.linux) struct SandboxPropertyTests {
    @Test(arguments: Caller.withSandbox) func theFunctionIsLambdasUserWithoutRights(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                #"""
                #include <pwd.h>
                #include <sys/utsname.h>
                """#,
                #"""
                uid_t real, effective, saved;
                gid_t group, effective_group, saved_group;
                getresuid(&real, &effective, &saved);
                getresgid(&group, &effective_group, &saved_group);
                say("user", "%d %d %d", real, effective, saved);
                say("group", "%d %d %d", group, effective_group, saved_group);
                struct passwd *user = getpwuid(getuid());
                say("name", "%s", user ? user->pw_name : "");
                struct utsname system;
                uname(&system);
                say("host", "%s", system.nodename);
                char line[256];
                FILE *status = fopen("/proc/self/status", "r");
                while (fgets(line, sizeof line, status)) {
                    char name[64], value[64];
                    if (sscanf(line, "%63[A-Za-z]: %63s", name, value) == 2) say(name, "%s", value);
                }
                """#
            )
            #expect(seen["user"] == "993 993 993")
            #expect(seen["group"] == "990 990 990")
            #expect(seen["name"] == "sbx_user1051")
            #expect(seen["host"] == "sandbox")
            for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
                #expect(seen[set] == "0000000000000000", "\(set)")
            }
            #expect(seen["NoNewPrivs"] == "1")
            #expect(seen["Seccomp"] == "2")
        }
    }

    @Test(arguments: Caller.withSandbox) func otherProcessesAreNotThere(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                "",
                #"""
                int seen = 0, others = 0;
                struct dirent *entry;
                DIR *directory = opendir("/proc");
                while ((entry = readdir(directory))) if (atoi(entry->d_name) > 0) seen++;
                for (int process = 2; process < 70000; process++)
                    if (process != getpid() && kill(process, 0) == 0) others++;
                say("seen", "%d", seen);
                say("others", "%d", others);
                say("parent", "%d", getppid());
                TRY("environment", opens("/proc/1/environ", O_RDONLY));
                """#
            )
            #expect(seen == ["seen": "2", "others": "0", "parent": "1", "environment": "EACCES"])
        }
    }

    @Test(arguments: Caller.withSandbox) func theLimitsAreLambdas(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                "",
                #"""
                struct rlimit limit;
                getrlimit(RLIMIT_NOFILE, &limit);
                say("descriptors", "%lu %lu", limit.rlim_cur, limit.rlim_max);
                limit.rlim_max = limit.rlim_cur = 1025;
                TRY("more", setrlimit(RLIMIT_NOFILE, &limit));
                int count = 0;
                while (dup(0) >= 0) count++;
                say("opened", "%d", count + 3);
                for (int file = 3; file < 1024; file++) close(file);
                """#
            )
            #expect(seen == ["descriptors": "1024 1024", "more": "EPERM", "opened": "1024"])
        }
    }

    /// A fork bomb meets its limit, and ends with the invocation.
    @Test(arguments: Caller.withSandbox) func aForkBombEndsInside(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try await fixture.writeFunction(
                c: """
                    next();
                    for (int i = 0; i < 8; i++) if (fork() == 0) for (;;) if (fork() < 0) usleep(100000);
                    int count = 0, before = -1;
                    while (count < 1000 || count != before) {
                        usleep(200000);
                        before = count;
                        count = 0;
                        DIR *directory = opendir("/proc");
                        struct dirent *entry;
                        while ((entry = readdir(directory))) if (atoi(entry->d_name) > 0) count++;
                        closedir(directory);
                    }
                    char text[32];
                    snprintf(text, sizeof text, "%d", count);
                    respond_text(text);
                    for (;;) next();
                    """
            )
            let outcome = try await fixture.invokeCode(event: "{}", ["--timeout", "20", "--memory", "512"])
            #expect(outcome.status == .exited(0), "\(outcome)")
            let count = try #require(Int(outcome.text.dropLast()), "\(outcome)")
            // The launcher's two processes count where the limit is that of a user.
            #expect((1_022...1_025).contains(count), "\(count)")
            try await eventually("no process") { fixture.processes().isEmpty }
        }
    }

    @Test(arguments: Caller.withSandbox) func tooMuchMemoryEndsTheFunctionAsOnLambda(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try await fixture.writeFunction(
                c: """
                    next();
                    for (size_t total = 0; total < 400; total++) {
                        char *block = malloc(1 << 20);
                        memset(block, 1, 1 << 20);
                        usleep(1000);
                    }
                    respond_text("1");
                    for (;;) next();
                    """
            )
            let outcome = try await fixture.invokeCode(event: "{}", ["--memory", "128", "--timeout", "30"])
            #expect(outcome.status == .exited(1), "\(outcome)")
            let error = try ErrorObject(outcome)
            #expect(error.errorType == "Runtime.OutOfMemory")
            #expect(error.errorMessage.hasSuffix("Error: Runtime exited with error: signal: killed"))
            let report = outcome.log.report
            #expect(report["Max Memory Used"] == "128 MB")
            #expect(report["Error Type"] == "Runtime.OutOfMemory")
        }
    }

    @Test(arguments: Caller.withSandbox) func sharedMemoryIsMemory(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try await fixture.writeFunction(
                c: """
                    next();
                    char *block = mmap(0, 400 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
                    for (size_t i = 0; i < 400; i++) { memset(block + (i << 20), 1, 1 << 20); usleep(1000); }
                    usleep(200000);
                    respond_text("1");
                    for (;;) next();
                    """
            )
            let outcome = try await fixture.invokeCode(event: "{}", ["--memory", "128", "--timeout", "30"])
            #expect(try ErrorObject(outcome).errorType == "Runtime.OutOfMemory", "\(outcome)")
        }
    }

    /// Just below the limit nobody is killed, whatever lies in /tmp.
    @Test(arguments: Caller.withSandbox) func memoryBelowTheLimitIsTheFunctions(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                "",
                #"""
                static char block[1 << 20];
                int file = open("/tmp/large", O_WRONLY | O_CREAT, 0644);
                for (int i = 0; i < 100; i++) write(file, block, sizeof block);
                for (int i = 0; i < 110; i++) memset(malloc(1 << 20), 1, 1 << 20);
                usleep(300000);
                say("alive", "yes");
                """#,
                ["--memory", "128", "--timeout", "30"]
            )
            #expect(seen == ["alive": "yes"])
        }
    }
}
