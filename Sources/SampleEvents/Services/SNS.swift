/// AWS Lambda developer guide, "Invoking Lambda functions with Amazon SNS notifications".
extension SampleService {
    static let sns = SampleService(
        "sns",
        "Amazon Simple Notification Service",
        [
            SampleEvent(
                "notification",
                "a message of a topic",
                [
                    .account, .partition, .region, .init("topic", "ExampleTopic"),
                    .init("subject", "example subject"), .init("message", "example message"),
                ],
                #"""
                {
                  "Records": [
                    {
                      "EventSource": "aws:sns",
                      "EventVersion": "1.0",
                      "EventSubscriptionArn": "arn:${partition}:sns:${region}:${account-id}:${topic}",
                      "Sns": {
                        "Type": "Notification",
                        "MessageId": "1f2e3d4c-5b6a-4798-8695-a4b3c2d1e0f9",
                        "TopicArn": "arn:${partition}:sns:${region}:${account-id}:${topic}",
                        "Subject": "${subject}",
                        "Message": "${message}",
                        "Timestamp": "2025-03-14T09:26:53.589Z",
                        "SignatureVersion": "1",
                        "Signature": "RVhBTVBMRSBzaWduYXR1cmU=",
                        "SigningCertUrl": "https://sns.example.com/SimpleNotificationService.pem",
                        "UnsubscribeUrl": "https://sns.example.com/?Action=Unsubscribe",
                        "MessageAttributes": {
                          "Test": {"Type": "String", "Value": "nest"},
                          "TestBinary": {"Type": "Binary", "Value": "bmVzdA=="}
                        }
                      }
                    }
                  ]
                }
                """#
            )
        ]
    )
}
