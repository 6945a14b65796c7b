/// Amazon DynamoDB developer guide, "DynamoDB Streams and AWS Lambda triggers".
extension SampleService {
    static let dynamoDB = SampleService(
        "dynamodb",
        "Amazon DynamoDB",
        [
            SampleEvent(
                "update",
                "an item was inserted, changed and removed",
                [.account, .partition, .region, .init("table", "ExampleTableWithStream")],
                #"{"Records": ["#
                    + [
                        change("INSERT", "a", sequence: 111, new: "two eggs"),
                        change("MODIFY", "b", sequence: 222, new: "two chicks", old: "two eggs"),
                        change("REMOVE", "c", sequence: 333, old: "two chicks"),
                    ].joined(separator: ", ") + "]}"
            )
        ]
    )

    private static func change(
        _ name: String,
        _ digit: String,
        sequence: Int,
        new: String? = nil,
        old: String? = nil
    ) -> String {
        let images = [("NewImage", new), ("OldImage", old)].compactMap { image, message in
            message.map { #""\#(image)": {"Message": {"S": "\#($0)"}, "Id": {"N": "17"}},"# }
        }
        return #"""
            {
              "eventID": "\#(String(repeating: digit, count: 32))",
              "eventName": "\#(name)",
              "eventVersion": "1.1",
              "eventSource": "aws:dynamodb",
              "awsRegion": "${region}",
              "dynamodb": {
                "Keys": {"Id": {"N": "17"}},
                \#(images.joined(separator: "\n"))
                "ApproximateCreationDateTime": 1741944413,
                "SequenceNumber": "\#(sequence)00000000000000000000",
                "SizeBytes": 42,
                "StreamViewType": "NEW_AND_OLD_IMAGES"
              },
              "eventSourceARN":
                "arn:${partition}:dynamodb:${region}:${account-id}:table/${table}/stream/2025-03-01T06:00:00.000"
            }
            """#
    }
}
