import LambdaModel
import SAMTemplate
import Testing

/// `CodeUri`, `Code`, layers: what lies where, and what Apus cannot run.
@Suite struct CodeTests {
    private let fixture: TemplateFixture

    init() throws {
        fixture = try TemplateFixture()
        try fixture.makeDirectory("src")
        try fixture.makeDirectory("layer")
        try fixture.write("empty.zip", [])
        try fixture.write("noname", [0x50, 0x4B, 0x03, 0x04, 0, 0])
        try fixture.write("bin/app", "#!/bin/sh\n")
    }

    private func load(_ text: String) throws -> SAMTemplate {
        try SAMTemplate.load(path: try fixture.write("template.yaml", text))
    }

    @Test func kindsOfCode() throws {
        let names = ["src", "./src/", "empty.zip", "noname", "bin/app", "."]
        let resources = names.enumerated().map { index, name in
            """
              F\(index):
                Type: AWS::Serverless::Function
                Properties: {CodeUri: \(name), Handler: h, Runtime: provided}
              L\(index):
                Type: AWS::Lambda::Function
                Properties: {Code: \(name), Handler: h, Runtime: provided}
            """
        }
        let text = "Transform: AWS::Serverless-2016-10-31\nResources:\n" + resources.joined(separator: "\n")
        let template = try load(text)
        let root = fixture.directory
        let expected: [FunctionCode] = [
            .directory(path: root + "/src"), .directory(path: root + "/src"), .zip(path: root + "/empty.zip"),
            .zip(path: root + "/noname"), .file(path: root + "/bin/app"), .directory(path: root),
        ]
        for (index, code) in expected.enumerated() {
            #expect(try template.function(named: "F\(index)").code == code)
            #expect(try template.function(named: "L\(index)").code == code)
        }
        #expect(template.warnings == [])
    }

    @Test(arguments: [
        ("Serverless", "CodeUri: ./nowhere", "code.missing", "CodeUri ./nowhere does not exist"),
        ("Serverless", "Timeout: 3", "code.missing", "F: CodeUri is missing"),
        ("Serverless", "CodeUri: s3://bucket/key", "code.remote", "'s3://bucket/key'"),
        ("Serverless", "CodeUri: {Bucket: b, Key: k}", "code.remote", "an S3 object"),
        ("Serverless", "CodeUri: !ImportValue c", "code.unknown", "the export c exists only in the cloud"),
        ("Serverless", "InlineCode: x", "code.inline", "inline"),
        ("Serverless", "PackageType: Image", "code.image", "container image"),
        ("Serverless", "PackageType: Image, ImageUri: !ImportValue x", "code.image", "container image"),
        ("Lambda", "Timeout: 3", "code.missing", "F: Code is missing"),
        ("Lambda", "Code: {ZipFile: x}", "code.inline", "inline"),
        ("Lambda", "Code: {S3Bucket: b, S3Key: k}", "code.remote", "an S3 object"),
        ("Lambda", "Code: {ImageUri: !ImportValue x}", "code.image", "container image"),
    ])
    func obstaclesDoNotSpoilTheTemplate(service: String, line: String, code: String, message: String) throws {
        let template = try load(
            """
            Transform: AWS::Serverless-2016-10-31
            Resources:
              F:
                Type: AWS::\(service)::Function
                Properties: {\(line), Handler: h, Runtime: provided}
              Good:
                Type: AWS::Lambda::Function
                Properties: {Code: src, Handler: h, Runtime: provided}
            """
        )
        let function = try template.function(named: "F")
        let obstacle = try #require(function.obstacle)
        #expect(function.code == nil)
        #expect(obstacle.code.rawValue == code)
        #expect(obstacle.message.contains(message), "\(obstacle)")
        #expect(try template.function(named: "Good").obstacle == nil)
        #expect(template.warnings.isEmpty == (code != "code.missing"))
    }

    @Test func managedRuntimesCanBeBuiltButNotRun() throws {
        let function = try load(
            "Resources: {F: {Type: AWS::Lambda::Function, Properties: {Code: src, Handler: h, Runtime: python3.13}}}"
        ).function()
        #expect(function.codeObstacle == nil)
        #expect(function.obstacle?.code == "runtime.managed")
        #expect(function.configuration.runtime.identifier == "python3.13")
    }

    @Test func imagesNeedNeitherRuntimeNorHandler() throws {
        let template = try load(
            "Resources: {F: {Type: AWS::Lambda::Function, Properties: {Code: {ImageUri: x}, PackageType: Image}}}"
        )
        #expect(template.warnings == [])
        let function = try template.function()
        #expect(function.image == FunctionImage(name: "x"))
        #expect(function.obstacle == nil)
        // There is nothing to build or to look into.
        #expect(function.codeObstacle?.code == "code.image")
    }

    @Test func layersOfTheTemplate() throws {
        let template = try load(
            """
            Transform: AWS::Serverless-2016-10-31
            Globals: {Function: {Layers: [!Ref One], Runtime: provided, Handler: h, CodeUri: src}}
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties: {Layers: [!Ref Two]}
              G:
                Type: AWS::Serverless::Function
                Properties: {Layers: ["arn:aws:lambda:us-east-1:123456789012:layer:x:1"]}
              H:
                Type: AWS::Serverless::Function
                Properties: {Layers: [!Ref Broken]}
              One:
                Type: AWS::Serverless::LayerVersion
                Metadata: {BuildMethod: makefile, BuildArchitecture: arm64}
                Properties:
                  ContentUri: layer
                  CompatibleRuntimes: [provided.al2023]
                  CompatibleArchitectures: [arm64, x86_64]
              Two:
                Type: AWS::Lambda::LayerVersion
                Properties: {Content: empty.zip}
              Broken:
                Type: AWS::Lambda::LayerVersion
                Properties: {Content: {S3Bucket: b, S3Key: k}}
            """
        )
        let function = try template.function(named: "F")
        #expect(function.layers.map(\.logicalID) == ["One", "Two"])
        #expect(function.obstacle == nil)
        #expect(template.layers.map(\.logicalID) == ["One", "Two", "Broken"])
        let one = template.layers[0]
        #expect(one.content == .directory(path: fixture.path("layer")))
        #expect(one.build == BuildSettings(method: "makefile", architecture: "arm64"))
        #expect(one.compatibleRuntimes == ["provided.al2023"])
        #expect(one.compatibleArchitectures == [.arm64, .x86_64])
        #expect(template.layers[1].content == .zip(path: fixture.path("empty.zip")))
        let remote = try template.function(named: "G")
        #expect(remote.runObstacle?.code == "layer.remote")
        #expect(remote.codeObstacle == nil)
        #expect(try template.function(named: "H").obstacle?.code == "code.remote")
    }

    @Test func layersThatAreNotThere() {
        let found = errors(
            """
            Conditions: {No: !Equals [a, b]}
            Resources:
              F:
                Type: AWS::Lambda::Function
                Properties: {Code: ., Handler: h, Runtime: provided, Layers: [!Ref L]}
              G:
                Type: AWS::Lambda::Function
                Properties: {Code: ., Handler: h, Runtime: provided, Layers: [M]}
              L:
                Type: AWS::Lambda::LayerVersion
                Condition: No
                Properties: {Content: .}
              M:
                Type: AWS::Lambda::LayerVersion
                Properties: {Content: .}
            """
        )
        #expect(found.map(\.location?.line) == [5, 8])
        #expect(found.first?.message == "the condition of the layer L is false, so there is no such layer")
        #expect(found.last?.hint == "Write !Ref M.")
    }

    @Test func assetsOfCDK() throws {
        let function = try load(
            """
            Resources:
              F:
                Type: AWS::Lambda::Function
                Metadata: {"aws:asset:path": src, "aws:asset:property": Code}
                Properties: {Code: {S3Bucket: b, S3Key: k}, Handler: h, Runtime: provided}
            """
        ).function()
        #expect(function.code == .directory(path: fixture.path("src")))
    }

    @Test func functionsAreFoundByIDAndName() throws {
        let template = try load(
            """
            Resources:
              Hello: {Type: AWS::Lambda::Function, Properties: {Code: src, Handler: h, Runtime: provided}}
              World:
                Type: AWS::Lambda::Function
                Properties: {Code: src, Handler: h, Runtime: provided, FunctionName: the-world}
            """
        )
        #expect(try template.function(named: "World").logicalID == "World")
        #expect(try template.function(named: "the-world").logicalID == "World")
        let unknown = #expect(throws: ApusError.self) { try template.function(named: "Helo") }
        #expect(unknown?.code == "template.functionUnknown")
        #expect(unknown?.message.hasSuffix("has no function 'Helo'; did you mean Hello?") == true)
        #expect(unknown?.hint == "Functions: Hello, World (the-world)")
        let ambiguous = #expect(throws: ApusError.self) { try template.function(named: nil) }
        #expect(ambiguous?.code == "template.functionAmbiguous")
        #expect(ambiguous?.hint == "Functions: Hello, World (the-world)")
    }

    @Test func templatesAreFoundByName() throws {
        let other = try TemplateFixture()
        let missing = #expect(throws: TemplateError.self) { try SAMTemplate.find(inDirectory: other.directory) }
        #expect(missing?.description.contains("looked for template.yaml, template.yml, template.json") == true)
        try other.write("template.json", "{}")
        #expect(try SAMTemplate.find(inDirectory: other.directory) == other.path("template.json"))
        try other.write("template.yml", "{}")
        #expect(try SAMTemplate.find(inDirectory: other.directory) == other.path("template.yml"))
    }
}
