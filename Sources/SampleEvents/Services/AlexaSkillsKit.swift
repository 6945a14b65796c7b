/// Alexa Skills Kit, "Request and Response JSON Reference" and "Request Types Reference".
extension SampleService {
    static let alexaSkillsKit = SampleService(
        "alexa-skills-kit",
        "Alexa Skills Kit",
        [
            SampleEvent(
                "start-session",
                "a skill is opened",
                ids,
                skill(
                    request: #""type": "LaunchRequest", \#(head)"#,
                    attributes: "{}",
                    isNew: true
                )
            ),
            SampleEvent(
                "end-session",
                "a session ends",
                ids,
                skill(
                    request: #""type": "SessionEndedRequest", \#(head), "reason": "USER_INITIATED""#,
                    attributes: "{}",
                    isNew: false,
                    hasPlayer: false
                )
            ),
            SampleEvent(
                "intent-getnewfact",
                "an intent without slots",
                ids,
                skill(request: intent("GetNewFactIntent", slots: "{}"), attributes: "{}", isNew: true)
            ),
            SampleEvent(
                "intent-mycoloris",
                "an intent with the slot Color",
                ids,
                skill(
                    request: intent("MyColorIsIntent", slots: #"{"Color": {"name": "Color", "value": "green"}}"#),
                    attributes: "{}",
                    isNew: true
                )
            ),
            SampleEvent(
                "intent-recipe",
                "an intent with the slot Item",
                ids,
                skill(
                    request: intent("RecipeIntent", slots: #"{"Item": {"name": "Item", "value": "lantern"}}"#),
                    attributes: "{}",
                    isNew: true
                )
            ),
            SampleEvent(
                "intent-answer",
                "an answer in the middle of a quiz",
                ids,
                skill(
                    request: intent("AnswerIntent", slots: #"{"Item": {"name": "Item", "value": "3"}}"#),
                    attributes: #"""
                        {
                          "score": 2,
                          "currentQuestionIndex": 2,
                          "speechOutput": "Question three: which bird sleeps in the air?",
                          "correctAnswerText": "The common swift",
                          "repromptText": "Which bird sleeps in the air? One: the robin. Two: the wren. Three: the swift.",
                          "questions": [4, 0, 3, 1, 2],
                          "STATE": "_TRIVIAMODE",
                          "correctAnswerIndex": 3
                        }
                        """#,
                    isNew: false
                )
            ),
        ]
    )

    private static let ids: [SampleEvent.Option] = [
        .init("session-id", "123456789012"), .init("user-id", "testUser"), .init("application-id", "987654321"),
        .init("request-id", "1234"),
    ]

    private static let head = #"""
        "requestId": "amzn1.echo-api.request.${request-id}", "timestamp": "2025-03-14T09:26:53Z", "locale": "en-US"
        """#

    private static func intent(_ name: String, slots: String) -> String {
        #""type": "IntentRequest", \#(head), "intent": {"name": "\#(name)", "slots": \#(slots)}"#
    }

    private static func skill(request: String, attributes: String, isNew: Bool, hasPlayer: Bool = true) -> String {
        #"""
        {
          "version": "1.0",
          "session": {
            "new": \#(isNew),
            "sessionId": "amzn1.echo-api.session.${session-id}",
            "application": {"applicationId": "amzn1.ask.skill.${application-id}"},
            "attributes": \#(attributes),
            "user": {"userId": "amzn1.ask.account.${user-id}"}
          },
          "context": {
            \#(hasPlayer ? #""AudioPlayer": {"playerActivity": "IDLE"},"# : "")
            "System": {
              "application": {"applicationId": "amzn1.ask.skill.${application-id}"},
              "user": {"userId": "amzn1.ask.account.${user-id}"},
              "device": {"supportedInterfaces": {"AudioPlayer": {}}}
            }
          },
          "request": {\#(request)}
        }
        """#
    }
}
