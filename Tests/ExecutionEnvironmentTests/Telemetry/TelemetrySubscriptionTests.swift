import HTTPServer
import NIOCore
import Testing

@testable import ExecutionEnvironment

struct TelemetrySubscriptionTests {
    private static let destination =
        "\"destination\":{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox.localdomain:8080\"}"
    private static let version = "\"schemaVersion\":\"2022-12-13\""
    private static let types = "\"types\":[\"platform\",\"function\"]"

    private func parse(_ text: String, _ api: TelemetryAPIKind = .telemetry) throws(APIRefusal)
        -> TelemetrySubscription
    {
        try TelemetrySubscription(json: Array(text.utf8), api: api)
    }

    @Test func theDefaults() throws {
        let subscription = try parse("{\(Self.version),\(Self.types),\(Self.destination)}")
        #expect(
            subscription
                == TelemetrySubscription(
                    api: .telemetry,
                    schema: .telemetry20221213,
                    streams: [.platform, .function],
                    destination: .http(port: 8080, target: "/", method: .post)
                )
        )
        #expect(subscription.buffering.maxItems == 10_000)
        #expect(subscription.buffering.maxBytes == 262_144)
        #expect(subscription.buffering.timeout == .milliseconds(1000))
    }

    @Test func everythingSaid() throws {
        let buffering = "\"buffering\":{\"maxItems\":1000,\"maxBytes\":1048576,\"timeoutMs\":25}"
        let destination = "\"destination\":{\"protocol\":\"TCP\",\"port\":9001,\"URI\":\"\"}"
        let types = "\"types\":[\"extension\",\"extension\"]"
        let subscription = try parse("{\(Self.version),\(types),\(buffering),\(destination),\"more\":[{}]}")
        #expect(subscription.streams == [.extension])
        #expect(subscription.destination == .tcp(port: 9001))
        #expect(subscription.buffering.maxItems == 1000)
        #expect(subscription.buffering.maxBytes == 1_048_576)
        #expect(subscription.buffering.timeout == .milliseconds(25))
    }

    @Test(
        arguments: [
            ("2022-07-01", .telemetry, .telemetry20220701), ("2022-12-13", .telemetry, .telemetry20221213),
            ("2025-01-29", .telemetry, .telemetry20250129), ("2020-08-15", .logs, .logs20200815),
            ("2021-03-18", .logs, .logs20210318),
        ] as [(String, TelemetryAPIKind, TelemetrySubscription.Schema)]
    )
    func schemas(version: String, api: TelemetryAPIKind, schema: TelemetrySubscription.Schema) throws {
        let text = "{\"schemaVersion\":\"\(version)\",\(Self.types),\(Self.destination)}"
        #expect(try parse(text, api).schema == schema)
        let refusal = #expect(throws: APIRefusal.self) { try parse(text, api == .logs ? .telemetry : .logs) }
        #expect(refusal?.message.hasPrefix("schemaVersion must be one of \"20") == true)
    }

    @Test func theSchemasAreOrderedByAge() {
        #expect(TelemetrySubscription.Schema.allCases == TelemetrySubscription.Schema.allCases.sorted())
    }

    @Test(
        arguments: [
            ("\"method\":\"PUT\",\"encoding\":\"JSON\"", .put), ("\"method\":\"POST\"", .post), ("\"a\":1", .post),
        ] as [(String, TelemetrySubscription.Destination.Method)]
    )
    func theLogsAPI(members: String, method: TelemetrySubscription.Destination.Method) throws {
        let destination = "\"destination\":{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox:80/l\",\(members)}"
        let subscription = try parse("{\(Self.types),\(destination)}", .logs)
        #expect(subscription.api == .logs)
        #expect(subscription.schema == .logs20200815)
        #expect(subscription.destination == .http(port: 80, target: "/l", method: method))
    }

    @Test(
        arguments: [
            ("http://sandbox.localdomain:8080", 8080, "/"), ("http://sandbox:1/a/b?c=d", 1, "/a/b?c=d"),
            ("HTTP://localhost:65535/", 65_535, "/"), ("http://127.0.0.1:4243/x#y", 4243, "/x"),
            ("http://0.0.0.0:9001", 9001, "/"), ("http://[::1]:8080/a", 8080, "/a"),
            ("http://a_b-c:08080?q", 8080, "/?q"),
        ]
    )
    func uris(text: String, port: Int, target: String) throws {
        let uri = try TelemetryURI(text, scheme: "http")
        #expect(uri.port == port)
        #expect(uri.target == target)
    }

    @Test(
        arguments: [
            ("http://sandbox.localdomain", "URI port is not provided"), ("http://sandbox:", "URI port is not provided"),
            ("http://sandbox/path:80", "URI port is not provided"), ("http://[::1]", "URI port is not provided"),
            ("http://a:0", "URI port must be between 1 and 65535"),
            ("http://a:65536", "URI port must be between 1 and 65535"),
            ("http://a:123456789012345678901234567890", "URI port must be between 1 and 65535"),
            ("http://a:-1", "URI port must be between 1 and 65535"),
            ("http://a:+80", "URI port must be between 1 and 65535"),
            ("https://a:80", "URI must begin with http://"), ("a:80", "URI must begin with http://"),
            ("", "URI must begin with http://"), ("http:/a:80", "URI must begin with http://"),
            ("http://:80", "URI host is not valid"), ("http://u@a:80", "URI host is not valid"),
            ("http://::1:80", "URI host is not valid"), ("http://[]:80", "URI host is not valid"),
            ("http://[x]:80", "URI host is not valid"),
            ("http://a:80/\r\nX: y", "URI contains characters other than printable ASCII"),
            ("http://a:80/ b", "URI contains characters other than printable ASCII"),
            ("http://ä:80", "URI contains characters other than printable ASCII"),
            ("http://a:80/\u{0}", "URI contains characters other than printable ASCII"),
            ("http://a:80/" + String(repeating: "x", count: 2048), "URI is longer than 2048 bytes"),
        ]
    )
    func urisThatAreRefused(text: String, message: String) {
        let failure = #expect(throws: TelemetryURI.Failure.self) { try TelemetryURI(text, scheme: "http") }
        #expect(failure?.message == message)
    }

    /// Members in place of good ones, and what is said of them.
    @Test(
        arguments: [
            ("\(types),\(destination)", "schemaVersion is required"),
            ("\"schemaVersion\":null,\(types),\(destination)", "schemaVersion is required"),
            (
                "\"schemaVersion\":1,\(types),\(destination)",
                "schemaVersion must be one of \"2022-07-01\", \"2022-12-13\", \"2025-01-29\""
            ),
            ("\(version),\(destination)", "types is required"),
            ("\(version),\"types\":[],\(destination)", "types should not be empty"),
            ("\(version),\"types\":\"platform\",\(destination)", "types must be an array of strings"),
            (
                "\(version),\"types\":[\"platform\",\"Function\"],\(destination)",
                "types must be of \"platform\", \"function\", \"extension\""
            ),
            (
                "\(version),\"types\":[[[1]]],\(destination)",
                "types must be of \"platform\", \"function\", \"extension\""
            ),
            ("\(version),\(types)", "destination is required"),
            ("\(version),\(types),\"destination\":\"http://a:1\"", "destination must be an object"),
            ("\(version),\(types),\"destination\":{}", "destination protocol must be \"HTTP\" or \"TCP\""),
            (
                "\(version),\(types),\"destination\":{\"protocol\":\"UDP\"}",
                "destination protocol must be \"HTTP\" or \"TCP\""
            ),
            (
                "\(version),\(types),\"destination\":{\"protocol\":\"HTTP\"}",
                "destination URI is required and must be a string"
            ),
            (
                "\(version),\(types),\"destination\":{\"protocol\":\"HTTP\",\"URI\":8080}",
                "destination URI is required and must be a string"
            ),
            ("\(version),\(types),\"destination\":{\"protocol\":\"TCP\"}", "destination port is required"),
            (
                "\(version),\(types),\"destination\":{\"protocol\":\"TCP\",\"port\":\"80\"}",
                "destination port must be an integer between 1 and 65535"
            ),
            (
                "\(version),\(types),\"destination\":{\"protocol\":\"TCP\",\"port\":1e999}",
                "destination port must be an integer between 1 and 65535"
            ),
            (
                "\(version),\(types),\"destination\":{\"protocol\":\"TCP\",\"URI\":\"tcp://sandbox\"}",
                "URI port is not provided"
            ),
            ("\(version),\(types),\(destination),\"buffering\":[]", "buffering must be an object"),
            (
                "\(version),\(types),\(destination),\"buffering\":{\"maxItems\":999}",
                "maxItems must be an integer between 1000 and 10000"
            ),
            (
                "\(version),\(types),\(destination),\"buffering\":{\"maxItems\":10001,\"timeoutMs\":24}",
                "maxItems must be an integer between 1000 and 10000; timeoutMs must be an integer between 25 and 30000"
            ),
            (
                "\(version),\(types),\(destination),\"buffering\":{\"maxBytes\":99999999999999999999999999}",
                "maxBytes must be an integer between 262144 and 1048576"
            ),
            (
                "\(version),\(types),\(destination),\"buffering\":{\"timeoutMs\":100.5}",
                "timeoutMs must be an integer between 25 and 30000"
            ),
            (
                "\(version),\"types\":[],\"destination\":{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox\"}",
                "URI port is not provided; types should not be empty"
            ),
        ]
    )
    func refusals(members: String, message: String) {
        let refusal = #expect(throws: APIRefusal.self) { try parse("{\(members)}") }
        #expect(refusal?.status == .badRequest)
        #expect(refusal?.type == "ValidationError")
        #expect(refusal?.message == message)
    }

    @Test(
        arguments: [
            ("", "the request body is not valid JSON"), ("{", "the request body is not valid JSON"),
            ("[]", "the request body is not a JSON object"), ("null", "the request body is not a JSON object"),
            (
                String(repeating: "[", count: 50) + String(repeating: "]", count: 50),
                "the request body is nested deeper"
            ),
            (String(repeating: " ", count: 65_537), "the request body is longer than 65536 bytes"),
        ]
    )
    func bodiesThatAreRefused(text: String, message: String) {
        let refusal = #expect(throws: APIRefusal.self) { try parse(text, .logs) }
        #expect(refusal?.type == "Logs.ValidationError")
        #expect(refusal?.message.hasPrefix(message) == true)
    }

    @Test(
        arguments: [
            ("\"encoding\":\"XML\"", "destination encoding must be \"JSON\""),
            ("\"method\":\"GET\"", "destination method must be \"POST\" or \"PUT\""),
            ("\"method\":[]", "destination method must be \"POST\" or \"PUT\""),
        ]
    )
    func refusalsOfTheLogsAPI(member: String, message: String) {
        let destination = "\"destination\":{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox:80\",\(member)}"
        let refusal = #expect(throws: APIRefusal.self) { try parse("{\(Self.types),\(destination)}", .logs) }
        #expect(refusal?.message == message)
    }

    @Test func closedSubscriptions() {
        #expect(
            APIRefusal.subscriptionClosed(.telemetry)
                == APIRefusal(
                    status: .forbidden,
                    type: "Telemetry.SubscriptionClosed",
                    message: "Telemetry API subscription is closed already"
                )
        )
        #expect(APIRefusal.subscriptionClosed(.logs).type == "Logs.SubscriptionClosed")
        #expect(APIRefusal.subscriptionClosed(.logs).message == "Logs API subscription is closed already")
    }
}
