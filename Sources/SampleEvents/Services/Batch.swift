/// AWS Batch API reference, the parameters of SubmitJob and DescribeJobs.
extension SampleService {
    static let batch = SampleService(
        "batch",
        "AWS Batch",
        [
            SampleEvent(
                "get-job",
                "ask for a job",
                #"{"jobName": "count-swifts", "jobQueue": "nightly", "jobDefinition": "count-swifts:7"}"#
            ),
            SampleEvent(
                "submit-job",
                "a job that was submitted",
                #"{"jobId": "3c2b1a09-8f7e-4d6c-9b5a-4f3e2d1c0b9a"}"#
            ),
        ]
    )
}
