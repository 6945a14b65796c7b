import LambdaModel
import SAMTemplate
import Testing

@Suite struct YAMLTextTests {
    @Test(arguments: [
        ("", "1:1", "the template is empty"),
        ("# nothing\n", "1:1", "the template is empty"),
        ("hello", "1:1", "a template is a mapping with a Resources section, not a string"),
        ("- a\n- b\n", "1:1", "not a list"),
        ("Description: x\n", "1:1", "no Resources section"),
        ("Resources: [a]\n", "1:12", "Resources is a mapping"),
        ("Resources:\n  A: b\n", "2:6", "a resource is a mapping with a Type"),
        ("Resources:\n  A: {}\n", "2:3", "the resource has no Type"),
        ("Resources:\n  a-b: {Type: X}\n", "2:3", "letters and digits only"),
        ("Resources:\n  ../x: {Type: X}\n", "2:3", "letters and digits only"),
        ("Resources:\n  A: {Type: X, Properties: [1]}\n", "2:28", "Properties is a mapping"),
        ("Resources:\n\tA: x\n", "2:1", "a tab is used for indentation"),
        ("Resources:\n  A:\n    Type: X\n   B: y\n", "4:4", "indentation"),
        ("Resources:\n  A: {Type: X\n", "3:1", "is missing"),
        ("Resources: \"abc\n", "2:1", "quote is not closed"),
        ("Resources: {}\nResources: {}\n", "2:1", "the key 'Resources' stands twice"),
        ("Resources:\n  A:\n    Type: X\n    Type: Y\n", "4:5", "the key 'Type' stands twice"),
        ("Resources: *x\n", "1:12", "this alias has no anchor"),
        ("A: &a [*a]\n", "1:8", "this alias has no anchor"),
        ("Resources: {}\n---\nResources: {}\n", "2:1", "a second YAML document"),
        ("Resources:\n  ? [a]\n  : {Type: X}\n", "2:5", "a key must be a string"),
        ("Resources:\n  A: b: c\n", "2:7", "a colon is not allowed here"),
        ("Resources:\n  <<: 5\n", "2:7", "the merge key << takes a mapping"),
        ("Resources: {}\nGlobals: [a]\n", "2:10", "Globals is a mapping"),
        ("Resources: {}\nMappings: x\n", "2:11", "Mappings is a mapping"),
        ("Resources: {}\nTransform: {a: b}\n", "2:12", "Transform is a name"),
    ])
    func errorsNameTheirPlace(text: String, place: String, message: String) throws {
        let error = try #require(errors(text).first)
        #expect(error.description.hasPrefix("template.yaml:\(place): error: "), "\(error)")
        #expect(error.description.contains(message), "\(error)")
    }

    @Test func templateWithoutFunctionsIsValid() throws {
        let template = try parse("Resources:\n  T: {Type: AWS::DynamoDB::Table}\n")
        #expect(template.functions == [])
        #expect(throws: (any Error).self) { try template.function() }
    }

    @Test func anchorsAndMergeKeys() throws {
        let text = """
            Resources:
              A: &a
                Type: AWS::Lambda::Function
                Properties: &p
                  Runtime: provided
                  Handler: h
                  Code: .
                  Timeout: 9
              B:
                Type: AWS::Lambda::Function
                Properties:
                  <<: *p
                  Timeout: 10
              C:
                Type: AWS::Lambda::Function
                Properties: {<<: [{Timeout: 11}, *p], Handler: own}
            """
        let template = try parse(text)
        #expect(template.functions.map(\.configuration.timeout) == [9, 10, 11])
        #expect(template.functions.map(\.configuration.handler) == ["h", "h", "own"])
    }

    @Test func jsonIsRead() throws {
        let text = """
            {
            \t"Transform": "AWS::Serverless-2016-10-31",
            \t"Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {
            \t\t"CodeUri": ".", "Handler": "a\\/b", "Runtime":"provided", "Timeout":{"Ref":"T"},
            \t\t"Environment": {"Variables": {"K1": 5, "K2": true, "K3": "\\u00e9\\ud83d\\ude00\\\\ud83d"}}}}},
            \t"Parameters": {"T": {"Type": "Number", "Default": 7}}
            }
            """
        let configuration = try parse(text).function().configuration
        #expect(configuration.timeout == 7)
        #expect(configuration.handler == "a/b")
        #expect(configuration.environment == ["K1": "5", "K2": "true", "K3": "é😀\\ud83d"])
    }

    @Test func lineEndsOfWindowsAndByteOrderMark() throws {
        let text = functionTemplate("Timeout: 5").split(separator: "\n").joined(separator: "\r\n")
        let fixture = try TemplateFixture()
        let path = try fixture.write("template.yaml", [0xEF, 0xBB, 0xBF] + Array(text.utf8))
        #expect(try SAMTemplate.load(path: path).function().configuration.timeout == 5)
    }

    @Test(arguments: [
        ("yes", "true"), ("Off", "false"), ("~x", "~x"), ("1_000", "1000"), ("0b101", "5"), ("-3", "-3"), ("+4", "4"),
        ("1e3", "1e3"), ("1.0e+3", "1000.0"), ("089", "089"), ("1.2.3", "1.2.3"), ("12:30", "12:30"), ("!!str 5", "5"),
        ("'yes'", "yes"), ("99999999999999999999", "99999999999999999999"), ("0x", "0x"), (".5", "0.5"),
        ("0o17", "0o17"), ("1.", "1.0"), ("--1", "--1"),
    ])
    func scalarsFollowYAML11(written: String, expected: String) throws {
        let lines = "Environment:\n  Variables:\n    KEY: \(written)"
        let variables = try parse(functionTemplate(lines)).function().configuration.environment
        #expect(variables == ["KEY": expected])
    }
}
