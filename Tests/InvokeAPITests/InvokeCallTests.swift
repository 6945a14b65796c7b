import LambdaModel
import NIOHTTP1
import Testing

@testable import InvokeAPI

struct InvokeCallTests {
    private static func head(_ headers: [(String, String)] = [], query: String = "") -> HTTPRequestHead {
        HTTPRequestHead(
            version: .http1_1,
            method: .POST,
            uri: "/2015-03-31/functions/f/invocations" + query,
            headers: HTTPHeaders(headers)
        )
    }

    private static func error(_ name: String = "f", _ headers: [(String, String)] = [], query: String = "")
        -> LambdaAPIError?
    {
        do throws(LambdaAPIError) {
            _ = try InvokeCall(name: name, head: head(headers, query: query))
            return nil
        } catch {
            return error
        }
    }

    @Test func everythingThatAHeaderSays() throws {
        let call = try InvokeCall(
            name: "f:live",
            head: Self.head(
                [
                    ("X-Amz-Invocation-Type", "DryRun"), ("X-Amz-Log-Type", "Tail"),
                    ("X-Amz-Client-Context", "eyJhIjoxfQ=="),
                    ("X-Amz-Tenant-Id", "t"), ("X-Amzn-Trace-Id", "Root=1"),
                ],
                query: "?Qualifier=live"
            )
        )
        #expect(call.kind == .dryRun)
        #expect(call.wantsLog)
        #expect(call.clientContext == "{\"a\":1}")
        #expect(call.tenantID == "t")
        #expect(call.traceID == "Root=1")
        #expect(call.qualifier == "live")
    }

    @Test func limitsGoByTheKind() throws {
        #expect(try InvokeCall(name: "f", head: Self.head()).payloadLimit == 6_291_456)
        let event = try InvokeCall(name: "f", head: Self.head([("X-Amz-Invocation-Type", "Event")]))
        #expect(event.payloadLimit == 1_048_576)
    }

    @Test(arguments: [
        ("X-Amz-Invocation-Type", "event", "InvalidParameterValueException"),
        ("X-Amz-Log-Type", "All", "InvalidParameterValueException"),
        ("X-Amz-Client-Context", "%%%", "InvalidRequestContentException"),
        ("X-Amz-Client-Context", "bm8ganNvbg==", "InvalidRequestContentException"),
        ("X-Amz-Client-Context", String(repeating: "A", count: 3_584), "InvalidRequestContentException"),
    ])
    func wrongHeaders(name: String, value: String, type: String) {
        #expect(Self.error("f", [(name, value)])?.type == type)
    }

    @Test func qualifiersThatDifferAndNamesThatAreNone() {
        #expect(Self.error("f:a", query: "?Qualifier=b")?.type == "InvalidParameterValueException")
        #expect(Self.error("f", query: "?Qualifier=a%20b")?.type == "ValidationException")
        #expect(Self.error("a b")?.type == "ValidationException")
        #expect(Self.error("f:a", query: "?Qualifier=a") == nil)
        #expect(Self.error("f", query: "?Qualifier=") == nil)
    }
}
