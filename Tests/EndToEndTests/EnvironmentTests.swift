import Testing

/// The variables that a function sees: Lambda's and its own, nothing of the host's.
@Suite(.serialized, Prerequisite.gcc) struct EnvironmentTests {
    /// Answers with its environment, a variable a line.
    private static let printing = """
        for (;;) {
            static char text[65536];
            size_t used = 0;
            next();
            for (char **variable = environ; *variable; variable++)
                used += (size_t)snprintf(text + used, sizeof text - used, "%s\\n", *variable);
            respond(text, used);
        }
        """

    private func variables(
        _ options: [String] = [],
        environment: [String: String] = [:],
        code: String = "task"
    ) async throws -> [String: String] {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: Self.printing)
            let outcome = try await fixture.invokeCode(
                code,
                event: Array("{}".utf8),
                options,
                environment: environment
            )
            #expect(outcome.status == .exited(0), "\(outcome)")
            return Self.parse(outcome.text)
        }
    }

    static func parse(_ text: String) -> [String: String] {
        var result: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            result[String(parts[0])] = String(parts.last ?? "")
        }
        return result
    }

    @Test func holdsExactlyWhatLambdaSets() async throws {
        let variables = try await variables(
            ["--memory", "256", "--env", "STAGE=test", "--env", "EMPTY="],
            environment: [
                "CANARY": "tweet", "AWS_ACCESS_KEY_ID": "AKIAREAL", "AWS_SECRET_ACCESS_KEY": "real-secret",
                "AWS_PROFILE": "work", "LD_PRELOAD": "", "SSH_AUTH_SOCK": "/run/agent", "LC_ALL": "C",
            ]
        )
        let expected: Set<String> = [
            "_HANDLER", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "AWS_REGION",
            "AWS_DEFAULT_REGION", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "TZ",
            "LANG", "PATH", "LD_LIBRARY_PATH", "STAGE", "EMPTY",
        ]
        #expect(Set(variables.keys) == expected)
        #expect(variables["_HANDLER"] == "app.handler")
        #expect(variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256")
        #expect(variables["AWS_LAMBDA_FUNCTION_VERSION"] == "$LATEST")
        #expect(variables["AWS_LAMBDA_INITIALIZATION_TYPE"] == "on-demand")
        #expect(variables["TZ"] == ":UTC")
        #expect(variables["LANG"] == "en_US.UTF-8")
        #expect(variables["PATH"]?.hasPrefix("/usr/local/bin:/usr/bin:/bin:") == true)
        #expect(variables["STAGE"] == "test")
        #expect(variables["EMPTY"] == "")
        #expect(variables["AWS_DEFAULT_REGION"] == variables["AWS_REGION"])
        let api = variables["AWS_LAMBDA_RUNTIME_API"]?.split(separator: ":") ?? []
        #expect(api.count == 2 && UInt16(api.last ?? "") != nil, "a plain host:port")
        // Credentials that are clearly not the caller's own.
        #expect(!variables.values.contains { $0.contains("AKIAREAL") || $0.contains("real-secret") })
        #expect(!variables.values.contains("tweet"))
    }

    @Test func theRegionIsTheOneAskedFor() async throws {
        #expect(try await variables(["--region", "eu-central-1"])["AWS_REGION"] == "eu-central-1")
    }

    /// The task root is where the code is, and the working directory of the process.
    @Test func theTaskRootIsTheWorkingDirectory() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(
                c: """
                    static char cwd[4096];
                    getcwd(cwd, sizeof cwd);
                    int same = !strcmp(cwd, realpath(getenv("LAMBDA_TASK_ROOT"), 0)) && !access("bootstrap", X_OK);
                    for (;;) { next(); respond_text(same ? "true" : cwd); }
                    """
            )
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.text == "true\n", "\(outcome)")
        }
    }

    /// Only the three standard streams are open, and no signal is ignored or blocked.
    @Test(Prerequisite.procFileSystem) func inheritsNoDescriptorAndNoSignalMask() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(
                c: """
                    static char text[4096];
                    int open_descriptors = 0;
                    for (int d = 3; d < 1024; d++) if (fcntl(d, F_GETFD) != -1) open_descriptors++;
                    int unusual = 0;
                    sigset_t blocked;
                    sigprocmask(SIG_SETMASK, 0, &blocked);
                    for (int s = 1; s < 32; s++) {
                        struct sigaction action;
                        if (sigaction(s, 0, &action) == 0 && action.sa_handler != SIG_DFL) unusual++;
                        if (sigismember(&blocked, s) == 1) unusual++;
                    }
                    snprintf(text, sizeof text, "[%d,%d]", open_descriptors, unusual);
                    for (;;) { next(); respond_text(text); }
                    """
            )
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.text == "[0,0]\n", "\(outcome)")
        }
    }

    @Test func thereIsNothingToReadOnStandardInput() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(
                c: """
                    char c;
                    ssize_t n = read(0, &c, 1);
                    for (;;) { next(); respond_text(n <= 0 ? "true" : "false"); }
                    """
            )
            try fixture.write("event.json", "{}")
            let outcome = try await fixture.apus(
                ["invoke", "--code", "task", "--handler", "a", "-e", "event.json"],
                stdin: Array("secret".utf8)
            )
            #expect(outcome.text == "true\n", "\(outcome)")
        }
    }

    /// With a provided runtime it is the bootstrap that honours the wrapper; Lambda only hands the variable on.
    @Test func aBootstrapMayHonourAnExecWrapper() async throws {
        try await Fixture.with(.process) { fixture in
            try await fixture.writeEchoFunction("real")
            try await fixture.writeExecutable(
                "task/bootstrap",
                Array("#!/bin/bash\nexec ${AWS_LAMBDA_EXEC_WRAPPER:-} \(fixture.path("real/bootstrap"))\n".utf8)
            )
            try await fixture.writeExecutable(
                "layer/wrapper",
                Array("#!/bin/bash\necho wrapped as $AWS_LAMBDA_INITIALIZATION_TYPE\nexec \"$@\"\n".utf8)
            )
            let wrapper = "AWS_LAMBDA_EXEC_WRAPPER=" + fixture.path("layer/wrapper")
            let outcome = try await fixture.invokeCode(event: "7", ["--env", wrapper])
            #expect(outcome.text == "7\n", "\(outcome)")
            #expect(outcome.log.lines.contains("wrapped as on-demand"), "\(outcome)")
        }
    }

    /// An extension sees what the function sees, but for what concerns the runtime alone.
    @Test(Prerequisite.python) func extensionsSeeLess() async throws {
        try await Fixture.with(.process) { fixture in
            try await fixture.writeFunction(c: Self.printing)
            let script = ExtensionScript.source(
                """
                register()
                with open(os.environ["RECORDS"], "w") as file:
                    for key in os.environ: file.write("%s=%s\\n" % (key, os.environ[key]))
                print("in " + os.getcwd(), flush=True)
                while next_event()["eventType"] != "SHUTDOWN": pass
                """
            )
            try await fixture.writeExecutable("layer/extensions/agent", Array(script.utf8))
            let records = fixture.path("records")
            let outcome = try await fixture.invokeCode(
                event: "{}",
                ["--layer", "layer", "--env", "RECORDS=" + records, "--env", "STAGE=test"]
            )
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(outcome.log.lines.contains("in /"), "\(outcome)")
            let function = Self.parse(outcome.text)
            // What a shell or Python itself adds is not ours.
            let own = Self.parse(try fixture.read("records")).filter {
                !["_", "PWD", "SHLVL", "LC_CTYPE"].contains($0.key)
            }
            let missing = Set(function.keys).subtracting(own.keys)
            #expect(
                missing == [
                    "_HANDLER", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "AWS_LAMBDA_LOG_GROUP_NAME",
                    "AWS_LAMBDA_LOG_STREAM_NAME",
                ]
            )
            #expect(own.allSatisfy { function[$0.key] == $0.value })
            #expect(own["STAGE"] == "test")
        }
    }
}
