/// AWS Lambda developer guide, "Using Lambda with Kinesis Data Streams"; Amazon Data Firehose developer guide, "Transform
/// source data"; Kinesis Data Analytics for SQL developer guide, "Preprocessing data using a Lambda function".
extension SampleService {
    static let kinesis = SampleService(
        "kinesis",
        "Amazon Kinesis",
        [
            SampleEvent(
                "get-records",
                "a record of a data stream",
                [.region, .partition, sequence, .init("data", "Hello, this is a test 123."), partitionKey],
                #"""
                {
                  "Records": [
                    {
                      "kinesis": {
                        "partitionKey": "${partition-key}",
                        "kinesisSchemaVersion": "1.0",
                        "data": "${data|base64}",
                        "sequenceNumber": "${sequence}",
                        "approximateArrivalTimestamp": 1741944413.589
                      },
                      "eventSource": "aws:kinesis",
                      "eventID": "shardId-000000000000:${sequence}",
                      "invokeIdentityArn": "arn:${partition}:iam::123456789012:role/swifts",
                      "eventVersion": "1.0",
                      "eventName": "aws:kinesis:record",
                      "eventSourceARN": "arn:${partition}:kinesis:${region}:123456789012:stream/swifts",
                      "awsRegion": "${region}"
                    }
                  ]
                }
                """#
            ),
            SampleEvent(
                "kinesis-firehose",
                "a record of a delivery stream",
                [.partition, .region, encodedText],
                firehose([delivered(1, "${data}")])
            ),
            SampleEvent(
                "streams-as-source",
                "a record of a delivery stream that comes from a data stream",
                [.partition, .region, partitionKey, encodedText, sequence],
                firehose([
                    delivered(
                        1,
                        "${data}",
                        more: #"""
                            "kinesisRecordMetadata": {
                              "sequenceNumber": "${sequence}",
                              "subsequenceNumber": "0",
                              "partitionKey": "${partition-key}",
                              "shardId": "shardId-000000000000",
                              "approximateArrivalTimestamp": 1741944413589
                            },
                            """#
                    )
                ])
            ),
            SampleEvent(
                "apachelog",
                "a line of Apache's log in a delivery stream",
                [
                    .region,
                    .init(
                        "data",
                        "NjQuMjQyLjg4LjEwIC0gLSBbMDcvTWFyLzIwMDQ6MTY6MTA6MDIgLTA4MDBdICJHRVQgL21haWxtYW4vbGlzdGluZm8v"
                            + "aHNkaXZpc2lvbiBIVFRQLzEuMSIgMjAwIDYyOTE=="
                    ),
                ],
                firehose([delivered(1, "${data}")], arn: nil)
            ),
            SampleEvent(
                "syslog",
                "two lines of a syslog in a delivery stream",
                [.region, encodedText],
                firehose([delivered(1, "${data}"), delivered(2, "${data}")], arn: nil)
            ),
            SampleEvent(
                "cloudwatch-logs-processor",
                "CloudWatch Logs in a delivery stream: a health check and three batches of lines",
                [.region, .partition, .account],
                firehose(
                    [
                        delivered(1, LogData.healthCheck), delivered(2, LogData.lines), delivered(3, LogData.lines),
                        delivered(4, LogData.lines),
                    ],
                    arn: "arn:${partition}:firehose:${region}:${account-id}:deliverystream/swifts"
                )
            ),
            SampleEvent(
                "analytics",
                "a record for Data Analytics",
                application + [.init("data", "This is a test from Kinesis Analytics")],
                analytics([#"{"recordId": "\#(recordID(1))", "data": "${data|base64}"}"#])
            ),
            SampleEvent(
                "analytics-compressed",
                "a record for Data Analytics, compressed by gzip",
                application + [
                    .init(
                        "data",
                        "H4sIAAAAAAAA/6vmUspLzE1VslLKTsxNzFHS4VJKTEkpSi0uBgol5SRmKHHVAgDd1tysJAAAAA=="
                    )
                ],
                analytics([#"{"recordId": "\#(recordID(1))", "data": "${data}"}"#])
            ),
            SampleEvent(
                "analytics-dynamodb",
                "a record for Data Analytics that is to be looked up in a table",
                application + [
                    .init(
                        "data",
                        #"{"ROWTIME_TIMESTAMP":"2017-12-15 01:09:50.000","VEHICLEID":"5","VEHICLECOUNT":18}"#
                    )
                ],
                analytics([#"{"recordId": "\#(recordID(1))", "data": "${data|base64}"}"#])
            ),
            SampleEvent(
                "analytics-kpl",
                "records for Data Analytics with the metadata of their stream",
                application,
                analytics([
                    aggregated(1, "c3dpZnQgMTcgY2FtZSBob21lCg=="), aggregated(2, "c3dpZnQgMTggY2FtZSBob21lCg=="),
                ])
            ),
        ]
    )

    private static let sequence = SampleEvent.Option(
        "sequence",
        "49545115243490985018280067714973144582180062593244200961"
    )
    private static let partitionKey = SampleEvent.Option("partition-key", "partitionKey-03")
    /// The caller gives base64.
    private static let encodedText = SampleEvent.Option("data", "SGVsbG8sIHRoaXMgaXMgYSB0ZXN0IDEyMy4=")
    private static let application: [SampleEvent.Option] = [
        .partition, .region, .account, .init("application", "example-application"), .init("stream", "example-stream"),
    ]

    private static func recordID(_ number: Int) -> String {
        "4966700000000000000000000000000000000000000000000000000\(number)"
    }

    /// A record of a delivery stream.
    private static func delivered(_ number: Int, _ data: String, more: String = "") -> String {
        #"""
        {
          "recordId": "\#(recordID(number))",
          "approximateArrivalTimestamp": 174194441358\#(number),
          \#(more)
          "data": "\#(data)"
        }
        """#
    }

    private static func firehose(
        _ records: [String],
        arn: String? = "arn:${partition}:firehose:${region}:123456789012:deliverystream/swifts"
    ) -> String {
        #"""
        {
          "invocationId": "7b6a5f4e-3d2c-4b1a-8f9e-8d7c6b5a4f3e",
          \#(arn.map { #""deliveryStreamArn": "\#($0)","# } ?? "")
          "region": "${region}",
          "records": [\#(records.joined(separator: ", "))]
        }
        """#
    }

    /// A record of a data stream on its way to an application.
    private static func aggregated(_ number: Int, _ data: String) -> String {
        #"""
        {
          "recordId": "\#(recordID(number))",
          "kinesisStreamRecordMetadata": {
            "shardId": "shardId-000000000000",
            "partitionKey": "nest-\#(number)",
            "approximateArrivalTimestamp": 174194441358\#(number),
            "sequenceNumber": "4966700000000000000000000000000000000000000000000000000\#(number)"
          },
          "data": "\#(data)"
        }
        """#
    }

    private static func analytics(_ records: [String]) -> String {
        #"""
        {
          "invocationId": "7b6a5f4e-3d2c-4b1a-8f9e-8d7c6b5a4f3e",
          "applicationArn": "arn:${partition}:kinesisanalytics:${region}:${account-id}:application/${application}",
          "streamArn": "arn:${partition}:kinesis:${region}:${account-id}:stream/${stream}",
          "records": [\#(records.joined(separator: ", "))]
        }
        """#
    }
}
