import LambdaModel
import Testing

@Suite struct FunctionARNTests {
    @Test(
        arguments: [
            (nil, "arn:aws:lambda:eu-west-1:000000000042:function:hello"),
            ("prod", "arn:aws:lambda:eu-west-1:000000000042:function:hello:prod"),
            ("$LATEST", "arn:aws:lambda:eu-west-1:000000000042:function:hello:$LATEST"),
        ] as [(String?, String)]
    )
    func describes(qualifier: String?, as text: String) {
        let arn = FunctionARN(
            region: "eu-west-1",
            accountID: "000000000042",
            functionName: "hello",
            qualifier: qualifier
        )
        #expect(arn.description == text)
    }

    @Test func aFunctionWithoutAccountOrRegionHasThePlaceholders() {
        let arn = FunctionConfiguration(name: "hello").arn
        #expect(arn.description == "arn:aws:lambda:us-east-1:123456789012:function:hello")
        #expect(arn.accountID.count == 12)
    }
}
