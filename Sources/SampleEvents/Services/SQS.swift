/// AWS Lambda developer guide, "Using Lambda with Amazon SQS".
extension SampleService {
    static let sqs = SampleService(
        "sqs",
        "Amazon Simple Queue Service",
        [
            SampleEvent(
                "receive-message",
                "a message of a queue",
                [
                    .partition, .region, .account, .init("queue-name", "MyQueue"), .init("body", "Hello from SQS!"),
                ],
                #"""
                {
                  "Records": [
                    {
                      "messageId": "8c7d6e5f-4a3b-4c2d-9e1f-0a9b8c7d6e5f",
                      "receiptHandle": "ExampleReceiptHandle",
                      "body": "${body}",
                      "attributes": {
                        "ApproximateReceiveCount": "1",
                        "SentTimestamp": "1741944413589",
                        "SenderId": "${account-id}",
                        "ApproximateFirstReceiveTimestamp": "1741944413601"
                      },
                      "messageAttributes": {},
                      "md5OfBody": "${body|md5}",
                      "eventSource": "aws:sqs",
                      "eventSourceARN": "arn:${partition}:sqs:${region}:${account-id}:${queue-name}",
                      "awsRegion": "${region}"
                    }
                  ]
                }
                """#
            )
        ]
    )
}
