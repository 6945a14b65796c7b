import Testing

/// `apus package`: what somebody does with it.
@Suite(.serialized) struct PackageTests {
    private static let layered = """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Hello:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: task/
              Handler: app
              Runtime: provided.al2023
              Timeout: 20
              Layers: [!Ref Tools]
          Plain:
            Type: AWS::Lambda::Function
            Properties:
              Code: task
              Handler: app
              Runtime: provided.al2023
              Role: arn:aws:iam::123456789012:role/r
          Inline:
            Type: AWS::Serverless::Function
            Properties: {InlineCode: "x", Handler: index.handler, Runtime: python3.13}
          Tools:
            Type: AWS::Serverless::LayerVersion
            Properties:
              ContentUri: layer/
              Description: !Sub "of ${AWS::Region}"
          Api:
            Type: AWS::Serverless::HttpApi
            Properties: {DefinitionUri: api.yaml}
        """

    /// Unpacked by another program, and run.
    @Test(Prerequisite.gcc, Prerequisite.program("unzip"), Prerequisite.program("make"))
    func theZipRuns() async throws {
        try await Fixture.with { fixture in
            try fixture.write(
                "template.yaml",
                """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Hello:
                    Type: AWS::Serverless::Function
                    Metadata: {BuildMethod: makefile}
                    Properties: {CodeUri: src, Handler: app, Runtime: provided.al2023}
                """
            )
            try fixture.write("src/main.c", CBootstrap.echo)
            try fixture.write("src/Makefile", "build-Hello:\n\tgcc -w -o $(ARTIFACTS_DIR)/bootstrap main.c\n")
            // Sources are no package.
            let early = try await fixture.apus(["package"])
            #expect(early.status == .exited(2), "\(early)")
            #expect(early.standardError.contains("Run `apus build` first"), "\(early)")
            #expect(try await fixture.apus(["build"]).status == .exited(0))
            let package = try await fixture.apus(["package", "--output-template-file", "out/packaged.yaml"])
            #expect(package.status == .exited(2), "\(package)")
            try fixture.makeDirectory("out")
            let second = try await fixture.apus(["package", "--output-template-file", "out/packaged.yaml"])
            #expect(second.status == .exited(0), "\(second)")
            #expect(second.standardOutput.isEmpty, "\(second)")
            #expect(try fixture.read("out/packaged.yaml").contains("CodeUri: ../.aws-sam/package/Hello.zip"))
            let zip = ".aws-sam/package/Hello.zip"
            let unzip = try await fixture.run(
                "/bin/sh",
                ["-c", "unzip -q \(zip) -d unpacked && test -x unpacked/bootstrap && ls unpacked"]
            )
            #expect(unzip.text == "bootstrap\n", "\(unzip)")
            for options in [["--code", zip], ["--code", "unpacked"], ["-t", "out/packaged.yaml"]] {
                let outcome = try await fixture.apus(["invoke", "-e", "-"] + options, stdin: Array("[17]".utf8))
                #expect(outcome.text == "[17]\n", "\(outcome)")
            }
            #expect(try fixture.temporaryFiles() == [])
        }
    }

    /// Functions and layers of both kinds; what is not packed stays and still leads to its place.
    @Test(arguments: [["zip"], ["dir"]]) func theTemplateNamesThePackages(_ format: [String]) async throws {
        try await Fixture.with { fixture in
            try fixture.write("template.yaml", Self.layered)
            try fixture.write("task/bootstrap", "#!/bin/sh\n", mode: 0o755)
            try fixture.write("layer/lib/tool", "tool")
            try fixture.write("api.yaml", "{}")
            try fixture.makeDirectory("out")
            let ending = format == ["zip"] ? ".zip" : ""
            let package = try await fixture.apus(
                ["package", "-o", "out/code", "--output-template-file", "out/packaged.yaml", "--format"] + format
            )
            #expect(package.status == .exited(0), "\(package)")
            #expect(package.standardError.contains("Inline: not packaged"), "\(package)")
            let text = try fixture.read("out/packaged.yaml")
            for part in [
                "CodeUri: code/Hello\(ending)", "Code: code/Plain\(ending)", "ContentUri: code/Tools\(ending)",
                "DefinitionUri: ../api.yaml", "Description: !Sub",
            ] {
                #expect(text.contains(part), "\(part): \(text)")
            }
            for name in ["Hello", "Plain", "Tools"] { #expect(fixture.exists("out/code/\(name)\(ending)")) }
            #expect(try Files.names(in: fixture.path("out/code")).count == 3)
        }
    }

    /// As SAM: without a file the template is the output. JSON has no tags.
    @Test func theTemplateOnStandardOutput() async throws {
        try await Fixture.with { fixture in
            try fixture.write("template.yaml", Self.layered)
            try fixture.write("task/bootstrap", "#!/bin/sh\n", mode: 0o755)
            try fixture.write("layer/lib/tool", "tool")
            let yaml = try await fixture.apus(["package", "--s3-bucket", "b", "--resolve-s3", "--force-upload"])
            #expect(yaml.text.contains("CodeUri: .aws-sam/package/Hello.zip"), "\(yaml)")
            let warning = "warning: without effect here: --resolve-s3, --force-upload, --s3-bucket\n"
            #expect(yaml.standardError.contains(warning), "\(yaml)")
            let json = try await fixture.apus(["package", "--use-json"])
            #expect(json.text.hasPrefix("{\n  \"Transform\""), "\(json)")
            #expect(json.text.contains("\"Description\": {\n          \"Fn::Sub\""), "\(json)")
            #expect(json.text.contains("\"Ref\": \"Tools\""), "\(json)")
        }
    }

    @Test func aNamedFunctionAlone() async throws {
        try await Fixture.with { fixture in
            try fixture.writeTemplate(["First", "Second"])
            try fixture.write("task/bootstrap", "#!/bin/sh\n", mode: 0o755)
            let package = try await fixture.apus(["package", "Second"])
            #expect(package.status == .exited(0), "\(package)")
            #expect(package.text == ".aws-sam/package/Second.zip\n", "\(package)")
            #expect(!fixture.exists(".aws-sam/package/First.zip"))
            let other = try await fixture.apus(["package", "Secnd"])
            #expect(other.status == .exited(2) && other.standardError.contains("did you mean Second?"), "\(other)")
        }
    }

    /// The same project elsewhere, on another day.
    @Test func sameBytesElsewhere() async throws {
        var zips: [[UInt8]] = []
        for day in ["202001010000", "203001010000"] {
            try await Fixture.with { fixture in
                try fixture.writeTemplate()
                try fixture.write("task/bootstrap", "#!/bin/sh\n", mode: 0o755)
                try fixture.write("task/lib/data", String(repeating: "x", count: 10_000))
                _ = try await fixture.run("/bin/sh", ["-c", "find task -exec touch -t \(day) {} +"])
                let package = try await fixture.apus(
                    ["package"],
                    environment: ["TZ": day == "202001010000" ? "UTC" : "JST-9"]
                )
                #expect(package.status == .exited(0), "\(package)")
                zips.append(try Files.read(fixture.path(".aws-sam/package/Hello.zip")))
            }
        }
        #expect(zips.count == 2 && zips[0] == zips[1])
    }

    @Test func badInputIs2() async throws {
        try await Fixture.with { fixture in
            try fixture.writeTemplate(codeURI: ".")
            try fixture.write("bootstrap", "#!/bin/sh\n", mode: 0o755)
            let inside = try await fixture.apus(["package"])
            #expect(inside.status == .exited(2), "\(inside)")
            #expect(inside.standardError.contains("inside the code"), "\(inside)")
            #expect(!fixture.exists(".aws-sam"))
            try fixture.writeTemplate(codeURI: "nothing/")
            let missing = try await fixture.apus(["package"])
            #expect(missing.status == .exited(2) && missing.standardError.contains("nothing"), "\(missing)")
            try fixture.writeTemplate()
            try fixture.write("task/bootstrap", "#!/bin/sh\n", mode: 0o755)
            try fixture.makeLink("task/out", to: "../../secret")
            let link = try await fixture.apus(["package"])
            #expect(link.status == .exited(2) && link.standardError.contains("leads outside the package"), "\(link)")
            let usage = try await fixture.apus(["package", "--format", "tar"])
            #expect(usage.status == .exited(64), "\(usage)")
        }
    }

    /// 60 MB that nothing can make smaller, and 251 MB of nothing.
    @Test func tooLargeForLambda() async throws {
        try await Fixture.with { fixture in
            try fixture.writeTemplate()
            try fixture.write("task/bootstrap", "#!/bin/sh\n", mode: 0o755)
            _ = try await fixture.run("/bin/sh", ["-c", "head -c 60000000 /dev/urandom > task/model"])
            let zipped = try await fixture.apus(["package"])
            #expect(zipped.status == .exited(2), "\(zipped)")
            #expect(zipped.standardError.contains("Lambda takes 50 MB in an upload"), "\(zipped)")
            #expect(zipped.standardError.contains("model (57.3 MB)"), "\(zipped)")
            _ = try await fixture.run("/bin/sh", ["-c", "truncate -s 251M task/model"])
            let unpacked = try await fixture.apus(["package"])
            #expect(unpacked.status == .exited(2), "\(unpacked)")
            #expect(unpacked.standardError.contains("Lambda takes 250 MB together"), "\(unpacked)")
            #expect(try Files.names(in: fixture.path(".aws-sam/package")) == [])
        }
    }

    @Test func aSignalLeavesNothing() async throws {
        try await Fixture.with { fixture in
            try fixture.writeTemplate()
            try fixture.write("task/bootstrap", "#!/bin/sh\n", mode: 0o755)
            _ = try await fixture.run("/bin/sh", ["-c", "head -c 200000000 /dev/urandom > task/model"])
            let output = fixture.path(".aws-sam/package")
            let package = try await fixture.apus(["package"]) { running in
                try await eventually("packing") { (try? Files.names(in: output).isEmpty) == false }
                running.signal(.interrupt)
            }
            #expect(package.status == .exited(130), "\(package)")
            #expect(package.standardOutput.isEmpty, "\(package)")
            #expect(try Files.names(in: output) == [])
        }
    }
}
