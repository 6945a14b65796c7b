/// Amazon Lex V2 developer guide, "AWS Lambda input event format for Lex V2".
extension SampleService {
    static let lexV2 = SampleService(
        "lex-v2",
        "Amazon Lex V2",
        [
            SampleEvent("banking-bot", "a balance is asked for", banking),
            SampleEvent("book-car", "a car is rented", trip(car, rival: hotel, firstSlot: "PickUpCity", "rent a car")),
            SampleEvent(
                "book-hotel",
                "a room is booked",
                trip(hotel, rival: car, firstSlot: "Location", "book a room")
            ),
        ]
    )

    private static let car = intent(
        "BookCar",
        #""ReturnDate": null, "PickUpDate": null, "DriverAge": null, "CarType": null, "PickUpCity": null"#
    )
    private static let hotel = intent(
        "BookHotel",
        #""RoomType": null, "CheckInDate": null, "Nights": null, "Location": null"#
    )
    private static let fallback = intent("FallbackIntent", "")

    private static func intent(_ name: String, _ slots: String, _ state: String = "InProgress") -> String {
        #"{"slots": {\#(slots)}, "confirmationState": "None", "name": "\#(name)", "state": "\#(state)"}"#
    }

    /// The first turn of a conversation: no slot is filled, and the bot is about to ask for the first one.
    private static func trip(_ chosen: String, rival: String, firstSlot: String, _ said: String) -> String {
        let isCar = chosen == car
        let others = [#"{"intent": \#(rival), "nluConfidence": 0.42}"#, #"{"intent": \#(fallback)}"#]
        return #"""
            {
              "sessionId": "100000000000017",
              "inputTranscript": "\#(said)",
              "interpretations": [
                {"intent": \#(chosen), "nluConfidence": 1},
                \#((isCar ? others : others.reversed()).joined(separator: ", "))
              ],
              "proposedNextState": {
                "intent": \#(chosen),
                "dialogAction": {"slotToElicit": "\#(firstSlot)", "type": "ElicitSlot"}
              },
              "responseContentType": "text/plain; charset=utf-8",
              "sessionState": {
                "intent": \#(chosen),
                "originatingRequestId": "5d4c3b2a-190f-4e8d-9c7b-6a5f4e3d2c1b"
              },
              "messageVersion": "1.0",
              "invocationSource": "DialogCodeHook",
              "transcriptions": [
                {
                  "resolvedSlots": {},
                  "resolvedContext": {"intent": "\#(isCar ? "BookCar" : "BookHotel")"},
                  "transcription": "\#(said)",
                  "transcriptionConfidence": 1
                }
              ],
              "inputMode": "Text",
              "bot": \#(bot("BookTrip"))
            }
            """#
    }

    private static let balance = intent(
        "CheckBalance",
        #""dateofBirth": \#(scalar("2001-02-03", interpreted: true)), "accountType": \#(scalar("Savings", interpreted: true))"#,
        "ReadyForFulfillment"
    )

    private static let banking = #"""
        {
          "sessionId": "100000000000017",
          "inputTranscript": "2001-02-03",
          "interpretations": [
            {"intent": \#(balance), "nluConfidence": 1},
            {"intent": \#(fallback)},
            {"intent": \#(intent("TransferFunds", "")), "nluConfidence": 0.31}
          ],
          "responseContentType": "text/plain; charset=utf-8",
          "sessionState": {
            "sessionAttributes": {},
            "activeContexts": [],
            "intent": \#(balance),
            "originatingRequestId": "5d4c3b2a-190f-4e8d-9c7b-6a5f4e3d2c1b"
          },
          "messageVersion": "1.0",
          "invocationSource": "FulfillmentCodeHook",
          "transcriptions": [
            {
              "transcription": "2001-02-03",
              "transcriptionConfidence": 1,
              "resolvedSlots": {"dateofBirth": \#(scalar("2001-02-03", interpreted: false))},
              "resolvedContext": {"intent": "CheckBalance"}
            }
          ],
          "inputMode": "Text",
          "bot": \#(bot("BankingBot"))
        }
        """#

    private static func scalar(_ value: String, interpreted: Bool) -> String {
        let interpretation = interpreted ? #", "interpretedValue": "\#(value)""# : ""
        return #"""
            {"shape": "Scalar", "value": {"originalValue": "\#(value)", "resolvedValues": ["\#(value)"]\#(interpretation)}}
            """#
    }

    private static func bot(_ name: String) -> String {
        #"""
        {
          "aliasName": "TestBotAlias", "aliasId": "TSTALIASID", "name": "\#(name)", "version": "DRAFT",
          "localeId": "en_US", "id": "EXAMPLEBOT"
        }
        """#
    }
}
