/// AWS Lambda developer guide, "Using Lambda with CloudWatch Logs", and Amazon EventBridge user guide, scheduled rules.
extension SampleService {
    static let cloudWatch = SampleService(
        "cloudwatch",
        "Amazon CloudWatch",
        [
            SampleEvent("logs", "lines of a log", #"{"awslogs": {"data": "\#(LogData.lines)"}}"#),
            SampleEvent(
                "scheduled-event",
                "a rule's time has come",
                [.account, .partition, .region, .init("rule", "ExampleRule")],
                #"""
                {
                  "id": "2c1b0a9f-8e7d-4c6b-8a59-483726150f1e",
                  "detail-type": "Scheduled Event",
                  "source": "aws.events",
                  "account": "${account-id}",
                  "time": "2025-03-14T09:26:00Z",
                  "region": "${region}",
                  "resources": ["arn:${partition}:events:${region}:${account-id}:rule/${rule}"],
                  "detail": {}
                }
                """#
            ),
        ]
    )
}
