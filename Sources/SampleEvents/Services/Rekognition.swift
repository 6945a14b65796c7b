/// Amazon Rekognition developer guide: a picture in S3 is to be looked at, of which the bucket's notification tells.
extension SampleService {
    static let rekognition = SampleService(
        "rekognition",
        "Amazon Rekognition",
        [SampleEvent("s3-request", "a picture was put into a bucket", s3Options, s3Notification("ObjectCreated:Put"))]
    )
}
