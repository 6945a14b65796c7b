/// Amazon WorkMail administrator guide, "Lambda event data".
extension SampleService {
    static let workMail = SampleService(
        "workmail",
        "Amazon WorkMail",
        [
            SampleEvent(
                "email",
                "an email passes",
                [
                    .init("flow-direction", "INBOUND"), .init("mail-from", "from@example.com"),
                    .init("sender", "sender@example.com"),
                ],
                #"""
                {
                  "summaryVersion": "2018-10-10",
                  "envelope": {
                    "mailFrom": {"address": "${mail-from}"},
                    "recipients": [{"address": "sightings@example.org"}, {"address": "archive@example.org"}]
                  },
                  "sender": {"address": "${sender}"},
                  "subject": "The swifts are back",
                  "messageId": "0b1c2d3e-4f50-4617-8283-94a5b6c7d8e9",
                  "invocationId": "0123456789abcdef0123456789abcdef01234567",
                  "flowDirection": "${flow-direction}",
                  "truncated": false
                }
                """#
            )
        ]
    )
}
