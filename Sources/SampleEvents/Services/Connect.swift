/// Amazon Connect administrator guide, "Invoke Lambda functions".
extension SampleService {
    static let connect = SampleService(
        "connect",
        "Amazon Connect",
        [
            SampleEvent(
                "contact-flow-event",
                "a flow asks the function",
                [
                    .region, .partition, .account, .init("contact-id", "5ca32fbd-8f92-46af-92a5-6b0f970f0efe"),
                    .init("phone-number", "+11234567890"),
                ],
                #"""
                {
                  "Name": "ContactFlowEvent",
                  "Details": {
                    "ContactData": {
                      "Attributes": {},
                      "Channel": "VOICE",
                      "ContactId": "${contact-id}",
                      "CustomerEndpoint": {"Address": "${phone-number}", "Type": "TELEPHONE_NUMBER"},
                      "InitialContactId": "${contact-id}",
                      "InitiationMethod": "INBOUND",
                      "InstanceARN":
                        "arn:${partition}:connect:${region}:${account-id}:instance/8a7b6c5d-4e3f-4201-9f8e-7d6c5b4a3920",
                      "MediaStreams": {
                        "Customer": {
                          "Audio": {
                            "StartFragmentNumber": "91343852333181432392682062622220590765191907586",
                            "StartTimestamp": "1741944413589",
                            "StreamARN":
                              "arn:${partition}:kinesisvideo:${region}:${account-id}:stream/swifts-contact/1741944000000"
                          }
                        }
                      },
                      "PreviousContactId": "${contact-id}",
                      "Queue": null,
                      "SystemEndpoint": {"Address": "${phone-number}", "Type": "TELEPHONE_NUMBER"}
                    },
                    "Parameters": {}
                  }
                }
                """#
            )
        ]
    )
}
