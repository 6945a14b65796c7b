/// AWS CloudFormation template reference, "Custom resource request objects".
extension SampleService {
    static let cloudFormation = SampleService(
        "cloudformation",
        "AWS CloudFormation",
        [
            SampleEvent(
                "create-request",
                "a custom resource is to be created",
                [.account, .partition, .region, .init("stack", "MyStack")],
                #"""
                {
                  "RequestType": "Create",
                  "ResponseURL": "https://cloudformation-custom-resource-response.example.com/answer?signature=EXAMPLE",
                  "StackId": "arn:${partition}:cloudformation:${region}:${account-id}:stack/${stack}/guid",
                  "RequestId": "7c6b5a49-3827-4615-8f0e-1d2c3b4a5968",
                  "ResourceType": "Custom::NestBox",
                  "LogicalResourceId": "NestBox",
                  "ResourceProperties": {"StackName": "${stack}", "List": ["north", "east", "attic"]}
                }
                """#
            )
        ]
    )
}
