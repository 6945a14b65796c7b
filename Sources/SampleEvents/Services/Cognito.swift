/// Amazon Cognito developer guide, "Amazon Cognito events".
extension SampleService {
    static let cognito = SampleService(
        "cognito",
        "Amazon Cognito",
        [
            SampleEvent(
                "sync-trigger",
                "a data set was synchronised",
                [.region],
                #"""
                {
                  "version": 2,
                  "eventType": "SyncTrigger",
                  "region": "${region}",
                  "identityPoolId": "us-east-1:0f1e2d3c-4b5a-4697-8877-66554433aabb",
                  "identityId": "us-east-1:b1a2c3d4-e5f6-4708-91a2-b3c4d5e6f708",
                  "datasetName": "nests",
                  "datasetRecords": {
                    "SampleKey1": {"oldValue": "empty", "newValue": "two eggs", "op": "replace"},
                    "SampleKey2": {"oldValue": "two eggs", "newValue": "two chicks", "op": "replace"}
                  }
                }
                """#
            )
        ]
    )
}
