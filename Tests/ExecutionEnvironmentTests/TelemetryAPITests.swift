import LambdaModel
import Testing

@testable import ExecutionEnvironment

/// The Telemetry API and the Logs API over sockets: what is answered, and when they close. What is delivered is tested
/// beside the hub, and with real extensions.
struct TelemetryAPITests {
    private let environment: TestEnvironment
    private let client: ExtensionClient

    init() throws {
        environment = try TestEnvironment()
        try environment.start()
        client = try ExtensionClient(port: try environment.runtime().port)
        _ = try environment.processID()
        try client.register("inside")
    }

    private static func subscription(schema: String = "2022-12-13", types: String = #"["platform"]"#) -> String {
        #"{"schemaVersion":"\#(schema)","types":\#(types),"destination":{"protocol":"HTTP","URI":"http://sandbox.localdomain:9"}}"#
    }

    @Test(arguments: ["2022-07-01", "2022-12-13", "2025-01-29"])
    func everySchemaIsAccepted(schema: String) throws {
        let answer = try client.subscribe(Self.subscription(schema: schema))
        #expect(answer.status == 200)
        #expect(answer.text == "\"OK\"")
        #expect(try client.subscribe(Self.subscription(schema: schema)).text == "\"AlreadySubcribed\"")
        #expect(try environment.logs("TELEMETRY\tName: inside\tState: Subscribed\tTypes: [Platform]\n"))
    }

    @Test(arguments: ["2020-08-15", "2021-03-18"])
    func theLogsAPIToo(schema: String) throws {
        let answer = try client.subscribe(Self.subscription(schema: schema), path: "/2020-08-15/logs")
        #expect(answer.status == 200)
        #expect(try environment.logs("LOGS\tName: inside\tState: Subscribed\tTypes: [Platform]\n"))
        // Not both.
        let other = try client.subscribe(Self.subscription())
        #expect(other.status == 400)
        #expect(other.text.contains(#""errorType":"ValidationError""#))
    }

    @Test(arguments: [
        ("/2022-07-01/telemetry", "ValidationError"), ("/2020-08-15/logs", "Logs.ValidationError"),
    ])
    func whatIsNoSubscription(path: String, type: String) throws {
        for body in ["", "{}", "[]", Self.subscription(types: "[]"), Self.subscription(schema: "1999-01-01")] {
            let answer = try client.subscribe(body, path: path)
            #expect(answer.status == 400, "\(body)")
            #expect(answer.text.contains("\"errorType\":\"\(type)\""), "\(answer.text)")
        }
    }

    @Test(arguments: [
        (
            "/2022-07-01/telemetry",
            #"{"errorMessage":"Telemetry API subscription is closed already","errorType":"Telemetry.SubscriptionClosed"}"#
        ),
        (
            "/2020-08-15/logs",
            #"{"errorMessage":"Logs API subscription is closed already","errorType":"Logs.SubscriptionClosed"}"#
        ),
    ])
    func itClosesWithTheInit(path: String, answer: String) throws {
        let waiting = try ExtensionClient(port: client.port)
        waiting.connection.send(
            "GET",
            "/2020-01-01/extension/event/next",
            headers: ["Lambda-Extension-Identifier: " + (client.identifier ?? "")]
        )
        let runtime = try RuntimeClient(port: client.port)
        runtime.sendNext()
        #expect(try environment.logs("State: Ready"))
        let refused = try client.subscribe(Self.subscription(), path: path)
        #expect(refused.status == 403)
        #expect(refused.text == answer)
    }
}
