/// AWS Lambda developer guide and AWS CodeCommit user guide, triggers of a repository.
extension SampleService {
    static let codeCommit = SampleService(
        "codecommit",
        "AWS CodeCommit",
        [
            SampleEvent(
                "repository",
                "a branch was pushed",
                [
                    .account, .partition, .region, .init("repository", "my-repo"), .init("trigger", "my-trigger"),
                    .init("custom-data", "this is custom data"),
                ],
                #"""
                {
                  "Records": [
                    {
                      "awsRegion": "${region}",
                      "codecommit": {
                        "references": [
                          {"commit": "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567", "ref": "refs/heads/main"}
                        ]
                      },
                      "customData": "${custom-data}",
                      "eventId": "4d3c2b1a-0f9e-4d8c-8b7a-6f5e4d3c2b1a",
                      "eventName": "TriggerEventTest",
                      "eventPartNumber": 1,
                      "eventSource": "aws:codecommit",
                      "eventSourceARN": "arn:${partition}:codecommit:${region}:${account-id}:${repository}",
                      "eventTime": "2025-03-14T09:26:53.589+0000",
                      "eventTotalParts": 1,
                      "eventTriggerConfigId": "9e8d7c6b-5a49-4827-9160-5f4e3d2c1b0a",
                      "eventTriggerName": "${trigger}",
                      "eventVersion": "1.0",
                      "userIdentityARN": "arn:${partition}:iam::${account-id}:root"
                    }
                  ]
                }
                """#
            )
        ]
    )
}
