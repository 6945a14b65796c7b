import Testing

/// The control plane of `apus start-lambda` behind AWS's own clients.
@Suite(.serialized, Prerequisite.pythonRuntime) struct ControlPlaneTests {
    /// A server without a template, and two programs to make functions of: `echo` and `fixed`, which answers "fixed".
    private func withServer(_ options: [String] = [], python: String) async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction("echo")
            try await fixture.writeFunction("fixed", c: #"for (;;) { next(); respond("\"fixed\"", 7); }"#)
            try await fixture.lambda(options, python: python)
        }
    }

    @Test func aFunctionsLife() async throws {
        try await withServer(
            python: """
                made = create("life", archive("echo"), Description="first", Timeout=5, MemorySize=256,
                              Environment={"Variables": {"A1": "1"}}, Tags={"team": "birds"})
                expect(made["ResponseMetadata"]["HTTPStatusCode"], 201)
                expect(made["FunctionArn"], "arn:aws:lambda:us-east-1:123456789012:function:life")
                expect((made["Version"], made["PackageType"], made["Timeout"], made["MemorySize"]), ("$LATEST", "Zip", 5, 256))
                expect(made["CodeSha256"], base64.b64encode(hashlib.sha256(archive("echo")).digest()).decode())
                expect(made["CodeSize"], len(archive("echo")))
                client.get_waiter("function_active_v2").wait(FunctionName="life")
                result = client.invoke(FunctionName="life", Payload=b'{"n": 1}', LogType="Tail")
                expect((result["Payload"].read(), result["ExecutedVersion"]), (b'{"n": 1}', "$LATEST"))
                expect(b"REPORT RequestId" in base64.b64decode(result["LogResult"]), True)

                got = client.get_function(FunctionName="life")
                expect(got["Tags"], {"team": "birds"})
                expect(urllib.request.urlopen(got["Code"]["Location"]).read(), archive("echo"))
                changed = client.update_function_code(FunctionName="life", ZipFile=archive("fixed"))
                client.get_waiter("function_updated_v2").wait(FunctionName="life")
                expect(changed["RevisionId"] == made["RevisionId"], False)
                expect(answer("life"), b'"fixed"')
                client.update_function_configuration(FunctionName="life", Timeout=7, Environment={"Variables": {"B1": "2"}})
                now = client.get_function_configuration(FunctionName="life")
                expect((now["Timeout"], now["MemorySize"], now["Environment"]["Variables"]), (7, 256, {"B1": "2"}))
                expect(answer("life"), b'"fixed"')
                client.delete_function(FunctionName="life")
                expect(error(client.invoke, FunctionName="life"), ("ResourceNotFoundException", 404))
                expect(error(client.get_function, FunctionName="life"), ("ResourceNotFoundException", 404))
                """
        )
    }

    @Test func versionsAndAliases() async throws {
        try await withServer(
            python: """
                create("app", archive("echo"), Publish=True)
                expect(client.publish_version(FunctionName="app")["Version"], "1")
                client.update_function_code(FunctionName="app", ZipFile=archive("fixed"))
                two = client.publish_version(FunctionName="app", Description="the second")
                expect((two["Version"], two["Description"]), ("2", "the second"))
                expect(two["FunctionArn"].endswith(":app:2"), True)
                expect((answer("app:1"), answer("app", Qualifier="2"), answer("app")), (b"{}", b'"fixed"', b'"fixed"'))
                expect([v["Version"] for v in client.list_versions_by_function(FunctionName="app")["Versions"]], ["$LATEST", "1", "2"])

                live = client.create_alias(FunctionName="app", Name="live", FunctionVersion="1")
                result = client.invoke(FunctionName="app", Qualifier="live")
                expect((result["Payload"].read(), result["ExecutedVersion"]), (b"{}", "1"))
                client.update_alias(FunctionName="app", Name="live", FunctionVersion="2", RevisionId=live["RevisionId"])
                expect(answer("app:live"), b'"fixed"')
                client.update_alias(FunctionName="app", Name="live", FunctionVersion="1",
                                    RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}})
                seen = {client.invoke(FunctionName="app:live")["ExecutedVersion"] for _ in range(64)}
                expect(seen, {"1", "2"})

                expect(error(client.delete_function, FunctionName="app", Qualifier="1"), ("ResourceConflictException", 409))
                expect(error(client.update_alias, FunctionName="app", Name="live", RevisionId="old"), ("PreconditionFailedException", 412))
                expect(error(client.create_alias, FunctionName="app", Name="live", FunctionVersion="1"), ("ResourceConflictException", 409))
                expect(error(client.create_alias, FunctionName="app", Name="next", FunctionVersion="9"), ("ResourceNotFoundException", 404))
                expect(error(client.get_alias, FunctionName="app", Name="none"), ("ResourceNotFoundException", 404))
                expect([a["Name"] for a in client.list_aliases(FunctionName="app", FunctionVersion="2")["Aliases"]], ["live"])
                client.delete_alias(FunctionName="app", Name="live")
                client.delete_function(FunctionName="app", Qualifier="1")
                expect(error(client.invoke, FunctionName="app:1"), ("ResourceNotFoundException", 404))
                expect(client.publish_version(FunctionName="app")["Version"], "2")
                """
        )
    }

    @Test func errorsAreTheServices() async throws {
        try await withServer(
            python: #"""
                good = archive("echo")
                create("here", good)
                expect(error(create, name="here", code=good), ("ResourceConflictException", 409))
                expect(message(create, name="here", code=good).startswith("Function already exist: here"), True)
                expect(error(create, name="bad", code=b"no zip"), ("InvalidParameterValueException", 400))
                expect(error(create, name="bad", code=good, Runtime="python3.12"), ("InvalidParameterValueException", 400))
                expect(error(create, name="bad", code=good, Environment={"Variables": {"AWS_REGION": "x"}}),
                       ("InvalidParameterValueException", 400))
                expect(error(create, name="bad", code=good, Environment={"Variables": {"A1": "x" * 4097}}),
                       ("InvalidParameterValueException", 400))
                expect(message(create, name="bad", code=good, MemorySize=64),
                       "1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint: "
                       "Member must have value greater than or equal to 128")
                expect(message(create, name="bad", code=good, Role="me"),
                       "1 validation error detected: Value 'me' at 'role' failed to satisfy constraint: Member must satisfy "
                       r"regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+")
                expect(error(create, name="x" * 65, code=good), ("ClientError", 400))
                expect(error(create, name="bad", code=good, Layers=["arn:aws:lambda:us-east-1:123456789012:layer:none:1"]),
                       ("InvalidParameterValueException", 400))
                expect(error(client.update_function_code, FunctionName="here", ZipFile=good, RevisionId="old"),
                       ("PreconditionFailedException", 412))
                expect(error(client.delete_function, FunctionName="here", Qualifier="$LATEST"),
                       ("InvalidParameterValueException", 400))
                expect(error(client.get_policy, FunctionName="here"), ("ResourceNotFoundException", 404))
                expect(error(client.get_function_event_invoke_config, FunctionName="here"), ("ResourceNotFoundException", 404))
                expect([f["FunctionName"] for f in client.list_functions()["Functions"]], ["here"])
                """#
        )
    }

    @Test func listsComeInPages() async throws {
        try await withServer(
            python: """
                code = archive("echo")
                names = [f"f{n:02}" for n in range(7)]
                for name in names: create(name, code)
                pages = list(client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 3}))
                expect([len(page["Functions"]) for page in pages], [3, 3, 1])
                expect([f["FunctionName"] for page in pages for f in page["Functions"]], names)
                for number in range(4):
                    client.update_function_configuration(FunctionName="f00", Description=str(number))
                    client.publish_version(FunctionName="f00")
                pages = client.get_paginator("list_versions_by_function").paginate(FunctionName="f00", PaginationConfig={"PageSize": 2})
                expect([v["Version"] for page in pages for v in page["Versions"]], ["$LATEST", "1", "2", "3", "4"])
                pages = client.get_paginator("list_functions").paginate(FunctionVersion="ALL", PaginationConfig={"PageSize": 2})
                expect(sum(len(page["Functions"]) for page in pages), 11)
                for number in range(3): client.publish_layer_version(LayerName=f"l{number}", Content={"ZipFile": code})
                pages = client.get_paginator("list_layers").paginate(PaginationConfig={"PageSize": 2})
                expect([l["LayerName"] for page in pages for l in page["Layers"]], ["l0", "l1", "l2"])
                """
        )
    }

    /// What the store has is there again after a kill, and runs.
    @Test func everythingOutlivesTheServer() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction("echo")
            _ = try await fixture.apus(["start-lambda", "--port", "0"]) { running in
                defer { running.signal(.kill) }
                try await running.waitForErrorText("http://127.0.0.1:")
                let words = running.errorText.split(whereSeparator: \.isWhitespace)
                let address = try #require(words.last { $0.hasPrefix("http://127.0.0.1:") })
                try await fixture.python(
                    """
                    create("app", archive("echo"), Publish=True, Tags={"a": "b"})
                    client.create_alias(FunctionName="app", Name="live", FunctionVersion="1")
                    client.put_function_concurrency(FunctionName="app", ReservedConcurrentExecutions=3)
                    """,
                    against: String(address),
                    running
                )
            }
            try await eventually("no process") { fixture.processes().isEmpty }
            try await fixture.lambda(
                python: """
                    expect(answer("app:live", b"7"), b"7")
                    expect(client.get_function(FunctionName="app")["Concurrency"], {"ReservedConcurrentExecutions": 3})
                    expect(client.list_tags(Resource="arn:aws:lambda:us-east-1:123456789012:function:app")["Tags"], {"a": "b"})
                    """
            )
        }
    }

    @Test func aTemplatesFunctionsAreThereToo() async throws {
        try await Fixture.with { fixture in
            try fixture.write(
                "template.yaml",
                """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Echo:
                    Type: AWS::Serverless::Function
                    Properties: {CodeUri: echo/, Handler: app, Runtime: provided.al2023, FunctionName: the-echo, Timeout: 9}
                """
            )
            try await fixture.writeEchoFunction("echo")
            try await fixture.writeFunction("fixed", c: #"for (;;) { next(); respond("\"fixed\"", 7); }"#)
            try await fixture.lambda(
                python: """
                    one = client.get_function_configuration(FunctionName="the-echo")
                    expect((one["Timeout"], one["Handler"]), (9, "app"))
                    expect(client.publish_version(FunctionName="the-echo")["Version"], "1")
                    client.create_alias(FunctionName="the-echo", Name="live", FunctionVersion="1")
                    expect(answer("the-echo:live", b"1"), b"1")
                    client.update_function_code(FunctionName="the-echo", ZipFile=archive("fixed"))
                    expect((answer("the-echo"), answer("Echo:live", b"2")), (b'"fixed"', b"2"))
                    client.update_function_configuration(FunctionName="the-echo", Timeout=4)
                    create("another", archive("echo"))
                    """
            )
            // The template wins when a server starts; what hangs on the function stays.
            try await fixture.lambda(
                python: """
                    expect(answer("the-echo", b"3"), b"3")
                    expect(answer("the-echo:live", b"4"), b"4")
                    expect(client.get_function_configuration(FunctionName="the-echo")["Timeout"], 9)
                    expect([f["FunctionName"] for f in client.list_functions()["Functions"]], ["another", "the-echo"])
                    """
            )
        }
    }

    @Test func layersAreUnderOpt() async throws {
        try await Fixture.with { fixture in
            try fixture.write("layer/words/hello", "from the layer")
            try await fixture.writeFunction(
                "reader",
                c: """
                    for (;;) {
                        next();
                        char text[64] = "\\"";
                        FILE *file = fopen("/opt/words/hello", "r");
                        size_t length = file ? fread(text + 1, 1, 40, file) : 0;
                        if (file) fclose(file);
                        text[length + 1] = '"';
                        respond(text, length + 2);
                    }
                    """
            )
            try await fixture.lambda(
                python: """
                    layer = client.publish_layer_version(LayerName="words", Content={"ZipFile": archive("layer")},
                                                         CompatibleRuntimes=["provided.al2023"], LicenseInfo="MIT")
                    expect((layer["Version"], layer["LicenseInfo"]), (1, "MIT"))
                    made = create("reader", archive("reader"), Layers=[layer["LayerVersionArn"]])
                    expect(made["Layers"][0]["Arn"], layer["LayerVersionArn"])
                    expect(answer("reader"), b'"from the layer"')
                    client.delete_layer_version(LayerName="words", VersionNumber=1)
                    expect(error(client.get_layer_version, LayerName="words", VersionNumber=1), ("ResourceNotFoundException", 404))
                    client.update_function_configuration(FunctionName="reader", MemorySize=256)
                    expect(answer("reader"), b'"from the layer"')
                    client.update_function_configuration(FunctionName="reader", Layers=[])
                    expect(answer("reader"), b'""')
                    expect(client.publish_layer_version(LayerName="words", Content={"ZipFile": archive("layer")})["Version"], 2)
                    """
            )
        }
    }
}
