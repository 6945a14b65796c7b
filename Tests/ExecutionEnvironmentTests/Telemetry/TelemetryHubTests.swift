import HTTPServer
import LambdaModel
import NIOCore
import Testing

@testable import ExecutionEnvironment

/// Who is sent what.
struct TelemetryHubTests {
    @Test func subscribersGetTheirStreams() throws {
        let stage = HubStage()
        let all = try stage.subscribe("all")
        let functions = try stage.subscribe("functions", streams: [.function])
        stage.publish("P")
        stage.publish("F", .function)
        stage.publish("E", .extension)
        stage.pass(.seconds(1))
        #expect(all.batches == [["P", "F", "E"]])
        #expect(functions.batches == [["F"]])
        stage.hub.close()
    }

    @Test func eachSchemaIsRenderedOnce() throws {
        let stage = HubStage()
        let old = try stage.subscribe("old", schema: .telemetry20220701)
        let new = try stage.subscribe("new")
        let other = try stage.subscribe("other")
        let logs = try stage.subscribe("logs", schema: .logs20210318)
        stage.hub.closeSubscriptions()
        var rendered: [TelemetrySubscription.Schema] = []
        stage.hub.publish(
            TelemetryEvent(stream: .platform) { schema in
                rendered.append(schema)
                return schema.api == .logs ? nil : "\(schema)\n"
            }
        )
        stage.publish("next")
        stage.pass(.seconds(1))
        #expect(rendered.sorted() == [.logs20210318, .telemetry20220701, .telemetry20221213])
        #expect(old.events == ["telemetry20220701", "next"])
        #expect(new.events == ["telemetry20221213", "next"])
        #expect(other.events == ["telemetry20221213", "next"])
        #expect(logs.events == ["next"])
        stage.hub.close()
    }

    @Test func whatHasHappenedIsKeptForThoseWhoComeLater() throws {
        let stage = HubStage()
        stage.publish("1")
        let first = try stage.subscribe("first")
        stage.publish("2")
        stage.publish("F", .function)
        let second = try stage.subscribe("second", streams: [.platform])
        stage.publish("3")
        stage.pass(.seconds(1))
        #expect(first.events == ["1", "2", "F", "3"])
        #expect(second.events == ["1", "2", "3"])
        stage.hub.close()
    }

    @Test func theHistoryIsBounded() throws {
        let stage = HubStage()
        let kilobyte = String(repeating: "x", count: 1020)
        for number in 1000..<2000 { stage.publish("\(number)" + kilobyte) }
        let destination = try stage.subscribe()
        stage.pass(.seconds(1))
        #expect(destination.events.map { $0.prefix(4) } == (1744..<2000).map { "\($0)" })
        stage.hub.reset()

        for number in 0..<10_005 { stage.publish("\(number)") }
        let other = try stage.subscribe()
        stage.pass(.seconds(1))
        #expect(other.events.count == 10_000)
        #expect(other.events.first == "5")
        stage.hub.close()
    }

    @Test func subscriptionsEndWithInit() throws {
        let stage = HubStage()
        #expect(stage.hub.isListening)
        stage.publish("1")
        stage.hub.closeSubscriptions()
        #expect(!stage.hub.isListening)
        #expect(throws: APIRefusal.subscriptionClosed(.logs)) {
            try stage.hub.subscribe(HubStage.subscription(.logs20210318), name: "one")
        }
        stage.publish("2")
        stage.hub.reset()
        #expect(stage.hub.isListening)
        let destination = try stage.subscribe()
        stage.hub.closeSubscriptions()
        #expect(stage.hub.isListening)
        stage.publish("3")
        stage.pass(.seconds(1))
        #expect(destination.events == ["3"])
        stage.hub.close()
        #expect(!stage.hub.isListening)
    }

    @Test func aSecondSubscriptionChangesNothing() throws {
        let stage = HubStage()
        stage.publish("1")
        let destination = try stage.subscribe(streams: [.platform])
        let again = HubStage.subscription(.telemetry20250129, [.function])
        #expect(try stage.hub.subscribe(again, name: "one") == .alreadySubscribed)
        #expect(SubscriptionResult.alreadySubscribed.rawValue == "AlreadySubcribed")
        let refusal = #expect(throws: APIRefusal.self) {
            try stage.hub.subscribe(HubStage.subscription(.logs20200815), name: "one")
        }
        #expect(refusal?.status == .badRequest)
        #expect(refusal?.type == "Logs.ValidationError")
        #expect(refusal?.message == "the extension has already subscribed through the Telemetry API")
        stage.publish("F", .function)
        stage.pass(.seconds(1))
        #expect(destination.events == ["1"])
        stage.hub.close()
    }

    // MARK: Output

    private func event(_ record: String, _ type: String = "function", milliseconds: Int = 0) -> String {
        let fraction = String(1000 + milliseconds).dropFirst()
        return "{\"time\":\"1970-01-01T00:00:00.\(fraction)Z\",\"type\":\"\(type)\",\"record\":\(record)}"
    }

    @Test func linesOfOutputAreEvents() throws {
        let stage = HubStage()
        let destination = try stage.subscribe()
        stage.output("one\ntwo \"2\"\n\nthr")
        stage.output("extension\n", .extension)
        stage.pass(.milliseconds(7))
        stage.output("ee\nrest")
        stage.hub.endOfOutput(.function)
        stage.hub.endOfOutput(.function)
        stage.hub.endOfOutput(.extension)
        stage.pass(.seconds(1))
        #expect(
            destination.events == [
                event("\"one\""), event("\"two \\\"2\\\"\""), event("\"\""), event("\"extension\"", "extension"),
                event("\"three\"", milliseconds: 7), event("\"rest\"", milliseconds: 7),
            ]
        )
        stage.hub.close()
    }

    /// A line, and the record that it makes for old and for new schemas where the function logs JSON.
    @Test(
        arguments: [
            ("{\"a\": 1}", "\"{\\\"a\\\": 1}\"", "{\"a\": 1}"), (" \t{}\r", "\" \\t{}\\r\"", " \t{}\r"),
            ("{\"a\":1", "\"{\\\"a\\\":1\"", "\"{\\\"a\\\":1\""), ("[1]", "\"[1]\"", "\"[1]\""),
            ("{} {}", "\"{} {}\"", "\"{} {}\""), ("7", "\"7\"", "\"7\""), ("", "\"\"", "\"\""),
        ]
    )
    func objectsStayObjects(line: String, old: String, new: String) throws {
        let stage = HubStage(logFormat: .json)
        let schemas: [(TelemetrySubscription.Schema, String)] = [
            (.logs20210318, old), (.telemetry20220701, old), (.telemetry20221213, new), (.telemetry20250129, new),
        ]
        let destinations = try schemas.map { try stage.subscribe("\($0.0)", schema: $0.0) }
        stage.output(line + "\n")
        stage.pass(.seconds(1))
        for (destination, (_, record)) in zip(destinations, schemas) {
            #expect(destination.events == [event(record)])
        }
        stage.hub.close()

        let text = HubStage(logFormat: .text)
        let destination = try text.subscribe(schema: .telemetry20250129)
        text.output(line + "\n")
        text.pass(.seconds(1))
        #expect(destination.events == [event(old)])
        text.hub.close()
    }

    @Test func bytesThatAreNotUTF8AreReplaced() throws {
        let stage = HubStage(logFormat: .json)
        let destination = try stage.subscribe()
        stage.hub.publishOutput(
            ByteBuffer(bytes: Array("{\"".utf8) + [0xFF] + Array("\":1}\n".utf8)),
            stream: .function
        )
        stage.pass(.seconds(1))
        // What is replaced is text, and as such may be an object again.
        #expect(destination.events == [event("{\"\u{FFFD}\":1}")])
        stage.hub.close()
    }

    @Test func longLinesAreCut() {
        var lines = OutputLines()
        let limit = OutputLines.maximumLength
        #expect(lines.append(ByteBuffer(repeating: 0x61, count: limit)) == [])
        #expect(lines.append(ByteBuffer(string: "\n")).map(\.utf8.count) == [limit])
        #expect(lines.append(ByteBuffer(repeating: 0x61, count: 2 * limit + 1)).map(\.utf8.count) == [limit, limit])
        #expect(lines.append(ByteBuffer(string: "b\nc")) == ["ab"])
        #expect(lines.end() == "c")
        #expect(lines.end() == nil)
    }
}
