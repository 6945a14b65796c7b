import LambdaModel
import Testing

struct FunctionReferenceTests {
    @Test(
        arguments: [
            ("my-function", "my-function", nil, nil, nil), ("my-function:v1", "my-function", nil, nil, "v1"),
            ("my-function:$LATEST", "my-function", nil, nil, "$LATEST"),
            ("123456789012:function:my_function", "my_function", nil, "123456789012", nil),
            ("function:f:7", "f", nil, nil, "7"), ("function", "function", nil, nil, nil),
            (
                "arn:aws:lambda:us-west-2:123456789012:function:f:live", "f", "us-west-2", "123456789012", "live"
            ),
            ("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f", "f", "us-gov-west-1", "123456789012", nil),
            ("eu-central-1:123456789012:function:f", "f", "eu-central-1", "123456789012", nil),
        ] as [(String, String, String?, String?, String?)]
    )
    func forms(text: String, name: String, region: String?, account: String?, qualifier: String?) throws {
        let reference = try #require(FunctionReference(text))
        #expect(reference.name == name)
        #expect(reference.region == region)
        #expect(reference.accountID == account)
        #expect(reference.qualifier == qualifier)
    }

    @Test(arguments: [
        "", "a b", "f:", ":f", "f:a:b", "arn:aws:lambda:us-west-2:1:function:f",
        "arn:aws:s3:us-west-2:123456789012:function:f",
        "arn:aws:lambda:nowhere:123456789012:function:f", "arn", "arn:", "ü", String(repeating: "a", count: 141),
        "f:a b", "arn:aws!:lambda:us-west-2:123456789012:function:f",
        "arn:aws:lambda:us-west-2:123456789012:layer:f", "../f", "f/g",
    ])
    func refusals(text: String) {
        // "arn" is a name like any other.
        #expect((FunctionReference(text) == nil) == (text != "arn"))
    }
}
