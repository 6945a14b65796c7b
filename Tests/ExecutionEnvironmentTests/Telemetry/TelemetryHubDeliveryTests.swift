import LambdaModel
import NIOCore
import Testing

@testable import ExecutionEnvironment

/// When it is sent: slow subscribers, flushes, freezing, resets.
struct TelemetryHubDeliveryTests {
    @Test func aFailedBatchIsSentAgain() throws {
        let stage = HubStage()
        let destination = try stage.subscribe()
        stage.publish("1")
        stage.pass(.seconds(1))
        destination.fail()
        stage.publish("2")
        stage.pass(.milliseconds(99))
        #expect(destination.batches == [["1"]])
        stage.pass(.milliseconds(1))
        destination.answer()
        stage.pass(.seconds(1))
        #expect(destination.batches == [["1"], ["1"], ["2"]])
        stage.hub.close()
    }

    /// 3,000 events of 1,000 bytes against an answer that does not come: what is held is bounded, what is lost is told.
    @Test(arguments: [true, false])
    func aSlowSubscriberLosesEvents(isTold: Bool) throws {
        let stage = HubStage()
        let destination = try stage.subscribe(streams: isTold ? [.platform, .function] : [.function])
        stage.hub.closeSubscriptions()
        for number in 1000..<4000 {
            stage.publish("\(number)" + String(repeating: "x", count: 996), .function)
            #expect(stage.hub.heldBytes <= 2 * 262_144)
        }
        #expect(destination.batches.count == 1)
        stage.pass(.seconds(1))
        destination.answer()
        destination.answer()
        stage.publish("last", .function)
        stage.pass(.seconds(1))
        let dropped = """
            {"time":"1970-01-01T00:00:01.000Z","type":"platform.logsDropped","record":{"reason":"Some logs were dropped \
            because the downstream consumer is slower than the logs production rate","droppedRecords":2476,\
            "droppedBytes":2476000}}
            """
        #expect(destination.batches.map(\.count) == [262, 262, isTold ? 2 : 1])
        #expect(destination.events.prefix(524).map { $0.prefix(4) } == (1000..<1524).map { "\($0)" })
        #expect(destination.batches.last == (isTold ? [dropped, "last"] : ["last"]))
        stage.hub.close()
    }

    @Test func aSubscriberThatAnswersAtOnceLosesNothing() throws {
        let stage = HubStage()
        let destination = try stage.subscribe(maxItems: 1000)
        destination.answersAtOnce = true
        for number in 0..<50_000 { stage.publish("\(number)") }
        stage.pass(.seconds(1))
        #expect(destination.events == (0..<50_000).map { "\($0)" })
        stage.hub.close()
    }

    // MARK: Flush

    @Test func aFlushWithoutSubscribersIsOver() {
        let stage = HubStage()
        stage.publish("1")
        var flushed = 0
        stage.hub.flush(within: .seconds(1)) { flushed += 1 }
        #expect(flushed == 1)
        stage.hub.close()
    }

    @Test func aFlushWaitsForAllSubscribers() throws {
        let stage = HubStage()
        let first = try stage.subscribe("first")
        let second = try stage.subscribe("second")
        let idle = try stage.subscribe("idle", streams: [.extension])
        stage.publish("1")
        var flushed = 0
        stage.hub.flush(within: .seconds(1)) { flushed += 1 }
        #expect(first.events == ["1"] && second.events == ["1"] && idle.events == [])
        first.answer()
        #expect(flushed == 0)
        second.answer()
        #expect(flushed == 1)
        stage.pass(.seconds(5))
        #expect(flushed == 1)
        stage.hub.close()
        #expect(flushed == 1)
    }

    @Test func aFlushOfAPromptSubscriberIsOverBeforeItReturns() throws {
        let stage = HubStage()
        let destination = try stage.subscribe()
        destination.answersAtOnce = true
        stage.publish("1")
        var flushed = 0
        stage.hub.flush(within: .seconds(1)) { flushed += 1 }
        #expect(flushed == 1)
        #expect(destination.events == ["1"])
        stage.hub.close()
    }

    @Test func aFlushGivesUpInTime() throws {
        let stage = HubStage()
        let destination = try stage.subscribe()
        stage.publish("1")
        var flushed = 0
        stage.hub.flush(within: .milliseconds(500)) { flushed += 1 }
        stage.pass(.milliseconds(499))
        #expect(flushed == 0)
        stage.pass(.milliseconds(1))
        #expect(flushed == 1)
        destination.answer()
        #expect(flushed == 1)
        // The next one is not taken for the old one.
        stage.publish("2")
        stage.hub.flush(within: .milliseconds(500)) { flushed += 1 }
        #expect(flushed == 1)
        destination.answer()
        #expect(flushed == 2)
        stage.hub.close()
    }

    @Test func twoFlushesAtOnce() throws {
        let stage = HubStage()
        let destination = try stage.subscribe()
        var flushed: [Int] = []
        stage.publish("1")
        stage.hub.flush(within: .seconds(1)) { flushed.append(1) }
        stage.publish("2")
        stage.hub.flush(within: .seconds(1)) { flushed.append(2) }
        destination.answer()
        destination.answer()
        #expect(flushed == [1, 2])
        stage.hub.close()
    }

    @Test func aFlushMayLeadToAnything() throws {
        let stage = HubStage()
        let destination = try stage.subscribe()
        destination.answersAtOnce = true
        stage.output("begin")
        var flushed = 0
        stage.hub.flush(within: .seconds(1)) {
            stage.output(" end\n")
            stage.hub.flush(within: .seconds(1)) {
                flushed += 1
                stage.hub.reset()
            }
        }
        #expect(flushed == 1)
        #expect(destination.events.count == 1)
        #expect(destination.isClosed)
        stage.hub.close()
    }

    // MARK: Freezing

    @Test func aFrozenSubscriberIsSentNothing() throws {
        let stage = HubStage()
        let destination = try stage.subscribe()
        stage.hub.pause()
        #expect(destination.isPaused)
        stage.publish("1")
        stage.pass(.seconds(60))
        #expect(destination.events == [])
        stage.hub.resume()
        #expect(!destination.isPaused)
        #expect(destination.events == ["1"])
        stage.hub.close()
    }

    // MARK: Reset

    @Test func aResetForgetsSubscribersAndConnections() throws {
        let stage = HubStage()
        let old = try stage.subscribe()
        stage.publish("1")
        stage.output("begin")
        stage.pass(.seconds(1))
        stage.publish("2")
        var flushed = 0
        stage.hub.flush(within: .seconds(60)) { flushed += 1 }
        stage.hub.reset()
        #expect(flushed == 1)
        #expect(old.isClosed)
        let new = try stage.subscribe()
        stage.output(" and end\n")
        stage.pass(.seconds(5))
        #expect(old.events == ["1"])
        #expect(new.events.count == 1)
        #expect(new.events.first?.contains("\" and end\"") == true)
        stage.hub.close()
        #expect(new.isClosed)
        stage.publish("3")
        stage.pass(.seconds(5))
        #expect(new.events.count == 1)
    }

    @Test func aClosedHubHoldsNothing() throws {
        weak var gone: TelemetryHub?
        do {
            let stage = HubStage()
            gone = stage.hub
            let destination = try stage.subscribe()
            stage.publish("1")
            stage.pass(.seconds(1))
            destination.fail()
            stage.publish("2")
            stage.hub.flush(within: .seconds(60)) {}
            stage.hub.close()
        }
        #expect(gone == nil)
    }
}
