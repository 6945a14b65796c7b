/// Amazon SageMaker AI developer guide, "Pre-annotation and Post-annotation Lambda".
extension SampleService {
    static let sageMaker = SampleService(
        "sagemaker",
        "Amazon SageMaker Ground Truth",
        [
            SampleEvent(
                "ground-truth-pre-human",
                "an object is about to be labelled by a person",
                [
                    .region, .partition, .account, .init("source-ref", "s3://sagemakerexample/object_to_annotate.jpg"),
                    .init("labeling-job-name", "example-job"),
                ],
                #"""
                {
                  "version": "2018-10-16",
                  "labelingJobArn":
                    "arn:${partition}:sagemaker:${region}:${account-id}:labeling-job/${labeling-job-name}",
                  "dataObject": {"source-ref": "${source-ref}"}
                }
                """#
            ),
            SampleEvent(
                "ground-truth-annotation-consolidation",
                "the labels of several people are to become one",
                [
                    .region, .partition, .account, .init("labeling-job-name", "example-job"),
                    .init("label-attribute-name", "example-attribute"),
                    .init("s3-output-path", "s3://sagemakerexample/output"), .init("execution-role", "sagemaker-role"),
                    .init("iteration-object-timestamp", "iteration-1/0/2019-09-06_18:35:03"),
                ],
                #"""
                {
                  "version": "2018-10-16",
                  "labelingJobArn":
                    "arn:${partition}:sagemaker:${region}:${account-id}:labeling-job/${labeling-job-name}",
                  "labelAttributeName": "${label-attribute-name}",
                  "roleArn": "arn:${partition}:iam::${account-id}:role/${execution-role}",
                  "payload": {
                    "s3Uri":
                      "${s3-output-path}/${labeling-job-name}/annotations/worker_response/${iteration-object-timestamp}.json"
                  }
                }
                """#
            ),
        ]
    )
}
