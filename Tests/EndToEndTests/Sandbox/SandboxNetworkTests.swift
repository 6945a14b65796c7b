import Testing

/// What a function reaches by network.
@Suite(.serialized, Prerequisite.gcc, Prerequisite.linux) struct SandboxNetworkTests {
    private static let declarations = #"""
        #include <arpa/inet.h>
        #include <net/if.h>
        static long connects(const char *host, int port) {
            struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
            inet_pton(AF_INET, host, &address.sin_addr);
            int connection = socket(AF_INET, SOCK_STREAM, 0);
            long result = connect(connection, (struct sockaddr *)&address, sizeof address);
            int error = errno;
            close(connection);
            errno = error;
            return result;
        }
        """#

    /// The Runtime API answers all the same: without it there would be no response.
    @Test(arguments: Caller.withSandbox) func withoutANetworkThereIsOnlyLoopback(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                Self.declarations,
                #"""
                say("API", "%s", getenv("AWS_LAMBDA_RUNTIME_API"));
                int count = 0;
                for (struct if_nameindex *one = if_nameindex(); one->if_index; one++) say(one->if_name, "%d", ++count);
                TRY("outside", connects("192.0.2.1", 80));
                TRY("here", connects("127.0.0.1", 22));
                TRY("runtime", connects("127.0.0.1", 9001));
                """#,
                ["--network", "none"]
            )
            #expect(
                seen == [
                    "API": "127.0.0.1:9001", "lo": "1", "outside": "ENETUNREACH", "here": "ECONNREFUSED",
                    "runtime": "done",
                ]
            )
        }
    }

    @Test(arguments: Caller.withSandbox) func theNetworkIsThisMachinesOtherwise(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                Self.declarations,
                #"""
                const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
                TRY("runtime", connects("127.0.0.1", atoi(strchr(api, ':') + 1)));
                struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
                int error = getaddrinfo("sandbox.localdomain", "80", &hints, &found);
                char text[64] = "";
                if (!error) inet_ntop(AF_INET, &((struct sockaddr_in *)found->ai_addr)->sin_addr, text, sizeof text);
                say("sandbox.localdomain", "%s", text);
                """#
            )
            #expect(seen == ["runtime": "done", "sandbox.localdomain": "127.0.0.1"])
        }
    }

    /// Those of a desktop trust everybody who has its user; a function's own are for all of its processes.
    @Test(arguments: Caller.withSandbox) func abstractSocketsOfOthersCannotBeReached(caller: Caller) async throws {
        let listener = try AbstractSocket()
        let statements = #"""
            TRY("machine's", connects_by_name("\#(listener.name)"));
            int own = listens("own");
            int status = 0;
            if (fork() == 0) _exit(connects_by_name("own") < 0);
            wait(&status);
            say("own", "%d", WEXITSTATUS(status));
            say("landlock", "%ld", syscall(444, 0, 0, 1));
            """#
        let outside = try await Fixture.with(.process, as: caller) { fixture in
            try await fixture.probe(Self.abstractSockets, statements)
        }
        #expect(outside["machine's"] == "done")
        for options in [[], ["--network", "none"]] {
            try await Fixture.with(.sandbox, as: caller) { fixture in
                let seen = try await fixture.probe(Self.abstractSockets, statements, options)
                #expect(seen["own"] == "0")
                if options.isEmpty, (Int(seen["landlock"] ?? "") ?? 0) < 6 {
                    print("skipped: abstract sockets on this machine's network: Linux 6.12 with Landlock is needed")
                } else {
                    #expect(seen["machine's"] == (options.isEmpty ? "EPERM" : "ECONNREFUSED"))
                }
            }
        }
    }

    private static let abstractSockets = #"""
        #include <stddef.h>
        #include <sys/syscall.h>
        #include <sys/un.h>
        static socklen_t name(struct sockaddr_un *address, const char *text) {
            *address = (struct sockaddr_un){.sun_family = AF_UNIX};
            strcpy(address->sun_path + 1, text);
            return offsetof(struct sockaddr_un, sun_path) + 1 + strlen(text);
        }
        static long connects_by_name(const char *text) {
            struct sockaddr_un address;
            socklen_t length = name(&address, text);
            return connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, length);
        }
        static int listens(const char *text) {
            struct sockaddr_un address;
            socklen_t length = name(&address, text);
            int listener = socket(AF_UNIX, SOCK_STREAM, 0);
            bind(listener, (struct sockaddr *)&address, length);
            listen(listener, 1);
            return listener;
        }
        """#

    /// Started anew in the same environment, a function has a new network of its own, and the API in it.
    @Test(arguments: Caller.withSandbox) func aSecondInitHasAnAPIWithoutANetwork(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try await fixture.writeFunction(
                c: """
                    if (access("/tmp/mark", F_OK) != 0) { creat("/tmp/mark", 0644); return 1; }
                    for (;;) { next(); respond(event, event_length); }
                    """
            )
            let outcome = try await fixture.invokeCode(event: "7", ["--network", "none"])
            #expect(outcome.text == "7\n", "\(outcome)")
        }
    }
}
