/// AWS Config developer guide, "Example events for AWS Config rules".
extension SampleService {
    static let config = SampleService(
        "config",
        "AWS Config",
        [
            SampleEvent(
                "item-change-notification",
                "a resource was changed",
                place,
                rule(
                    "change-triggered-rule",
                    #"""
                    {
                      "configurationItem": {
                        "configurationItemCaptureTime": "2025-03-14T09:26:53.589Z",
                        \#(resource),
                        "resourceName": "nest-box",
                        "tags": {"Place": "attic"},
                        "relationships": [
                          {
                            "resourceId": "eipalloc-0123456789abcdef0",
                            "resourceType": "AWS::EC2::EIP",
                            "name": "Is attached to ElasticIp"
                          }
                        ],
                        "configuration": {"instanceType": "t4g.nano"}
                      },
                      "messageType": "ConfigurationItemChangeNotification"
                    }
                    """#
                )
            ),
            SampleEvent(
                "oversized-item-change-notification",
                "a resource was changed whose description is too long for an event",
                place,
                rule(
                    "change-triggered-rule",
                    #"""
                    {
                      "configurationItemSummary": {
                        "changeType": "UPDATE",
                        "configurationItemCaptureTime": "2025-03-14T09:26:53.589Z",
                        "resourceName": null,
                        \#(resource)
                      },
                      "messageType": "OversizedConfigurationItemChangeNotification"
                    }
                    """#
                )
            ),
            SampleEvent(
                "periodic-rule",
                "a rule's time has come",
                place,
                rule(
                    "periodic-rule",
                    #"""
                    {
                      "awsAccountId": "${account-id}",
                      "notificationCreationTime": "2025-03-14T09:26:53.589Z",
                      "messageType": "ScheduledNotification",
                      "recordVersion": "1.0"
                    }
                    """#
                )
            ),
        ]
    )

    private static let place: [SampleEvent.Option] = [.region, .partition, .account]

    /// What both kinds of change say of the resource.
    private static let resource = #"""
        "configurationItemVersion": "1.2",
        "configurationStateId": 0,
        "configurationStateMd5Hash": "0123456789abcdef0123456789abcdef",
        "awsAccountId": "${account-id}",
        "configurationItemStatus": "OK",
        "resourceType": "AWS::EC2::Instance",
        "resourceId": "i-0123456789abcdef0",
        "resourceCreationTime": "2025-03-01T06:00:00.000Z",
        "ARN": "arn:${partition}:ec2:${region}:${account-id}:instance/i-0123456789abcdef0",
        "awsRegion": "${region}",
        "availabilityZone": "${region}a"
        """#

    private static func rule(_ name: String, _ event: String) -> String {
        #"""
        {
          "invokingEvent": {"$json": \#(event)},
          "ruleParameters": {"$json": {"desiredInstanceType": "t4g.nano"}},
          "resultToken": "example-result-token",
          "eventLeftScope": false,
          "executionRoleArn": "arn:${partition}:iam::${account-id}:role/config-role",
          "configRuleArn": "arn:${partition}:config:${region}:${account-id}:config-rule/config-rule-a1b2c3",
          "configRuleName": "\#(name)",
          "configRuleId": "config-rule-a1b2c3",
          "accountId": "${account-id}",
          "version": "1.0"
        }
        """#
    }
}
