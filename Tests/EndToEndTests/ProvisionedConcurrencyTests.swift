import Testing

/// Environments that are kept ready, behind boto3.
@Suite(Prerequisite.pythonRuntime) struct ProvisionedConcurrencyTests {
    /// Tells how it was initialized, and takes its time for that.
    private static let program = CBootstrap.source(
        main: """
            usleep(300000);
            const char *type = getenv("AWS_LAMBDA_INITIALIZATION_TYPE");
            for (;;) { next(); char text[64]; snprintf(text, sizeof text, "\\"%s\\"", type ? type : "-"); respond_text(text); }
            """
    )

    private func withServer(_ options: [String] = [], python: String) async throws {
        try await Fixture.with { fixture in
            try await fixture.writeExecutable("app/bootstrap", CCompiler.shared.executable(of: Self.program))
            try await fixture.lambda(
                options,
                python: """
                    def ready(qualifier, count, status="READY"):
                        for _ in range(100):
                            config = client.get_provisioned_concurrency_config(FunctionName="app", Qualifier=qualifier)
                            if config["Status"] == status: break
                            time.sleep(0.05)
                        expect((config["Status"], config["AvailableProvisionedConcurrentExecutions"]), (status, count))
                        return config

                    """ + python
            )
        }
    }

    @Test func environmentsAreReadyBeforeTheFirstCall() async throws {
        try await withServer(
            python: """
                create("app", archive("app"), Publish=True)
                made = client.put_provisioned_concurrency_config(FunctionName="app", Qualifier="1", ProvisionedConcurrentExecutions=2)
                expect((made["Status"], made["RequestedProvisionedConcurrentExecutions"]), ("IN_PROGRESS", 2))
                ready("1", 2)
                began = time.monotonic()
                expect(answer("app:1"), b'"provisioned-concurrency"')
                expect(time.monotonic() - began < 0.25, True)
                expect(answer("app"), b'"on-demand"')
                listed = client.list_provisioned_concurrency_configs(FunctionName="app")["ProvisionedConcurrencyConfigs"]
                expect([item["FunctionArn"].rsplit(":", 1)[1] for item in listed], ["1"])
                client.delete_provisioned_concurrency_config(FunctionName="app", Qualifier="1")
                expect(error(client.get_provisioned_concurrency_config, FunctionName="app", Qualifier="1"),
                       ("ProvisionedConcurrencyConfigNotFoundException", 404))
                """
        )
    }

    /// An alias's environments move to the version that it comes to stand for.
    @Test func anAliasTakesThemAlong() async throws {
        try await withServer(
            python: """
                create("app", archive("app"), Publish=True)
                client.create_alias(FunctionName="app", Name="live", FunctionVersion="1")
                client.put_provisioned_concurrency_config(FunctionName="app", Qualifier="live", ProvisionedConcurrentExecutions=1)
                ready("live", 1)
                client.update_function_configuration(FunctionName="app", Timeout=9)
                expect(client.publish_version(FunctionName="app")["Version"], "2")
                client.update_alias(FunctionName="app", Name="live", FunctionVersion="2")
                ready("live", 1)
                result = client.invoke(FunctionName="app:live")
                expect((result["ExecutedVersion"], result["Payload"].read()), ("2", b'"provisioned-concurrency"'))
                expect(answer("app:1"), b'"on-demand"')
                """
        )
    }

    /// What a template asks for is there when the server has started.
    @Test func aTemplatesAlias() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeExecutable("app/bootstrap", CCompiler.shared.executable(of: Self.program))
            try fixture.write(
                "template.yaml",
                """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  App:
                    Type: AWS::Serverless::Function
                    Properties:
                      CodeUri: app/
                      Handler: app
                      Runtime: provided.al2023
                      Timeout: 20
                      AutoPublishAlias: live
                      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}
                """
            )
            try await fixture.lambda(
                python: """
                    for _ in range(100):
                        config = client.get_provisioned_concurrency_config(FunctionName="App", Qualifier="live")
                        if config["Status"] == "READY": break
                        time.sleep(0.05)
                    expect((config["Status"], config["AvailableProvisionedConcurrentExecutions"]), ("READY", 2))
                    expect(client.get_alias(FunctionName="App", Name="live")["FunctionVersion"], "$LATEST")
                    expect(answer("App:live"), b'"provisioned-concurrency"')
                    """
            )
        }
    }

    @Test func whatIsRefused() async throws {
        try await withServer(
            python: """
                create("app", archive("app"), Publish=True)
                def put(qualifier, count):
                    return error(client.put_provisioned_concurrency_config, FunctionName="app", Qualifier=qualifier,
                                 ProvisionedConcurrentExecutions=count)
                expect(put("$LATEST", 1), ("InvalidParameterValueException", 400))
                expect(put("7", 1), ("ResourceNotFoundException", 404))
                client.put_function_concurrency(FunctionName="app", ReservedConcurrentExecutions=2)
                expect(put("1", 3), ("InvalidParameterValueException", 400))
                expect(put("1", 2), None)
                expect(error(client.put_function_concurrency, FunctionName="app", ReservedConcurrentExecutions=1),
                       ("InvalidParameterValueException", 400))
                """
        )
    }

    @Test func thoseThatCannotStartAreTold() async throws {
        try await withServer(
            python: """
                os.makedirs("broken")
                with open("broken/bootstrap", "w") as file: file.write("#!/bin/sh\\nexit 3\\n")
                os.chmod("broken/bootstrap", 0o755)
                create("app", archive("broken"), Publish=True)
                client.put_provisioned_concurrency_config(FunctionName="app", Qualifier="1", ProvisionedConcurrentExecutions=1)
                expect(ready("1", 0, "FAILED")["StatusReason"], "FUNCTION_ERROR_INIT_FAILURE")
                """
        )
    }
}
