/// Amazon S3 user guide, "Event message structure" and "Invoke AWS Lambda function" of Batch Operations.
extension SampleService {
    static let s3 = SampleService(
        "s3",
        "Amazon S3",
        [
            SampleEvent("put", "an object was written", s3Options, s3Notification("ObjectCreated:Put")),
            SampleEvent("delete", "an object was deleted", s3Options, s3Notification("ObjectRemoved:Delete", more: "")),
            SampleEvent(
                "batch-invocation",
                "a task of a batch operation",
                [.init("bucket-arn", "arn:aws:s3:::examplebucket"), .key],
                #"""
                {
                  "invocationSchemaVersion": "1.0",
                  "invocationId": "RVhBTVBMRSBpbnZvY2F0aW9uIGlk",
                  "job": {"id": "6e5d4c3b-2a19-4f0e-8d7c-6b5a49382716"},
                  "tasks": [
                    {
                      "taskId": "RVhBTVBMRSB0YXNrIGlk",
                      "s3Key": "${key|url}",
                      "s3VersionId": "1",
                      "s3BucketArn": "${bucket-arn}"
                    }
                  ]
                }
                """#
            ),
        ]
    )

    static let s3Options: [SampleEvent.Option] = [.region, .partition, .bucket, .key]

    /// A notification of a bucket.
    ///
    /// - Parameter more: what the object has before its sequencer; one that is gone has no size.
    static func s3Notification(
        _ name: String,
        more: String = #""size": 1741, "eTag": "00112233445566778899aabbccddeeff","#
    ) -> String {
        #"""
        {
          "Records": [
            {
              "eventVersion": "2.1",
              "eventSource": "aws:s3",
              "awsRegion": "${region}",
              "eventTime": "2025-03-14T09:26:53.589Z",
              "eventName": "\#(name)",
              "userIdentity": {"principalId": "AWS:EXAMPLEPRINCIPAL"},
              "requestParameters": {"sourceIPAddress": "203.0.113.17"},
              "responseElements": {
                "x-amz-request-id": "EXAMPLE0REQUEST0",
                "x-amz-id-2": "exampleExtendedRequestId0123456789abcdefghijklmnopqrstuvwxyz="
              },
              "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "new-photographs",
                "bucket": {
                  "name": "${bucket}",
                  "ownerIdentity": {"principalId": "EXAMPLEOWNER"},
                  "arn": "arn:${partition}:s3:::${bucket}"
                },
                "object": {"key": "${key|url}", \#(more) "sequencer": "0067D3F2A0589793AB"}
              }
            }
          ]
        }
        """#
    }
}
