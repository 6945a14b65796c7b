import LambdaModel
import SAMTemplate
import Testing

/// Functions that are container images: which one, as far as it can be known here.
@Suite struct ImageTests {
    private func function(_ lines: String) throws -> TemplateFunction {
        let indented = lines.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
        return try parse(
            "Transform: AWS::Serverless-2016-10-31\nParameters: {Tag: {Type: String, Default: v2}}\nResources:\n  MyFunction:\n"
                + indented
        ).function()
    }

    @Test(
        arguments: [
            ("Type: AWS::Serverless::Function\nProperties: {PackageType: Image, ImageUri: hello:v1}", "hello:v1"),
            (
                "Type: AWS::Serverless::Function\nProperties: {PackageType: Image, ImageUri: !Sub 'hello:${Tag}'}",
                "hello:v2"
            ),
            (
                "Type: AWS::Serverless::Function\nProperties: {ImageUri: 1.dkr.ecr.eu-west-1.amazonaws.com/x:1}",
                "1.dkr.ecr.eu-west-1.amazonaws.com/x:1"
            ),
            ("Type: AWS::Lambda::Function\nProperties: {PackageType: Image, Code: {ImageUri: hello:v1}}", "hello:v1"),
            // What `sam build` makes.
            (
                "Type: AWS::Serverless::Function\nProperties: {PackageType: Image}\nMetadata: {Dockerfile: D, DockerTag: v3}",
                "myfunction:v3"
            ),
            (
                "Type: AWS::Serverless::Function\nProperties: {PackageType: Image}\nMetadata: {DockerContext: .}",
                "myfunction:latest"
            ),
            (
                "Type: AWS::Serverless::Function\nProperties: {PackageType: Image, ImageUri: b:1}\nMetadata: {Dockerfile: D}",
                "b:1"
            ),
            // Known only in the cloud, or nowhere.
            ("Type: AWS::Serverless::Function\nProperties: {PackageType: Image, ImageUri: !ImportValue x}", nil),
            ("Type: AWS::Serverless::Function\nProperties: {PackageType: Image}\nMetadata: {DockerTag: x}", nil),
            ("Type: AWS::Serverless::Function\nProperties: {PackageType: Image}", nil),
        ] as [(String, String?)]
    )
    func names(lines: String, name: String?) throws {
        let function = try function(lines)
        #expect(function.image?.name == name)
        #expect((function.obstacle == nil) == (name != nil))
        #expect(function.codeObstacle?.code == "code.image")
        #expect(function.code == nil)
    }

    @Test func settings() throws {
        let function = try function(
            """
            Type: AWS::Serverless::Function
            Properties:
              PackageType: Image
              ImageUri: x
              ImageConfig: {EntryPoint: [/entry, "-v"], Command: [app.handler], WorkingDirectory: /work}
            """
        )
        var image = FunctionImage(name: "x")
        image.entrypoint = ["/entry", "-v"]
        image.command = ["app.handler"]
        image.workingDirectory = "/work"
        #expect(function.image == image)
    }

    @Test(arguments: [
        ("ImageConfig: [x]", "ImageConfig is a mapping"),
        ("ImageConfig: {Command: {a: b}}", "Command is a list of strings"),
        ("ImageConfig: {EntryPoint: [{a: b}]}", "EntryPoint is a list of strings"),
    ])
    func wrongSettings(line: String, message: String) {
        let found = errors(
            """
            Transform: AWS::Serverless-2016-10-31
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties: {PackageType: Image, ImageUri: x, \(line)}
            """
        )
        #expect(found.contains { $0.description.contains(message) }, "\(found)")
    }
}
