import LambdaModel
import Testing

@testable import SampleEvents

/// Values in their places, whatever they hold.
@Suite struct SampleTemplateTests {
    private func fill(_ json: String, _ value: String) throws -> String {
        try SampleTemplate(json: json).document(["x": value]).text
    }

    @Test(
        arguments: [
            (#"{"a": "${x}"}"#, "v", #"{"a":"v"}"#),
            (#"["-${x}-${x}", 1.50, null, true, {}, []]"#, "v", #"["-v-v",1.50,null,true,{},[]]"#),
            (#"{"a": "${x}"}"#, #"{"q":"\ "#, #"{"a":"{\"q\":\"\\ "}"#),
            // A value is not a template itself.
            (#"{"a": "${x}"}"#, "${x}${y}", #"{"a":"${x}${y}"}"#),
            (#"{"a": "$default {proxy+} ${y} ${"}"#, "v", #"{"a":"$default {proxy+} ${y} ${"}"#),
            (#"{"a": "${x|base64}"}"#, "é", #"{"a":"w6k="}"#),
            (#"{"a": "${x|url}"}"#, "a b/ü+&~_.-", #"{"a":"a%20b/%C3%BC%2B%26~_.-"}"#),
            (#"{"a": "${x|md5}"}"#, "Hello from SQS!", #"{"a":"7b270e59b47ff90a553787216d55d91d"}"#),
            (#"{"a": {"$json": {"b": "${x}"}}}"#, #"""#, #"{"a":"{\"b\":\"\\\"\"}"}"#),
            (#"{"$json": 1, "b": 2}"#, "v", #"{"$json":1,"b":2}"#),
        ]
    )
    func values(_ template: String, _ value: String, _ expected: String) throws {
        #expect(try fill(template, value) == expected)
    }
}
