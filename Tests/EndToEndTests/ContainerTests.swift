import Testing

/// Functions in real containers.
@Suite(.serialized, Prerequisite.gcc, Prerequisite.podman) struct ContainerTests {
    /// One storage for all cases of a test: making it takes a second.
    private func withFunction(
        _ main: String,
        _ body: (Podman) async throws -> Void
    ) async throws {
        try await Podman.with { podman in
            let source = CBootstrap.source(main: main)
            let executable = try await CCompiler.shared.executable(of: source, isStatic: true)
            try await podman.fixture.writeExecutable("task/bootstrap", executable)
            try await body(podman)
            try await podman.expectNothingLeft()
        }
    }

    /// What a function does with an event.
    private static let behaviours = """
        for (;;) {
            next();
            if (strstr(event, "exit")) exit(3);
            if (strstr(event, "segv")) *(volatile int *)0 = 1;
            if (strstr(event, "abort")) abort();
            if (strstr(event, "memory")) for (;;) { char *p = malloc(1 << 20); memset(p, 1, 1 << 20); }
            if (strstr(event, "sleep")) { signal(SIGTERM, SIG_IGN); fprintf(stderr, "asleep\\n"); for (;;) pause(); }
            respond(event, event_length);
        }
        """

    @Test func answersAndEnds() async throws {
        try await withFunction(Self.behaviours) { podman in
            let answer = try await podman.invoke(event: "{\"a\":1}", ["--report", "report.json"])
            #expect(answer.status == .exited(0) && answer.text == "{\"a\":1}\n", "\(answer)")
            let report = try podman.fixture.read("report.json")
            #expect(
                report.contains("\"backend\":\"container\"") && report.contains("\"maxMemoryUsedMB\":"),
                "\(report)"
            )

            let cases: [(String, String, String)] = [
                ("\"exit\"", "Runtime.ExitError", "exit status 3"),
                ("\"segv\"", "Runtime.ExitError", "signal: segmentation fault"),
                ("\"memory\"", "Runtime.OutOfMemory", "signal: killed"),
            ]
            for (event, type, message) in cases {
                let outcome = try await podman.invoke(event: event)
                #expect(outcome.status == .exited(1), "\(outcome)")
                let error = try ErrorObject(outcome)
                #expect(error.errorType == type, "\(outcome)")
                #expect(error.errorMessage.hasSuffix(message), "\(outcome)")
                try await podman.expectNothingLeft()
            }
        }
    }

    @Test func aTimeoutEndsTheContainer() async throws {
        try await withFunction(Self.behaviours) { podman in
            let outcome = try await podman.invoke(event: "\"sleep\"", ["--timeout", "1"])
            #expect(try ErrorObject(outcome).errorType == "Sandbox.Timedout", "\(outcome)")
            try await podman.expectNothingLeft()
            // And so does Ctrl-C.
            let interrupted = try await podman.invoke(event: "\"sleep\"", ["--timeout", "900"]) { program in
                try await program.waitForErrorText("asleep")
                program.signal(.interrupt)
            }
            #expect(interrupted.status == .exited(130), "\(interrupted)")
        }
    }

    /// In the middle of an invocation, and at any moment of the start.
    @Test func noContainerOutlivesAKilledApus() async throws {
        try await withFunction(Self.behaviours) { podman in
            _ = try await podman.invoke(event: "\"sleep\"", ["--timeout", "900"]) { program in
                try await program.waitForErrorText("asleep")
                program.signal(.kill)
            }
            try await podman.expectNothingLeft()
            // Nor a launcher that is killed.
            let orphaned = try await podman.invoke(event: "\"sleep\"", ["--timeout", "900"]) { program in
                try await program.waitForErrorText("asleep")
                for launcher in ProcessTable.children(of: program.processID, named: "apus-launcher") {
                    SignalNumber.kill.send(to: launcher)
                }
            }
            #expect(orphaned.status == .exited(1), "\(orphaned)")
            try await podman.expectNothingLeft()
            for delay in stride(from: 100, through: 400, by: 50) {
                _ = try await podman.invoke(event: "\"sleep\"", ["--timeout", "900"]) { program in
                    try await Task.sleep(for: .milliseconds(delay))
                    program.signal(.kill)
                }
                try await podman.expectNothingLeft()
            }
        }
    }

    private static let look = """
        #!/usr/bin/bash
        api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
        curl -sS -D /tmp/head "$api/next" >/dev/null
        id=$(tr -d '\\r' </tmp/head | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: *//p')
        {
            echo "user $(id -u):$(id -g)"
            echo "directory $PWD $0 $#"
            for file in /x /usr/x /var/task/x /opt/x; do touch $file 2>/dev/null && echo "wrote $file"; done

            echo "tmp $(df /tmp | sed -n '$s/ \\+/ /gp')"
            echo "limits $(ulimit -n) $(ulimit -c)"
            echo "layer $(cat /opt/lib/a) $(cat /opt/lib/b)"
            echo "odd [$ODD] plain [$PLAIN] path [$PATH] host [$DOCKER_HOST] secret [$APUS_TEST_SECRET]"
            while read -r name value; do [ $name != CapEff: ] || echo "capabilities $value"; done </proc/self/status
        } >/tmp/seen
        curl -sS --data-binary "\\"$(sed 's/"//g' /tmp/seen | tr '\\n' '|')\\"" "$api/$id/response" >/dev/null
        curl -sS "$api/next" >/dev/null
        """

    @Test func whatAFunctionSees() async throws {
        try await Podman.with { podman in
            let fixture = podman.fixture
            try await fixture.writeFunction(script: Self.look)
            try fixture.write("one/lib/a", "1")
            try fixture.write("one/lib/b", "1")
            try fixture.write("two/lib/a", "2")
            let outcome = try await podman.invoke(
                event: "{}",
                [
                    "--layer", "one", "--layer", "two", "--env", "ODD=a\n b ", "--env", "PLAIN=x", "--env",
                    "DOCKER_HOST=tcp://nowhere",
                    "--timeout", "20",
                ]
            )
            #expect(outcome.status == .exited(0), "\(outcome)")
            let seen = outcome.text.split(separator: "|").map(String.init)
            #expect(seen.contains { $0.hasSuffix("user 993:990") }, "\(outcome)")
            #expect(seen.contains("directory /var/task /var/task/bootstrap 0"))
            #expect(!outcome.text.contains("wrote"))
            #expect(seen.contains { $0.hasPrefix("tmp ") && $0.contains(" 524288 ") }, "\(seen)")
            #expect(seen.contains("limits 1024 0"))
            #expect(seen.contains("layer 2 1"))
            #expect(
                outcome.text.contains(
                    "odd [a| b ] plain [x] path [/usr/local/bin:/usr/bin:/bin:/opt/bin] host [tcp://nowhere] secret []"
                )
            )
            #expect(seen.contains("capabilities 0000000000000000"))
            try await podman.expectNothingLeft()
        }
    }

    /// A file, a zip, and directories that others may not enter.
    @Test func kindsOfCode() async throws {
        try await withFunction(Self.behaviours) { podman in
            let bootstrap = try Files.read(podman.fixture.path("task/bootstrap"))
            try podman.fixture.write("function.zip", ZipBytes.one("bootstrap", bootstrap))
            for code in ["task/bootstrap", "function.zip"] {
                let outcome = try await podman.invoke(code, event: "7")
                #expect(outcome.text == "7\n", "\(code): \(outcome)")
            }
            let disk = try await podman.invoke(event: "8", ["--tmp", "disk"])
            #expect(disk.text == "8\n", "\(disk)")
        }
    }

    @Test func failuresOfTheStart() async throws {
        try await Podman.with { podman in
            let fixture = podman.fixture
            try fixture.write("closed/bootstrap", "#!/bin/sh\n", mode: 0o644)
            try fixture.write("garbage/bootstrap", [1, 2, 3, 0], mode: 0o755)
            try fixture.write("lost/bootstrap", "#!/nowhere/sh\n", mode: 0o755)
            try fixture.makeDirectory("empty")
            let cases = [
                ("closed", "fork/exec /var/task/bootstrap: permission denied"),
                ("garbage", "fork/exec /var/task/bootstrap: exec format error"),
                ("lost", "fork/exec /var/task/bootstrap: no such file or directory"),
                ("empty", "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"),
            ]
            for (code, message) in cases {
                let outcome = try await podman.invoke(code)
                let error = try ErrorObject(outcome)
                #expect(error.errorType == "Runtime.InvalidEntrypoint", "\(outcome)")
                #expect(error.errorMessage.hasSuffix(message), "\(outcome)")
            }
            let missing = try await podman.invoke("lost", image: "localhost/nowhere:1")
            #expect(missing.status == .exited(2))
            #expect(missing.standardError.contains("podman has no image localhost/nowhere:1 on this machine"))
            #expect(missing.standardError.contains("podman pull"))
            let standard = try await podman.invoke("lost", image: nil)
            #expect(standard.standardError.contains("public.ecr.aws/lambda/provided:al2023"))
            let foreign = try await podman.invoke("lost", ["--architecture", Self.otherArchitecture])
            #expect(
                foreign.standardError.contains("but the function is configured for \(Self.otherArchitecture)"),
                "\(foreign)"
            )
            try await podman.expectNothingLeft()
        }
    }

    private static var otherArchitecture: String {
        #if arch(arm64)
        "x86_64"
        #else
        "arm64"
        #endif
    }

    /// A template's image runs with its own entry point.
    @Test func imagesOfATemplate() async throws {
        try await Podman.with { podman in
            let fixture = podman.fixture
            try fixture.write(
                "image/entry.sh",
                "#!/bin/bash\necho entry \"$@\" $AWS_LAMBDA_FUNCTION_NAME\nexec /var/runtime/bootstrap\n",
                mode: 0o755
            )
            let bootstrap = try await CCompiler.shared.executable(of: CBootstrap.echo, isStatic: true)
            try await fixture.writeExecutable("image/bootstrap", bootstrap)
            try fixture.write(
                "image/Dockerfile",
                """
                FROM \(Podman.image)
                COPY entry.sh /lambda-entrypoint.sh
                COPY bootstrap /var/runtime/bootstrap
                ENTRYPOINT ["/lambda-entrypoint.sh"]
                CMD ["app.handler"]
                """
            )
            let built = try await podman.podman(["build", "--quiet", "--tag", "hello:v1", fixture.path("image")])
            #expect(built.status == .exited(0), "\(built)")
            try fixture.write(
                "template.yaml",
                """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Hello:
                    Type: AWS::Serverless::Function
                    Properties: {PackageType: Image, Timeout: 20}
                    Metadata: {Dockerfile: Dockerfile, DockerContext: image, DockerTag: v1}
                """
            )
            let outcome = try await podman.apus(["invoke", "-e", "-"], stdin: Array("{\"b\":2}".utf8))
            #expect(outcome.text == "{\"b\":2}\n", "\(outcome)")
            #expect(outcome.standardError.contains("entry app.handler Hello\n"), "\(outcome)")

            let settings =
                "ImageConfig: {EntryPoint: [/bin/bash, -c], Command: ['echo $A_B $PWD; exit 4'], WorkingDirectory: /opt}"
            try fixture.write(
                "template.yaml",
                """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Hello:
                    Type: AWS::Serverless::Function
                    Properties:
                      PackageType: Image
                      ImageUri: \(Podman.image)
                      Environment: {Variables: {A_B: "x y"}}
                      \(settings)
                """
            )
            let other = try await podman.apus(["invoke", "--no-event"])
            #expect(try ErrorObject(other).errorMessage.hasSuffix("exit status 4"), "\(other)")
            #expect(other.standardError.contains("x y /opt\n"), "\(other)")
            // No other backend has images.
            let refused = try await fixture.apus(["invoke", "--no-event", "--backend", "process"])
            #expect(refused.status == .exited(2), "\(refused)")
            #expect(refused.standardError.contains("Hello is a container image (PackageType: Image)"), "\(refused)")
            try await podman.expectNothingLeft()
        }
    }
}

/// What needs no engine.
@Suite struct ContainerOptionTests {
    @Test(arguments: [
        (["--backend", "container", "--network", "none"], "--network none is not possible in a container"),
        (["--image", "x", "--rootfs", "/"], "--rootfs needs --backend sandbox"),
        (["--engine", "podman", "--strict-abi"], "--strict-abi needs --backend sandbox"),
        (["--engine", "rkt"], "--engine takes docker, podman, nerdctl, finch or container, not 'rkt'"),
        (["--backend", "process", "--image", "x"], "--image needs --backend container"),
        (["--backend", "container", "--cpu", "host"], "--cpu is not possible in a container"),
    ])
    func optionsThatDoNotGoTogether(options: [String], message: String) async throws {
        try await Fixture.with { fixture in
            let outcome = try await fixture.invokeCode("task", options)
            #expect(outcome.status == .exited(64) && outcome.standardError.contains(message), "\(outcome)")
        }
    }

    @Test func noEngine() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(script: "#!/bin/sh\n")
            let outcome = try await fixture.apus(
                ["invoke", "--code", "task", "--backend", "container"],
                environment: ["PATH": "/nonexistent"]
            )
            #expect(outcome.status == .exited(2))
            #expect(
                outcome.standardError.contains("none of docker, podman, nerdctl, finch, container is in PATH"),
                "\(outcome)"
            )
        }
    }
}
