import LambdaModel
import Testing

@Suite struct LambdaErrorTests {
    @Test(
        arguments: [
            (
                LambdaError(
                    errorType: "Sandbox.Timedout",
                    errorMessage: "RequestId: 1 Error: Task timed out after 3.00 seconds"
                ),
                #"{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 1 Error: Task timed out after 3.00 seconds"}"#
            ),
            (
                LambdaError(errorType: "Runtime.InvalidEntrypoint", errorMessage: "Couldn't \"find\"\n早い"),
                #"{"errorType":"Runtime.InvalidEntrypoint","errorMessage":"Couldn't \"find\"\n早い"}"#
            ),
            (LambdaError(errorType: "", errorMessage: ""), #"{"errorType":"","errorMessage":""}"#),
        ]
    )
    func writesTheObjectInLambdasOrder(_ error: LambdaError, json: String) throws {
        #expect(error.json == json)
        try JSONSyntax.validate(Array(error.json.utf8))
    }
}
