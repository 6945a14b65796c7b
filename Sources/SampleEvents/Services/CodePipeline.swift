/// AWS CodePipeline user guide, "JSON event" of the invoke action.
extension SampleService {
    static let codePipeline = SampleService(
        "codepipeline",
        "AWS CodePipeline",
        [
            SampleEvent(
                "job",
                "a pipeline's step is the function",
                [
                    .account, .init("input-bucket", "example-bucket"), .init("input-key", "test/key"),
                    .init("output-bucket", "example-bucket2"), .init("output-key", "test/key2"),
                ],
                #"""
                {
                  "CodePipeline.job": {
                    "data": {
                      "artifactCredentials": {
                        "secretAccessKey": "example-secret-access-key",
                        "sessionToken": "example-session-token",
                        "accessKeyId": "EXAMPLEACCESSKEY"
                      },
                      "actionConfiguration": {
                        "configuration": {"FunctionName": "CheckNests", "UserParameters": "attic"}
                      },
                      "inputArtifacts": [
                        {
                          "revision": "7f8e9dacbb1a09",
                          "name": "Sources",
                          "location": {
                            "type": "S3",
                            "s3Location": {"objectKey": "${input-key}", "bucketName": "${input-bucket}"}
                          }
                        }
                      ],
                      "outputArtifacts": [
                        {
                          "revision": null,
                          "name": "Checked",
                          "location": {
                            "type": "S3",
                            "s3Location": {"objectKey": "${output-key}", "bucketName": "${output-bucket}"}
                          }
                        }
                      ]
                    },
                    "id": "2a1b0c9d-8e7f-4061-9524-3342516a7b8c",
                    "accountId": "${account-id}"
                  }
                }
                """#
            )
        ]
    )
}
