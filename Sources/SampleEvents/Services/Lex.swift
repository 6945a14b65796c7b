/// Amazon Lex (V1) developer guide, "Lambda function input event". The value of a slot is a string or null.
extension SampleService {
    static let lex = SampleService(
        "lex",
        "Amazon Lex",
        [
            SampleEvent(
                "book-car",
                "a car is rented",
                turn(
                    "BookTrip",
                    "BookCar",
                    #"""
                    "PickUpCity": "Bern", "PickUpDate": "2025-05-02", "ReturnDate": "2025-05-09", "CarType": "economy",
                    "DriverAge": "31"
                    """#
                )
            ),
            SampleEvent(
                "book-hotel",
                "a room is booked",
                turn(
                    "BookTrip",
                    "BookHotel",
                    #""Location": "Bern", "CheckInDate": "2025-05-02", "Nights": "7", "RoomType": "single""#
                )
            ),
            SampleEvent(
                "make-appointment",
                "an appointment is made",
                turn(
                    "MakeAppointment",
                    "MakeAppointment",
                    #""AppointmentType": "cleaning", "Date": "2025-05-02", "Time": "09:30""#
                )
            ),
            SampleEvent(
                "order-flowers",
                "flowers are ordered",
                turn(
                    "OrderFlowers",
                    "OrderFlowers",
                    #""FlowerType": "asters", "PickupDate": "2025-05-02", "PickupTime": "09:30""#
                )
            ),
        ]
    )

    private static func turn(_ bot: String, _ intent: String, _ slots: String) -> String {
        #"""
        {
          "messageVersion": "1.0",
          "invocationSource": "DialogCodeHook",
          "userId": "ornithologist",
          "sessionAttributes": {},
          "bot": {"name": "\#(bot)", "alias": "$LATEST", "version": "$LATEST"},
          "outputDialogMode": "Text",
          "currentIntent": {"name": "\#(intent)", "slots": {\#(slots)}, "confirmationStatus": "None"}
        }
        """#
    }
}
