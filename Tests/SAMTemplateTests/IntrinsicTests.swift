import LambdaModel
import SAMTemplate
import Testing

@Suite struct IntrinsicTests {
    static let head = """
        Parameters:
          Stage: {Type: String, Default: dev}
          Code: {Type: Number, Default: 007}
          Zones: {Type: CommaDelimitedList, Default: "a, b,c"}
          Secret: {Type: String, NoEcho: true, Default: hush}
          Missing: {Type: String}
        Mappings:
          Sizes:
            dev: {Name: small, List: [x, y]}
            prod: {Name: large}
        Conditions:
          IsDev: !Equals [!Ref Stage, dev]
          IsProd: !Equals [!Ref Stage, prod]
          Both: !And [!Condition IsDev, !Not [!Condition IsProd]]
          Either: {"Fn::Or": [{Condition: IsProd}, {"Fn::Equals": [true, "true"]}]}
          Never: !And [!Condition IsDev, !Condition IsProd]
        """
    static let tail = """
          Table:
            Type: AWS::DynamoDB::Table
          G:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: ., Handler: x, Runtime: provided.al2, FunctionName: !Sub "g-${Stage}"}
        """

    @Test(arguments: [
        ("!Ref Stage", "dev"),
        ("{Ref: Stage}", "dev"),
        ("!Ref Code", "007"),
        ("!Ref AWS::Region", "us-east-1"),
        ("!Ref AWS::AccountId", "123456789012"),
        ("!Ref AWS::StackName", "local"),
        ("!Ref AWS::Partition", "aws"),
        ("!Ref AWS::URLSuffix", "amazonaws.com"),
        ("!Ref Table", "Table"),
        ("!Ref G", "g-dev"),
        ("!Ref FRole", "FRole"),
        ("!Ref Missing", "Missing"),
        ("!Sub '${Stage}-${AWS::Region}'", "dev-us-east-1"),
        ("!Sub '${!Stage}/${Table.Arn}'", "${Stage}/Table.Arn"),
        ("!Sub ['${a}.${Stage}', {a: !Ref Code}]", "007.dev"),
        ("{'Fn::Sub': '$${Stage} ${ ${-x:-y'}", "$dev ${ ${-x:-y"),
        ("!GetAtt Table.Arn", "Table.Arn"),
        ("!GetAtt [Table, StreamArn]", "Table.StreamArn"),
        ("!GetAtt G.Arn", "arn:aws:lambda:us-east-1:123456789012:function:g-dev"),
        ("{'Fn::GetAtt': G.Arn}", "arn:aws:lambda:us-east-1:123456789012:function:g-dev"),
        ("{'Fn::GetAtt': [F, Arn]}", "arn:aws:lambda:us-east-1:123456789012:function:F"),
        ("!Join ['-', [a, !Ref Stage, 1]]", "a-dev-1"),
        ("!Join [',', !Ref Zones]", "a,b,c"),
        ("!Select [1, [a, b]]", "b"),
        ("!Select ['2', !Ref Zones]", "c"),
        ("!Select [1, !Split ['|', 'a|b|c']]", "b"),
        ("!Join ['', !Split ['--', 'a--b--']]", "ab"),
        ("!FindInMap [Sizes, !Ref Stage, Name]", "small"),
        ("!Select [1, !FindInMap [Sizes, dev, List]]", "y"),
        ("!FindInMap [Sizes, qa, Name, {DefaultValue: none}]", "none"),
        ("!If [IsDev, yes-dev, no-dev]", "yes-dev"),
        ("!If [IsProd, p, !If [Both, b, n]]", "b"),
        ("!If [Never, n, !If [Either, e, x]]", "e"),
        ("{'Fn::If': [IsDev, 1, 2]}", "1"),
        ("!Base64 hello", "aGVsbG8="),
        ("{'Fn::Base64': !Sub '${Stage}'}", "ZGV2"),
        ("!ImportValue net", "ImportValue.net"),
        ("{'Fn::ImportValue': !Sub '${Stage}-net'}", "ImportValue.dev-net"),
        ("!Select [0, !GetAZs '']", "us-east-1a"),
        ("!Select [2, {'Fn::GetAZs': eu-west-1}]", "eu-west-1c"),
        ("!Select [1, !Cidr ['10.0.0.0/16', 2, 8]]", "Cidr.1"),
        ("{'Fn::Length': [1, 2]}", "2"),
        ("!ToJsonString {a: [1, true, !Ref Stage]}", #"{"a":[1,true,"dev"]}"#),
        ("!Ref Secret", "hush"),
    ])
    func resolves(expression: String, expected: String) throws {
        let lines = "Environment:\n  Variables:\n    KEY: \(expression)"
        let template = try parse(functionTemplate(lines, head: Self.head, tail: Self.tail))
        #expect(try template.function(named: "F").configuration.environment == ["KEY": expected])
    }

    @Test func noValueRemovesTheProperty() throws {
        let lines = """
            Timeout: !Ref AWS::NoValue
            Environment:
              Variables:
                GONE: !If [IsProd, x, !Ref AWS::NoValue]
                KEPT: !Join [",", [a, !Ref AWS::NoValue, b]]
            """
        let function = try parse(functionTemplate(lines, head: Self.head, tail: Self.tail)).function(named: "F")
        #expect(function.configuration.timeout == 3)
        #expect(function.configuration.environment == ["KEPT": "a,b"])
    }

    @Test(arguments: [
        ("!Ref Stages", "neither a parameter nor a resource", "Did you mean Stage?"),
        ("!Ref [a]", "Ref takes the name", nil),
        ("!Subb x", "!Subb is not an intrinsic function", "Did you mean !Sub?"),
        ("{'Fn::Joim': x}", "Fn::Joim is not", "Did you mean Fn::Join?"),
        ("!GetAtt Table", "GetAtt takes RESOURCE.ATTRIBUTE", nil),
        ("!Sub '${Nope}'", "Nope is neither", nil),
        ("!Sub [a]", "Sub takes a string", nil),
        ("!Sub '${Zones}'", "${Zones} in Sub is a list", nil),
        ("!Join [',']", "Join takes [DELIMITER", nil),
        ("!Join [',', [[a]]]", "Join takes strings", nil),
        ("!Select [3, [a]]", "asks for item 3 of a list of 1", nil),
        ("!Select [x, [a]]", "an index from 0 up", nil),
        ("!Split ['', a]", "delimiter that is not empty", nil),
        ("!FindInMap [Size, dev, Name]", "there is no mapping Size; did you mean Sizes?", nil),
        ("!FindInMap [Sizes, qa, Name]", "has no key qa", nil),
        ("!FindInMap [Sizes, dev, Nam]", "no key Nam below dev; did you mean Name?", nil),
        ("!If [IsDevv, a, b]", "there is no condition IsDevv; did you mean IsDev?", nil),
        ("!If [IsDev, a]", "If takes", nil),
        ("!Equals [a]", "Equals takes [VALUE, VALUE]", nil),
        ("!Base64 [a]", "Base64 takes a string", nil),
        ("!Cidr [a, 1000]", "a count from 1 to 256", nil),
    ])
    func reports(expression: String, message: String, hint: String?) throws {
        let lines = "Environment:\n  Variables:\n    KEY: \(expression)"
        let found = errors(functionTemplate(lines, head: Self.head, tail: Self.tail))
        let error = try #require(found.first)
        #expect(found.count == 1)
        #expect(error.message.contains(message), "\(error.message)")
        if let hint { #expect(error.hint == hint) }
        #expect(error.location?.line == 27)
        #expect(error.resource == "F")
    }

    @Test func conditionsLeaveResourcesOut() throws {
        let text = functionTemplate(
            "",
            head: Self.head,
            tail: """
                  P:
                    Type: AWS::Lambda::Function
                    Condition: IsProd
                    Properties: {Runtime: nonsense}
                """
        )
        #expect(try parse(text).functions.map(\.logicalID) == ["F"])
    }

    @Test func cyclesAreErrors() throws {
        let head = """
            Conditions:
              A: !Not [!Condition B]
              B: !Not [!Condition A]
            """
        let found = errors(functionTemplate("Timeout: !If [A, 1, 2]", head: head))
        #expect(found.contains { $0.message == "the condition A depends on itself" })
    }

    @Test func namesThatReferToThemselvesAreErrors() {
        let found = errors(functionTemplate("FunctionName: !Sub '${F}-x'"))
        #expect(found.map(\.message) == ["the name of the function F depends on itself"])
    }

    @Test func partitionFollowsTheRegion() throws {
        let lines = "Environment: {Variables: {KEY: !Sub '${AWS::Partition} ${AWS::URLSuffix}'}}"
        let china = try parse(functionTemplate(lines), .init(region: "cn-north-1"))
        #expect(china.functions[0].configuration.environment["KEY"] == "aws-cn amazonaws.com.cn")
    }

    @Test func secretsAreNotShown() throws {
        let head = "Parameters: {Secret: {Type: String, NoEcho: true, Default: hush}}"
        let found = errors(functionTemplate("Timeout: !Sub '${Secret}'", head: head))
        #expect(found.count == 1)
        #expect(found.allSatisfy { !$0.description.contains("hush") })
    }
}
