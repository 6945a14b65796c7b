/// Alexa Smart Home Skill API, version 2 of the payload.
extension SampleService {
    static let alexaSmartHome = SampleService(
        "alexa-smart-home",
        "Alexa Smart Home",
        [
            SampleEvent(
                "smart-home-discovery-request",
                "which devices are there?",
                request("DiscoverAppliancesRequest", "Alexa.ConnectedHome.Discovery")
            ),
            SampleEvent(
                "smart-home-control-turn-on-request",
                "turn a device on",
                request("TurnOnRequest", "Alexa.ConnectedHome.Control", appliance)
            ),
            SampleEvent(
                "smart-home-control-turn-off-request",
                "turn a device off",
                request("TurnOffRequest", "Alexa.ConnectedHome.Control", appliance)
            ),
        ]
    )

    private static let appliance =
        #", "appliance": {"additionalApplianceDetails": {}, "applianceId": "nest-box-lamp-1"}"#

    private static func request(_ name: String, _ namespace: String, _ more: String = "") -> String {
        #"""
        {
          "header": {
            "messageId": "6f0c1a52-7d3e-4b8f-9a61-2c4e8f0b1d35",
            "name": "\#(name)",
            "namespace": "\#(namespace)",
            "payloadVersion": "2"
          },
          "payload": {"accessToken": "example-access-token"\#(more)}
        }
        """#
    }
}
