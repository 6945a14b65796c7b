import Testing

@testable import InvokeAPI

struct LambdaAPIErrorTests {
    /// SDKs that are made from the service's model look for the member exactly as it is written there.
    @Test(arguments: [
        (LambdaAPIError.functionNotFound("f"), #"{"Type":"User","Message":"Function not found: f"}"#),
        (.shuttingDown, #"{"Type":"Service","message":"Apus is shutting down"}"#),
        (.invalidContent("no"), #"{"Type":"User","message":"no"}"#),
        (.invalidParameter("no"), #"{"Type":"User","message":"no"}"#),
        (.conflict("no"), #"{"Type":"User","message":"no"}"#),
        (
            .accountThrottled,
            #"{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}"#
        ),
    ])
    func theBodyIsThatOfTheModel(error: LambdaAPIError, json: String) {
        #expect(error.json == json)
    }
}
