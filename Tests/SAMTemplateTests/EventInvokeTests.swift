import LambdaModel
import SAMTemplate
import Testing

/// `EventInvokeConfig`, dead-letter queues, and what stands for destinations that only AWS has.
@Suite struct EventInvokeTests {
    private static let account = "us-east-1:123456789012"

    private static let tail = """
          Queue: {Type: AWS::SQS::Queue}
          Topic: {Type: AWS::SNS::Topic}
          Bus: {Type: AWS::Events::EventBus}
          G:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: ., Handler: x, Runtime: provided.al2, FunctionName: other}
        """
    private static let head = """
        Parameters:
          Retries: {Type: Number, Default: 1}
          Target: {Type: String}
        """

    private func settings(_ lines: String) throws -> EventInvokeSettings {
        try parse(functionTemplate(lines, head: Self.head, tail: Self.tail)).function(named: "F").configuration
            .eventInvoke
    }

    @Test func everything() throws {
        let found = try settings(
            """
            EventInvokeConfig:
              MaximumRetryAttempts: !Ref Retries
              MaximumEventAgeInSeconds: "60"
              DestinationConfig:
                OnSuccess: {Type: Lambda, Destination: !GetAtt G.Arn}
                OnFailure: {Type: SQS, Destination: !GetAtt Queue.Arn}
            DeadLetterQueue: {Type: SNS, TargetArn: !Ref Topic}
            """
        )
        let expected = EventInvokeSettings(
            maximumRetryAttempts: 1,
            maximumEventAge: 60,
            onSuccess: "arn:aws:lambda:\(Self.account):function:other",
            onFailure: "arn:aws:sqs:\(Self.account):Queue",
            deadLetterTarget: "arn:aws:sns:\(Self.account):Topic"
        )
        #expect(found == expected)
    }

    @Test(arguments: [
        ("{Type: SQS}", "arn:aws:sqs:\(account):FEventInvokeConfigOnFailureQueue"),
        ("{Type: SNS, Destination: !Ref AWS::NoValue}", "arn:aws:sns:\(account):FEventInvokeConfigOnFailureTopic"),
        ("{Type: EventBridge, Destination: !GetAtt Bus.Arn}", "arn:aws:events:\(account):event-bus/Bus"),
        ("{Type: SQS, Destination: !ImportValue q}", "arn:aws:sqs:\(account):ImportValue.q"),
        ("{Type: SQS, Destination: !Ref Target}", "arn:aws:sqs:\(account):Target"),
        ("{Type: S3Bucket, Destination: 'arn:aws:s3:::b'}", "arn:aws:s3:::b"),
        ("{Type: Lambda, Destination: !Sub '${G.Arn}:live'}", "arn:aws:lambda:\(account):function:other:live"),
        ("{Type: SQS, Destination: !Sub 'arn:aws:sqs:${AWS::Region}:1:x'}", "arn:aws:sqs:us-east-1:1:x"),
    ])
    func destinations(written: String, arn: String) throws {
        #expect(
            try settings("EventInvokeConfig: {DestinationConfig: {OnFailure: \(written)}}").onFailure == arn
        )
    }

    @Test func globalsAreMerged() throws {
        let head = "Globals: {Function: {EventInvokeConfig: {MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 90}}}"
        let text = functionTemplate("EventInvokeConfig: {MaximumRetryAttempts: 1}", head: head)
        let found = try parse(text).function().configuration.eventInvoke
        #expect(found == EventInvokeSettings(maximumRetryAttempts: 1, maximumEventAge: 90))
    }

    @Test(arguments: [
        ("EventInvokeConfig: 1", "a mapping, not a number", nil),
        ("EventInvokeConfig: {MaximumRetryAttempts: 3}", "from 0 to 2; '3' is outside", nil),
        ("EventInvokeConfig: {MaximumEventAgeInSeconds: 59}", "from 60 to 21600; '59' is outside", nil),
        ("EventInvokeConfig: {MaximumRetries: 1}", "MaximumRetries is not a key", nil),
        ("EventInvokeConfig: {DestinationConfg: {}}", "not a key", "Did you mean DestinationConfig?"),
        ("EventInvokeConfig: {DestinationConfig: []}", "a mapping, not a list", nil),
        ("EventInvokeConfig: {DestinationConfig: {OnFailur: {}}}", "not a key", "Did you mean OnFailure?"),
        (
            "EventInvokeConfig: {DestinationConfig: {OnFailure: {Destination: 'arn:x'}}}", "Type is missing",
            "It is one of SQS, SNS, Lambda, EventBridge, S3Bucket."
        ),
        (
            "EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: Sqs, Destination: 'arn:x'}}}",
            "Type must be SQS or SNS or Lambda or EventBridge or S3Bucket, not 'Sqs'", "Did you mean SQS?"
        ),
        ("EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: Lambda}}}", "Destination is missing", nil),
        (
            "EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: Lambda, Destination: !Ref G}}}",
            "Destination is an ARN, not 'other'", "Write !GetAtt G.Arn"
        ),
        ("DeadLetterQueue: {Type: SQS}", "TargetArn is missing", nil),
        ("DeadLetterQueue: {Type: Lambda, TargetArn: 'arn:x'}", "Type must be SQS or SNS, not 'Lambda'", nil),
        ("DeadLetterQueue: {Type: SQS, TargetArn: Queue}", "an ARN, not 'Queue'", "Write !GetAtt Queue.Arn"),
    ])
    func errorsNameTheirPlace(line: String, message: String, hint: String?) throws {
        let found = errors(functionTemplate(line, tail: Self.tail))
        let error = try #require(found.first)
        #expect(error.message.contains(message), "\(error)")
        if let hint { #expect(error.hint == hint) }
        #expect(found.count == 1)
        #expect(error.property?.hasPrefix(String(line.prefix { $0 != ":" })) == true, "\(error)")
        #expect(error.location?.line == 10)
    }

    // MARK: CloudFormation

    private func template(_ resources: String) -> String {
        """
        Parameters: {Target: {Type: String}}
        Resources:
          F:
            Type: AWS::Lambda::Function
            Properties:
              Code: .
              Handler: x
              Runtime: provided.al2023
              FunctionName: named
              DeadLetterConfig: {TargetArn: !GetAtt Queue.Arn}
          Queue: {Type: AWS::SQS::Queue}
        \(resources)
        """
    }

    @Test(arguments: ["!Ref F", "named", "!GetAtt F.Arn"])
    func aResourceOfItsOwn(function: String) throws {
        let text = template(
            """
              Config:
                Type: AWS::Lambda::EventInvokeConfig
                Properties:
                  FunctionName: \(function)
                  Qualifier: $LATEST
                  MaximumRetryAttempts: 0
                  DestinationConfig: {OnFailure: {Destination: !GetAtt Queue.Arn}, OnSuccess: {Destination: !Ref Target}}
            """
        )
        let found = try parse(text).function().configuration.eventInvoke
        let expected = EventInvokeSettings(
            maximumRetryAttempts: 0,
            onSuccess: "Target",
            onFailure: "arn:aws:sqs:\(Self.account):Queue",
            deadLetterTarget: "arn:aws:sqs:\(Self.account):Queue"
        )
        #expect(found == expected)
    }

    @Test(arguments: [["live", "$LATEST"], ["$LATEST", "live"]])
    func theOneForLatestCounts(qualifiers: [String]) throws {
        let resources = qualifiers.enumerated().map { number, qualifier in
            "  Config\(number): {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref F, "
                + "Qualifier: \(qualifier), MaximumRetryAttempts: \(qualifier == "live" ? 1 : 0)}}"
        }
        let parsed = try parse(template(resources.joined(separator: "\n")))
        #expect(try parsed.function().configuration.eventInvoke.maximumRetryAttempts == 0)
        #expect(parsed.warnings.map(\.resource) == ["Config1"])
    }

    @Test func aFunctionFromElsewhere() throws {
        let parsed = try parse(
            template(
                "  C: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: x, MaximumRetryAttempts: 0}}"
            )
        )
        #expect(parsed.warnings.first?.message == "'x' is not a function of this template")
        #expect(try parsed.function().configuration.eventInvoke.maximumRetryAttempts == 2)
    }

    @Test func itsErrorsNameIt() {
        let found = errors(
            template(
                "  C: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: F, MaximumRetryAttempts: 9}}"
            )
        )
        #expect(found.isEmpty)
        let other = errors(
            template(
                "  C: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: named, MaximumRetryAttempts: 9}}"
            )
        )
        #expect(other.map(\.property) == ["MaximumRetryAttempts"])
        #expect(other.map(\.resource) == ["C"])
    }
}
