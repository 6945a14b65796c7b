import LambdaModel
import SAMTemplate
import Testing

@Suite struct BuiltTemplateTests {
    private static let text = """
        AWSTemplateFormatVersion: '2010-09-09'
        Transform: AWS::Serverless-2016-10-31
        # a comment
        Description: >
          Folded
          text
        Globals:
          Function: {Timeout: 3, CodeUri: ./shared}
        Parameters:
          Stage: {Type: String, Default: "007"}
        Resources:
          Hello:
            Type: AWS::Serverless::Function
            Metadata: {BuildMethod: makefile}
            Properties:
              CodeUri: !Sub "./${Stage}"
              Handler: !If [IsDev, a, b]
              Runtime: provided.al2023
              Environment:
                Variables:
                  SHORT: !Sub ${Stage}-x
                  LONG: {Fn::Join: ['', [a, !Ref Stage]]}
                  TEXT: |
                    #!/bin/sh
                      echo "hi: there"

                    done
                  OCTAL: 010
                  QUOTED: "010"
                  EMPTY: ""
                  COLON: "a: b # c"
                  FLAG: "yes"
                  MULTI: "x\\ny"
              Events: []
          Other:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: src/other, Handler: h, Runtime: provided}
          Plain:
            Type: AWS::Lambda::Function
            Properties: {Code: src/plain, Handler: h, Runtime: provided}
          Layer:
            Type: AWS::Serverless::LayerVersion
            Properties: {ContentUri: layer}
          Api:
            Type: AWS::Serverless::Api
            Properties: {DefinitionUri: api/openapi.yaml, StageName: x}
          Remote:
            Type: AWS::Serverless::Application
            Properties: {Location: https://example.com/t.yaml}
          Job:
            Type: AWS::Glue::Job
            Properties: {Command: {ScriptLocation: job.py}, Other: [[1, [a, b]], {c: d}]}
          Included:
            Fn::Transform: {Name: AWS::Include, Parameters: {Location: inc.yaml}}
            Type: AWS::DynamoDB::Table
        Conditions:
          IsDev: !Equals [!Ref Stage, dev]
        """

    @Test func pathsAreReplacedAndTheRestStays() throws {
        let fixture = try TemplateFixture()
        for name in ["007", "src/other", "src/plain", "layer", "shared", ".aws-sam/build/Hello"] {
            try fixture.makeDirectory(name)
        }
        let original = try SAMTemplate.load(path: try fixture.write("template.yaml", Self.text))
        let build = fixture.path(".aws-sam/build")
        let text = original.builtTemplateText(
            codeLocations: ["Hello": build + "/Hello", "Plain": build + "/Plain", "Layer": build + "/Layer"],
            newDirectory: build
        )
        for line in [
            "      CodeUri: Hello", "      Code: Plain", "      ContentUri: Layer", "      CodeUri: ../../src/other",
            "    CodeUri: ../../shared", "      DefinitionUri: ../../api/openapi.yaml",
            "      Location: https://example.com/t.yaml", "        ScriptLocation: ../../job.py",
            "        Location: ../../inc.yaml", "          SHORT: !Sub ${Stage}-x", "      Handler: !If",
            "          OCTAL: 010", "          QUOTED: \"010\"", "          COLON: \"a: b # c\"", "          TEXT: |",
            "            Fn::Join:", "      Events: []", "      BuildMethod: makefile",
        ] {
            #expect(text.contains(line + "\n"), "\(line) is not in\n\(text)")
        }
        try fixture.makeDirectory(".aws-sam/build/Plain")
        try fixture.makeDirectory(".aws-sam/build/Layer")
        let built = try SAMTemplate.load(path: try fixture.write(".aws-sam/build/template.yaml", text))
        for function in built.functions {
            let before = try original.function(named: function.logicalID)
            #expect(function.configuration == before.configuration)
            #expect(function.build == before.build)
        }
        #expect(try built.function(named: "Hello").code == .directory(path: build + "/Hello"))
        #expect(try built.function(named: "Other").code == .directory(path: build + "/../../src/other"))
        #expect(built.layers[0].content == .directory(path: build + "/Layer"))
        #expect(built.builtTemplateText(codeLocations: [:], newDirectory: build) == text)
    }

    @Test func codeFromGlobalsIsWrittenToTheFunction() throws {
        let fixture = try TemplateFixture()
        let source = """
            Transform: AWS::Serverless-2016-10-31
            Globals: {Function: {CodeUri: ., Handler: h, Runtime: provided}}
            Resources: {F: {Type: AWS::Serverless::Function}}
            """
        let template = try SAMTemplate.load(path: try fixture.write("template.yaml", source))
        let text = template.builtTemplateText(
            codeLocations: ["F": fixture.path("out/F")],
            newDirectory: fixture.path("out")
        )
        #expect(text.contains("    Properties:\n      CodeUri: F\n"))
        #expect(text.contains("    CodeUri: ..\n"))
    }

    /// Keys and texts that need quotes.
    @Test(arguments: [
        "a", "yes", "010", "-x", " lead", "trail ", "x:", "a#b", "a #b", "'", "\"", "\\", "*a", "&a", "!a", "{a", "[a",
        "%a",
        "@a", "`a", "- a", "? a", "a: b", "\u{1F600}", "é", "\u{2028}", "\t", "a\nb", "a\n", "\n\na\n\n", "  a\n b\n",
        "~", "",
        "null", "1e3", "---", "...", "\u{7F}", "a\n \n", "#", "|", ">", "0x1F", "<<",
    ])
    func textsSurviveARoundTrip(text: String) throws {
        let quoted = JSONText.quoted(text)
        let source = functionTemplate("Environment: {Variables: {KEY: \(quoted)}}\nTags: {\(quoted): [\(quoted)]}")
        // What YAML does not allow in a file, or takes for a line break, can only be written as an escape.
        let escapes: [Unicode.Scalar: String] = ["\u{7F}": "\\u007f", "\u{2028}": "\\u2028"]
        let plain = source.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
        let template = try parse(plain)
        #expect(template.functions[0].configuration.environment == ["KEY": text])
        let again = try parse(template.builtTemplateText(codeLocations: [:], newDirectory: "."))
        #expect(again.functions[0].configuration.environment == ["KEY": text])
    }
}
