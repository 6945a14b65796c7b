import LambdaModel
import Testing

/// `apus invoke` with a template: which values reach the function.
@Suite(.serialized, Prerequisite.gcc) struct TemplateTests {
    /// Answers with the variable STAGE.
    private static let stage = "for (;;) { next(); respond_text(getenv(\"STAGE\") ? getenv(\"STAGE\") : \"unset\"); }"

    private static let template = """
        Transform: AWS::Serverless-2016-10-31
        Parameters:
          Stage: {Type: String, Default: dev}
        Globals:
          Function:
            Timeout: 20
        Resources:
          Hello:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: task/
              Handler: app.handler
              Runtime: provided.al2023
              Environment:
                Variables:
                  STAGE: !Sub "stage-${Stage}"
        """

    private func expectStage(
        _ expected: String,
        _ options: [String] = [],
        files: [String: String] = [:],
        template: String = template
    ) async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: Self.stage)
            try fixture.write("template.yaml", template)
            for (name, text) in files { try fixture.write(name, text) }
            let outcome = try await fixture.apus(["local", "invoke"] + options)
            #expect(outcome.text == expected + "\n", "\(outcome)")
            #expect(outcome.status == .exited(0), "\(outcome)")
        }
    }

    @Test(arguments: [[], ["Hello"], ["-t", "template.yaml"], ["--template-file", "template.yaml", "Hello"]])
    func defaults(_ options: [String]) async throws {
        try await expectStage("stage-dev", options)
    }

    @Test(
        arguments: [
            ["--parameter-overrides", "Stage=prod"],
            ["--parameter-overrides", "ParameterKey=Stage,ParameterValue=prod"],
            ["Hello", "--parameter-overrides", "Stage=prod"],
        ]
    )
    func parameterOverrides(_ options: [String]) async throws {
        try await expectStage("stage-prod", options)
    }

    @Test(arguments: ["-n", "--env-vars"]) func environmentFileByFunction(option: String) async throws {
        try await expectStage(
            "file",
            [option, "env.json"],
            files: ["env.json": #"{"Hello": {"STAGE": "file"}, "Other": {"STAGE": "no"}}"#]
        )
    }

    @Test func environmentFileForAll() async throws {
        try await expectStage("all", ["-n", "env.json"], files: ["env.json": #"{"Parameters": {"STAGE": "all"}}"#])
    }

    /// As with SAM: the file changes variables, it does not add any to a function that does not declare them.
    @Test func environmentFileOfAnotherFunction() async throws {
        try await expectStage("stage-dev", ["-n", "env.json"], files: ["env.json": #"{"Other": {"STAGE": "no"}}"#])
    }

    @Test func samconfig() async throws {
        try await expectStage(
            "stage-config",
            files: [
                "samconfig.toml": """
                version = 0.1
                [default.local_invoke.parameters]
                parameter_overrides = "Stage=config"
                """
            ]
        )
    }

    @Test func samconfigOfAnEnvironment() async throws {
        try await expectStage(
            "stage-ci",
            ["--config-env", "ci"],
            files: [
                "samconfig.toml": """
                version = 0.1
                [default.local_invoke.parameters]
                parameter_overrides = "Stage=config"
                [ci.local_invoke.parameters]
                parameter_overrides = ["Stage=ci"]
                """
            ]
        )
    }

    @Test func theCommandLineWinsOverSamconfig() async throws {
        try await expectStage(
            "stage-mine",
            ["--parameter-overrides", "Stage=mine"],
            files: [
                "samconfig.toml": """
                version = 0.1
                [default.global.parameters]
                parameter_overrides = "Stage=config"
                """
            ]
        )
    }

    @Test func templatesInJSON() async throws {
        try await expectStage(
            "json",
            ["-t", "template.json"],
            files: [
                "template.json": """
                {"Resources": {"Hello": {"Type": "AWS::Serverless::Function", "Properties": {
                  "CodeUri": "task", "Handler": "a", "Runtime": "provided.al2",
                  "Environment": {"Variables": {"STAGE": {"Fn::Join": ["", ["js", "on"]]}}}}}}}
                """
            ]
        )
    }

    /// Functions that Apus cannot run do not spoil the template for the others.
    @Test func otherFunctionsDoNotMatter() async throws {
        let other = """

              Managed:
                Type: AWS::Serverless::Function
                Properties: {CodeUri: elsewhere/, Handler: app.handler, Runtime: python3.13}
              Image:
                Type: AWS::Serverless::Function
                Properties: {PackageType: Image, ImageUri: example.com/image}
              Bucket:
                Type: AWS::S3::Bucket
            """
        try await expectStage("stage-dev", ["Hello"], template: Self.template + "\n" + other)
    }

    @Test func writesTheLogAsJSON() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: Self.stage)
            try fixture.writeTemplate(more: "LoggingConfig: {LogFormat: JSON}")
            let outcome = try await fixture.apus(["invoke"])
            #expect(outcome.text == "unset\n", "\(outcome)")
            #expect(outcome.log.requestIDs.isEmpty, "\(outcome)")
            for type in ["platform.start", "platform.report"] {
                let line = outcome.log.lines.first { $0.contains("\"\(type)\"") }
                try JSONSyntax.validate(Array((line ?? "no line of type \(type)").utf8))
                #expect(line?.contains("requestId") == true, "\(outcome)")
            }
        }
    }

    /// Options that concern Docker only are accepted and named in one warning.
    @Test func optionsOfDockerAreAcceptedWithAWarning() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: Self.stage)
            try fixture.write("template.yaml", Self.template)
            let outcome = try await fixture.apus([
                "local", "invoke", "--skip-pull-image", "--docker-network", "host",
            ])
            #expect(outcome.text == "stage-dev\n", "\(outcome)")
            let warnings = outcome.log.lines.filter { $0.contains("--skip-pull-image") }
            #expect(warnings.count == 1 && warnings[0].contains("--docker-network"), "\(outcome)")
        }
    }
}
