import LambdaModel
import SAMTemplate
import Testing

/// The built template as JSON, in which intrinsic functions have their long form.
@Suite struct BuiltTemplateJSONTests {
    private func json(_ text: String) throws -> JSONValue {
        let template = try SAMTemplate.parse(text, path: "project/template.yaml")
        let json = template.builtTemplateText(
            codeLocations: ["Hello": "project/out/Hello.zip"],
            newDirectory: "project",
            asJSON: true
        )
        #expect(json.hasSuffix("}\n"))
        return try JSONValue(json: Array(json.utf8))
    }

    private static let resource = """
        AWSTemplateFormatVersion: 2010-09-09
        Transform: AWS::Serverless-2016-10-31
        Conditions: {Never: !Equals [a, b]}
        Resources:
          Hello:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: src, Handler: app, Runtime: provided.al2023}
        Outputs:
          Value: {Value: VALUE}
        """

    @Test(
        arguments: [
            ("!Ref Hello", #"{"Ref":"Hello"}"#), ("!GetAtt Hello.Arn", #"{"Fn::GetAtt":["Hello","Arn"]}"#),
            ("!GetAtt [Hello, Arn]", #"{"Fn::GetAtt":["Hello","Arn"]}"#),
            ("!GetAtt Hello.Outputs.X", #"{"Fn::GetAtt":["Hello","Outputs.X"]}"#),
            (#"!Sub "${Hello}-${AWS::Region}""#, #"{"Fn::Sub":"${Hello}-${AWS::Region}"}"#),
            ("!If [Never, !Ref Hello, !Sub x]", #"{"Fn::If":["Never",{"Ref":"Hello"},{"Fn::Sub":"x"}]}"#),
            ("!Join [',', [a, !Ref Hello]]", #"{"Fn::Join":[",",["a",{"Ref":"Hello"}]]}"#),
            ("{Ref: Hello}", #"{"Ref":"Hello"}"#), ("17", "17"), ("1.5", "1.5"), ("yes", "true"), ("~", "null"),
            (#""17""#, #""17""#), ("2025-03-14", #""2025-03-14""#), ("[]", "[]"),
        ]
    )
    func longForms(_ yaml: String, _ expected: String) throws {
        let document = try json(Self.resource.replacing("VALUE", with: yaml))
        #expect(document["Outputs"]?["Value"]?["Value"]?.text == expected)
        #expect(document["AWSTemplateFormatVersion"]?.stringValue == "2010-09-09")
        #expect(document["Resources"]?["Hello"]?["Properties"]?["CodeUri"]?.stringValue == "out/Hello.zip")
    }
}
