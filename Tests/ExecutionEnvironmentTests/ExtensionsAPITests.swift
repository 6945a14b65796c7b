import LambdaModel
import Testing

@testable import ExecutionEnvironment

/// The Extensions API over sockets: headers, bodies, and every refusal.
struct ExtensionsAPITests {
    private let environment: TestEnvironment
    private let port: Int

    /// An init phase that goes on: the runtime only sleeps.
    init() throws {
        environment = try TestEnvironment(
            function: FunctionConfiguration(name: "f", handler: "app.main", timeout: 3, accountID: "123456789012")
        )
        try environment.start()
        port = try environment.runtime().port
        // The processes are there, so that nothing that follows is overtaken by them.
        _ = try environment.processID()
    }

    private func client() throws -> ExtensionClient { try ExtensionClient(port: port) }

    private func text(_ answer: RawResponse) -> String { "\(answer.status) \(answer.text)" }

    private func refusal(_ type: String, _ message: String) -> String {
        "403 {\"errorMessage\":\(JSONText.quoted(message)),\"errorType\":\(JSONText.quoted(type))}"
    }

    @Test func aRegistrationTellsOfTheFunction() throws {
        let answer = try client().register("inside")
        #expect(text(answer) == #"200 {"functionName":"f","functionVersion":"$LATEST","handler":"app.main"}"#)
        #expect(answer["content-type"] == "application/json")
        #expect(RequestIdentifier.isUUID(answer["lambda-extension-identifier"] ?? ""))
        let more = try client().register("other", headers: ["Lambda-Extension-Accept-Feature: x, accountId"])
        #expect(more.text.hasSuffix(#""handler":"app.main","accountId":"123456789012"}"#))
    }

    @Test(arguments: ["{}", #"{"events":[]}"#, #"{"events":null}"#, #"{"events":["INVOKE","INVOKE"],"more":1}"#])
    func registrationsThatAreFine(body: String) throws {
        #expect(try client().register("inside", body: body).status == 200)
    }

    @Test(arguments: [
        ("", "the body is not valid JSON: expected a"), ("{", "the body is not valid JSON: expected a"),
        ("[]", "the body is no JSON object"),
        (#""x""#, "the body is no JSON object"), (#"{"events":"INVOKE"}"#, "events is no list"),
        (#"{"events":[1]}"#, "events holds more than strings"),
        (#"{"events":["INVOKE"],"configurationKeys":["a"]}"#, "configurationKeys are deprecated"),
    ])
    func registrationsThatAreNone(body: String, reason: String) throws {
        let answer = try client().register("inside", body: body)
        #expect(answer.status == 403)
        #expect(answer.text.hasPrefix("{\"errorMessage\":\"\(reason)"), "\(answer.text)")
        #expect(answer.text.hasSuffix(#""errorType":"InvalidRequestFormat"}"#))
        // It may be tried again.
        #expect(try client().register("inside").status == 200)
    }

    @Test func refusedRegistrations() throws {
        #expect(
            try text(client().register(nil)) == refusal("Extension.InvalidExtensionName", "Empty extension name")
        )
        #expect(
            try text(client().register("inside", body: #"{"events":["SHUTDOWN"]}"#))
                == refusal(
                    "Extension.InvalidEventType",
                    "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension"
                )
        )
        #expect(
            try text(client().register("inside", body: #"{"events":["RESTORE"]}"#))
                == refusal("Extension.InvalidEventType", "RESTORE: ErrorInvalidEventType")
        )
        #expect(try client().register("inside").status == 200)
        #expect(
            try text(client().register("inside"))
                == refusal("Extension.InvalidExtensionState", "Extension with this name already registered")
        )
        for number in 2...10 { #expect(try client().register("inside \(number)").status == 200) }
        #expect(
            try text(client().register("one more"))
                == refusal("Extension.TooManyExtensions", "Extension limit (10) reached")
        )
    }

    @Test func aRegistrationAfterTheInit() throws {
        let runtime = try RuntimeClient(port: port)
        runtime.sendNext()
        // The runtime's call is in when a call behind it on the same connection would be; another connection tells less.
        let extensionClient = try client()
        try eventuallyRefused(extensionClient)
    }

    private func eventuallyRefused(_ client: ExtensionClient) throws {
        let expected = refusal("Extension.RegistrationClosed", "Extension registration closed already")
        for attempt in 0..<10 {
            let answer = try client.register("late \(attempt)")
            if text(answer) == expected { return }
        }
        Issue.record("registration never closed")
    }

    /// Every call that needs an identifier.
    @Test(arguments: [
        ("GET", "/2020-01-01/extension/event/next"), ("POST", "/2020-01-01/extension/init/error"),
        ("POST", "/2020-01-01/extension/exit/error"), ("PUT", "/2022-07-01/telemetry"), ("PUT", "/2020-08-15/logs"),
    ])
    func identifiers(method: String, path: String) throws {
        func answer(_ identifier: String?) throws -> String {
            let headers = identifier.map { ["Lambda-Extension-Identifier: " + $0] } ?? []
            let more = ["Lambda-Extension-Function-Error-Type: A.B"]
            return try text(client().call(method, path, headers: headers + more, body: method == "GET" ? nil : "{}"))
        }
        #expect(
            try answer(nil)
                == refusal("Extension.MissingExtensionIdentifier", "Missing Lambda-Extension-Identifier header")
        )
        for invalid in ["x", "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-00000000000g"] {
            #expect(
                try answer(invalid)
                    == refusal("Extension.InvalidExtensionIdentifier", "Invalid Lambda-Extension-Identifier")
            )
        }
        let unknown = "00000000-0000-4000-8000-000000000000"
        #expect(
            try answer(unknown) == refusal("Extension.UnknownExtensionIdentifier", "Unknown extension \(unknown)")
        )
    }

    @Test func reportsOfErrors() throws {
        let client = try client()
        try client.register("inside")
        #expect(
            try text(client.report("init", type: nil))
                == refusal("Extension.MissingHeader", "Lambda-Extension-Function-Error-Type not found")
        )
        #expect(try text(client.report("init", type: "Agent.Bad")) == "202 {\"status\":\"OK\"}\n")
        #expect(try client.report("init", type: "Agent.Worse").status == 202)
        #expect(
            try text(client.next())
                == refusal(
                    "Extension.InvalidExtensionState",
                    "extension inside may not ask for an event in the state InitError"
                )
        )
    }

    /// An internal extension has no process whose end could be waited for.
    @Test(arguments: [("init", "InitError"), ("exit", "ExitError")])
    func theEnvironmentFailsOfIt(phase: String, state: String) throws {
        let client = try client()
        try client.register("inside")
        let type = "Agent." + String(repeating: "x", count: 1000)
        #expect(try text(client.report(phase, type: type)) == "202 {\"status\":\"OK\"}\n")
        let logged = "Name: inside\tState: \(state)\tEvents: [INVOKE]\tError Type: \(type.prefix(255))\n"
        #expect(try environment.logs(logged))
        #expect(try environment.logs("Phase: init\tStatus: error\tError Type: Extension.\(state)\n"))
        #expect(try client.report(phase == "init" ? "exit" : "init", type: "Agent.Bad").status == 403)
    }

    @Test func otherPathsAndMethods() throws {
        #expect(try client().call("GET", "/2020-01-01/extension/register", headers: []).status == 405)
        #expect(try client().call("GET", "/2020-01-01/extension/events", headers: []).status == 404)
        #expect(try client().call("POST", "/2022-07-01/telemetry", headers: [], body: "{}").status == 405)
        #expect(try client().call("PUT", "/2022-07-01/logs", headers: [], body: "{}").status == 404)
    }

    @Test func aBodyTooLarge() throws {
        let body = #"{"events":["INVOKE"],"more":""# + String(repeating: "x", count: 300_000) + "\"}"
        #expect(try client().register("inside", body: body).status == 413)
    }

    // MARK: Events

    @Test func anInvocationIsTold() throws {
        let client = try client()
        try client.register("inside")
        client.sendNext()
        let runtime = try RuntimeClient(port: port)
        let invocation = try environment.invoke(
            InvocationRequest(requestID: "r1", invokedFunctionARN: "arn:f", traceID: "Root=1;Sampled=1")
        )
        #expect(try runtime.next().status == 200)
        let event = try client.connection.readResponse()
        #expect(event.status == 200)
        #expect(event["content-type"] == "application/json")
        #expect(RequestIdentifier.isUUID(event["lambda-extension-event-identifier"] ?? ""))
        let pattern =
            #/\{"eventType":"INVOKE","deadlineMs":\d{13},"requestId":"r1","invokedFunctionArn":"arn:f","tracing":\{"type":"X-Amzn-Trace-Id","value":"Root=1;Sampled=1"\}\}/#
        #expect(event.text.wholeMatch(of: pattern) != nil, "\(event.text)")
        // The caller has its answer at once; the invocation is over when the extension has asked again.
        try runtime.respond("done")
        #expect(invocation.answer() == "success done")
        runtime.sendNext()
        client.sendNext()
        #expect(invocation.isOver())
    }

    /// A connection that breaks while it waits: the event comes to the next one.
    @Test func anExtensionThatHangsUp() throws {
        let client = try client()
        try client.register("inside")
        client.sendNext()
        let runtime = try RuntimeClient(port: port)
        runtime.sendNext()
        #expect(try environment.logs("EXTENSION\tName: inside\tState: Ready"))
        client.connection.reset()
        // Answered behind the reset, so that it has been seen.
        for _ in 0..<2 { _ = try RuntimeClient(port: port).connection.call("GET", "/2018-06-01/ping") }
        let again = try ExtensionClient(port: port)
        let invocation = try environment.invoke()
        #expect(try runtime.connection.readResponse().status == 200)
        let event = try again.call(
            "GET",
            "/2020-01-01/extension/event/next",
            headers: ["Lambda-Extension-Identifier: " + (client.identifier ?? "")]
        )
        #expect(event.text.hasPrefix(#"{"eventType":"INVOKE""#))
        withExtendedLifetime(invocation) {}
    }
}
