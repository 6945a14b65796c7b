import NIOCore
import Testing

@testable import ExecutionEnvironment

struct TelemetryBatcherTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let title: String
        let events: [BatcherScript.Event]
        /// Those of the last event.
        let actions: [String]
        var isTold = true

        var testDescription: String { title }
    }

    /// A batch of `a b c` is on its way.
    private static let sending: [BatcherScript.Event] = [.add("a"), .add("b"), .add("c")]
    /// … the next is full, and two events of four bytes were dropped.
    private static let dropping: [BatcherScript.Event] =
        sending + [.add("d"), .add("e"), .add("f"), .add("gg"), .add("hh")]
    /// The first attempt has failed, 7 ms after the beginning.
    private static let waiting: [BatcherScript.Event] = sending + [.pass(7), .failed]

    static let batches: [Row] = [
        Row(title: "the first event sets the timer", events: [.pass(5), .add("a")], actions: ["timer 105"]),
        Row(title: "the second leaves it", events: [.add("a"), .pass(5), .add("b")], actions: []),
        Row(
            title: "the timer sends",
            events: [.add("a"), .pass(5), .add("b"), .pass(95), .timer],
            actions: ["send a b"]
        ),
        Row(
            title: "a timer that comes early is set again",
            events: [.add("a"), .pass(99), .timer],
            actions: ["timer 100"]
        ),
        Row(
            title: "a late event finds the batch due",
            events: [.add("a"), .pass(101), .add("b")],
            actions: ["no timer", "send a b"]
        ),
        Row(title: "enough events", events: sending, actions: ["no timer", "send a b c"]),
        Row(title: "enough bytes", events: [.add("aaaaa"), .add("bbbbb")], actions: ["no timer", "send aaaaa bbbbb"]),
        Row(
            title: "too many bytes: the event begins the next batch",
            events: [.add("aaaaa"), .pass(3), .add("bbbbbb")],
            actions: ["no timer", "send aaaaa"]
        ),
        Row(
            title: "… which has a time of its own",
            events: [.add("aaaaa"), .pass(3), .add("bbbbbb"), .pass(3), .sent],
            actions: ["timer 103"]
        ),
        Row(title: "an event as large as a batch", events: [.add("aaaaaaaaaa")], actions: ["send aaaaaaaaaa"]),
        Row(title: "an event larger than a batch", events: [.add("aaaaaaaaaaa")], actions: ["send aaaaaaaaaaa"]),
        Row(
            title: "a large event does not join others",
            events: [.add("a"), .add("bbbbbbbbbbbb")],
            actions: ["no timer", "send a"]
        ),
        Row(
            title: "… but follows at once",
            events: [.add("a"), .add("bbbbbbbbbbbb"), .sent],
            actions: ["send bbbbbbbbbbbb"]
        ),
        Row(title: "one batch at a time", events: sending + [.add("d"), .add("e"), .add("f")], actions: []),
        Row(
            title: "a full batch follows",
            events: sending + [.add("d"), .add("e"), .add("f"), .sent],
            actions: ["send d e f"]
        ),
        Row(
            title: "one in the making waits",
            events: sending + [.pass(5), .add("d"), .pass(5), .sent],
            actions: ["timer 105"]
        ),
        Row(
            title: "one whose time has come follows",
            events: sending + [.add("d"), .pass(100), .sent],
            actions: ["send d"]
        ),
        Row(title: "nothing follows", events: sending + [.sent], actions: []),
        Row(title: "a report without a batch", events: [.add("a"), .sent], actions: []),
        Row(title: "a failure without a batch", events: [.add("a"), .failed], actions: []),
    ]

    static let failures: [Row] = [
        Row(title: "a failure waits", events: waiting, actions: ["timer 107"]),
        Row(title: "… and sends again", events: waiting + [.pass(100), .timer], actions: ["send a b c"]),
        Row(title: "too early", events: waiting + [.pass(99), .timer], actions: ["timer 107"]),
        Row(
            title: "events wait meanwhile",
            events: waiting + [.add("d"), .pass(200), .pass(0), .add("e")],
            actions: ["no timer", "send a b c"]
        ),
        Row(
            title: "the second failure waits twice as long",
            events: waiting + [.pass(100), .timer, .failed],
            actions: ["timer 307"]
        ),
        Row(
            title: "the order stays",
            events: waiting + [.add("d"), .pass(100), .timer, .sent],
            actions: ["send d"]
        ),
        Row(
            title: "success forgets the failures",
            events: waiting + [.pass(100), .timer, .sent] + sending + [.failed],
            actions: ["timer 207"]
        ),
    ]

    static let drops: [Row] = [
        Row(title: "dropping is silent", events: dropping, actions: []),
        Row(title: "the full batch comes first", events: dropping + [.sent], actions: ["send d e f"]),
        Row(
            title: "the gap is told of at once",
            events: dropping + [.pass(1), .sent, .pass(1), .sent],
            actions: ["timer 101"]
        ),
        Row(
            title: "… before what comes later",
            events: dropping + [.sent, .add("i"), .add("j"), .sent],
            actions: ["send !2/4 i j"]
        ),
        Row(
            title: "no event slips in before the gap is told of",
            events: sending + [
                .add("dddd"), .add("eeeeeeeee"), .add("f"), .pass(100), .sent, .sent, .pass(100), .timer,
            ],
            actions: ["send !2/10"]
        ),
        Row(
            title: "a gap after the gap",
            events: dropping + [.sent, .add("i"), .add("j"), .add("k"), .add("l"), .sent, .sent, .pass(100), .timer],
            actions: ["send !2/2"]
        ),
        Row(
            title: "what was collected before a gap does not wait for its time",
            events: sending + [.add("dddd"), .add("eeeeeeeee"), .pass(1), .sent],
            actions: ["send dddd"]
        ),
        Row(
            title: "told to nobody",
            events: dropping + [.sent, .add("i"), .sent, .pass(100), .timer],
            actions: ["send i"],
            isTold: false
        ),
        Row(
            title: "a second large event",
            events: [.add("aaaaaaaaaaa"), .add("bbbbbbbbbbbb"), .add("c"), .sent, .pass(100), .timer],
            actions: ["send !2/13"]
        ),
    ]

    static let flushes: [Row] = [
        Row(title: "of nothing", events: [.flush], actions: ["flushed"]),
        Row(title: "of nothing any more", events: sending + [.sent, .flush], actions: ["flushed"]),
        Row(title: "sends what there is", events: [.add("a"), .flush], actions: ["no timer", "send a"]),
        Row(title: "… and ends with it", events: [.add("a"), .flush, .sent], actions: ["flushed"]),
        Row(
            title: "ends once",
            events: [.add("a"), .flush, .sent, .add("b"), .flush, .sent, .pass(1), .flush],
            actions: ["flushed"]
        ),
        Row(
            title: "is not asked for twice",
            events: [.add("a"), .flush, .sent, .add("b"), .pass(100), .timer, .sent],
            actions: []
        ),
        Row(title: "waits for the batch on its way", events: sending + [.flush], actions: []),
        Row(title: "… until it is delivered", events: sending + [.flush, .sent], actions: ["flushed"]),
        Row(title: "takes the next batch along", events: sending + [.add("d"), .flush, .sent], actions: ["send d"]),
        Row(
            title: "… until that is delivered",
            events: sending + [.add("d"), .flush, .sent, .sent],
            actions: ["flushed"]
        ),
        Row(
            title: "does not wait for what came later",
            events: sending + [.flush, .add("d"), .sent],
            actions: ["timer 100", "flushed"]
        ),
        Row(
            title: "takes the word of a gap along",
            events: dropping + [.flush, .sent, .sent],
            actions: ["send !2/4"]
        ),
        Row(
            title: "… until that is delivered",
            events: dropping + [.flush, .sent, .sent, .sent],
            actions: ["flushed"]
        ),
        Row(
            title: "is not held up by a gap that nobody is told of",
            events: dropping + [.flush, .sent, .sent],
            actions: ["flushed"],
            isTold: false
        ),
        Row(title: "tries again at once", events: waiting + [.flush], actions: ["no timer", "send a b c"]),
        Row(title: "… and waits for success", events: waiting + [.flush, .failed], actions: ["timer 207"]),
        Row(
            title: "… which ends it",
            events: waiting + [.flush, .failed, .pass(200), .timer, .sent],
            actions: ["flushed"]
        ),
    ]

    static let pauses: [Row] = [
        Row(title: "stop the timer", events: [.add("a"), .pause], actions: ["no timer"]),
        Row(title: "set none", events: [.pause, .add("a")], actions: []),
        Row(title: "send nothing that is full", events: [.pause] + sending, actions: []),
        Row(title: "… before their end", events: [.pause] + sending + [.resume], actions: ["send a b c"]),
        Row(title: "end early enough", events: [.add("a"), .pause, .pass(50), .resume], actions: ["timer 100"]),
        Row(title: "end too late", events: [.add("a"), .pause, .pass(150), .resume], actions: ["send a"]),
        Row(
            title: "let the batch on its way arrive",
            events: sending + [.add("d"), .pause, .pass(200), .sent],
            actions: []
        ),
        Row(
            title: "… and then send the next",
            events: sending + [.add("d"), .pause, .pass(200), .sent, .resume],
            actions: ["send d"]
        ),
        Row(title: "hold back another attempt", events: sending + [.pause, .failed], actions: []),
        Row(
            title: "… until their end",
            events: sending + [.pause, .failed, .pass(200), .resume],
            actions: ["send a b c"]
        ),
        Row(title: "ignore a timer", events: [.add("a"), .pause, .pass(100), .timer], actions: []),
        Row(title: "hold back a flush", events: [.add("a"), .pause, .flush], actions: []),
        Row(title: "do not hold back a flush of nothing", events: [.pause, .flush], actions: ["flushed"]),
        Row(
            title: "drop what is too much",
            events: [.pause] + sending + [.add("d"), .add("e"), .resume, .sent, .pass(100), .timer],
            actions: ["send !2/2"]
        ),
    ]

    @Test(arguments: batches + failures + drops + flushes + pauses)
    func actions(row: Row) {
        var script = BatcherScript(isTold: row.isTold)
        #expect(script.run(row.events) == row.actions)
    }

    @Test func delaysDoubleUpToTheLongest() {
        var script = BatcherScript()
        _ = script.run(Self.sending)
        var now: Int64 = 0
        var delays: [Int64] = []
        for _ in 0..<7 {
            let timer = script.run([.failed]).first.flatMap { Int64($0.dropFirst("timer ".count)) } ?? 0
            delays.append(timer - now)
            now = timer
            #expect(script.run([.pass(delays.last ?? 0), .timer]) == ["send a b c"])
        }
        #expect(delays == [100, 200, 400, 800, 1600, 2000, 2000])
    }
}
