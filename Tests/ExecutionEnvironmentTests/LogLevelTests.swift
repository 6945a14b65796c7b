import LambdaModel
import NIOCore
import Testing

@testable import ExecutionEnvironment

/// The level filters of the JSON log format.
struct LogLevelTests {
    private static let success = InvocationReport(requestID: "r", duration: .zero, memorySize: 128, status: .success)
    private static let timeout = InvocationReport(requestID: "r", duration: .zero, memorySize: 128, status: .timeout)
    private static let ready = LogRecord.ExtensionRecord(.init(name: "a", process: 0, isAlive: true))
    private static func done(_ status: LogRecord.Status) -> LogRecord {
        .runtimeDone(.init(requestID: "r", status: status, duration: .zero, producedBytes: 0))
    }

    /// AWS's table, row by row.
    @Test(
        arguments: [
            (.initStart(.`init`), .info, .info),
            (.initRuntimeDone(.`init`, .success), .debug, .debug),
            (.initRuntimeDone(.`init`, .timeout), .warn, .warn),
            (.initReport(duration: .zero, phase: .`init`, status: .success), .debug, .info),
            (.initReport(duration: .zero, phase: .`init`, status: .timeout), .warn, .warn),
            (.start(requestID: "r"), .info, .info),
            (done(.success), .debug, .debug),
            (done(.error(type: "T")), .warn, .warn),
            (.report(success), .info, .info),
            (.report(timeout), .warn, .warn),
            (.extensionState(ready), .info, .info),
            (.subscription(.init(name: "a", types: [], isOfLogsAPI: false)), .info, .info),
        ] as [(LogRecord, LoggingConfiguration.SystemLevel, LoggingConfiguration.SystemLevel)]
    )
    func platformEvents(
        record: LogRecord,
        onDemand: LoggingConfiguration.SystemLevel,
        provisioned: LoggingConfiguration.SystemLevel
    ) {
        #expect(record.systemLevel(.onDemand) == onDemand)
        #expect(record.systemLevel(.provisionedConcurrency) == provisioned)
    }

    @Test(
        arguments: [
            (nil, ["platform.initStart", "platform.start", "platform.report"]),
            (.info, ["platform.initStart", "platform.start", "platform.report"]),
            (
                .debug,
                [
                    "platform.initStart", "platform.initRuntimeDone", "platform.initReport", "platform.start",
                    "platform.runtimeDone", "platform.report",
                ]
            ),
            (.warn, []),
        ] as [(LoggingConfiguration.SystemLevel?, [String])]
    )
    func whatIsLogged(level: LoggingConfiguration.SystemLevel?, types: [String]) throws {
        let logging = LoggingConfiguration(format: .json, systemLevel: level)
        let environment = try TestEnvironment(
            function: FunctionConfiguration(name: "f", timeout: 3, logging: logging)
        )
        let invocation = try environment.invoke()
        let runtime = try environment.runtime()
        _ = try runtime.next()
        try runtime.respond("ok")
        #expect(invocation.answer() == "success ok")
        runtime.sendNext()
        #expect(invocation.isOver())
        let lines = try environment.log().split(separator: "\n").filter { $0.hasPrefix("{") }
        #expect(lines.compactMap { $0.firstMatch(of: #/"type":"(.*?)"/#).map { String($0.output.1) } } == types)
        for line in lines { try JSONSyntax.validate(Array(line.utf8)) }
    }

    // MARK: What the function writes

    private static let time = #""timestamp":"2024-11-02T16:51:31.587199Z""#

    /// The level that a line has, found by the thresholds that it passes.
    private func level(of line: String) -> String {
        let passed = LoggingConfiguration.ApplicationLevel.allCases.filter { threshold in
            let logging = LoggingConfiguration(format: .json, applicationLevel: threshold)
            guard var filter = ApplicationLogFilter(logging) else { return true }
            return filter.filter(ByteBuffer(string: line + "\n")).readableBytes > 0
        }
        return passed.last?.rawValue ?? "none"
    }

    @Test(arguments: [
        (#"{"level":"debug","msg":"x",\#(time)}"#, "DEBUG"),
        (#"{"level":"TRACE",\#(time)}"#, "TRACE"),
        (#"{"level":"Warn",\#(time)}"#, "WARN"),
        (#"{"time":"2024-11-02T16:51:31Z","level":"FATAL"}"#, "FATAL"),
        (#"{"@timestamp":"2024-11-02T16:51:31+01:00","level":"ERROR"}"#, "ERROR"),
        // Without a valid time the level does not count.
        (#"{"level":"ERROR","msg":"x"}"#, "INFO"),
        (#"{"level":"ERROR","timestamp":"yesterday"}"#, "INFO"),
        (#"{"level":"ERROR","timestamp":1730566291}"#, "INFO"),
        (#"{"level":"NOTICE",\#(time)}"#, "INFO"),
        (#"{"level":3,\#(time)}"#, "INFO"),
        (#"{\#(time)}"#, "INFO"),
        (#"["level"]"#, "INFO"), (#"{"level":"ERROR""#, "INFO"), ("plain text", "INFO"), ("", "INFO"),
    ])
    func levelsOfLines(line: String, expected: String) {
        #expect(level(of: line) == expected)
    }

    /// Lines are put together again, however the pipe cuts them.
    @Test func piecesOfLines() throws {
        let logging = LoggingConfiguration(format: .json, applicationLevel: .warn)
        let text =
            #"{"level":"ERROR","n":1,\#(Self.time)}"# + "\nplain\n" + #"{"level":"WARN","n":2,\#(Self.time)}"# + "\n"
        let kept = #"{"level":"ERROR","n":1,\#(Self.time)}"# + "\n" + #"{"level":"WARN","n":2,\#(Self.time)}"# + "\n"
        for size in 1...text.utf8.count {
            var filter = try #require(ApplicationLogFilter(logging))
            var result = ByteBuffer()
            var rest = ByteBuffer(string: text)
            while let piece = rest.readSlice(length: min(size, max(1, rest.readableBytes))), piece.readableBytes > 0 {
                var passed = filter.filter(piece)
                result.writeBuffer(&passed)
            }
            #expect(String(buffer: result) == kept, "pieces of \(size)")
        }
    }

    @Test func aLastLineWithoutAnEnd() throws {
        var filter = try #require(ApplicationLogFilter(LoggingConfiguration(format: .json)))
        #expect(filter.filter(ByteBuffer(string: "tail")).readableBytes == 0)
        #expect(String(buffer: filter.finish()) == "tail")
        #expect(filter.finish().readableBytes == 0)
    }

    /// What a process has written last belongs to it, and not to the next one.
    @Test func aLastLineOfAProcessWithoutAnEnd() throws {
        let environment = try TestEnvironment(
            script: "printf 'the last words'; exit 1",
            function: FunctionConfiguration(
                name: "f",
                timeout: 3,
                logging: LoggingConfiguration(format: .json, systemLevel: .warn)
            )
        )
        #expect(try environment.invoke().isOver())
        let lines = try environment.log().split(separator: "\n").filter { !$0.hasPrefix("{") }
        // Of the init, and of the second one inside the invocation.
        #expect(lines == ["the last words", "the last words"])
    }

    /// A line without an end is not kept for ever: it is one of level INFO.
    @Test(arguments: [(LoggingConfiguration.ApplicationLevel.info, true), (.error, false)])
    func anEndlessLine(level: LoggingConfiguration.ApplicationLevel, passes: Bool) throws {
        var filter = try #require(ApplicationLogFilter(LoggingConfiguration(format: .json, applicationLevel: level)))
        var passed = 0
        let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 100_000)
        for _ in 0..<100 { passed += filter.filter(piece).readableBytes }
        passed += filter.filter(ByteBuffer(string: "\n")).readableBytes
        #expect(passed == (passes ? 10_000_001 : 0))
        // The next line is a line again.
        let next = #"{"level":"ERROR",\#(Self.time)}"# + "\n"
        #expect(String(buffer: filter.filter(ByteBuffer(string: next))) == next)
    }

    @Test func textIsNotFiltered() {
        #expect(ApplicationLogFilter(LoggingConfiguration(format: .text)) == nil)
        #expect(ApplicationLogFilter(LoggingConfiguration(format: .json, applicationLevel: .trace)) == nil)
    }

    @Test(arguments: [
        ("2024-11-02T16:51:31Z", true), ("2024-11-02T16:51:31.5Z", true), ("2024-11-02t16:51:31z", true),
        ("2024-11-02 16:51:31Z", true), ("2024-11-02T16:51:31-23:59", true), ("2024-12-31T23:59:60Z", true),
        ("2024-11-02T16:51:31", false), ("2024-11-02T16:51:31.Z", false), ("2024-13-02T16:51:31Z", false),
        ("2024-00-02T16:51:31Z", false), ("2024-11-32T16:51:31Z", false), ("2024-11-02T24:51:31Z", false),
        ("2024-11-02T16:60:31Z", false), ("2024-11-02T16:51:31+1:00", false), ("2024-11-02T16:51:31+25:00", false),
        ("24-11-02T16:51:31Z", false), ("", false), ("Z", false), ("2024-11-02T16:51:31ZZ", false),
    ])
    func times(text: String, isTime: Bool) {
        #expect(RFC3339.isTime(text) == isTime)
    }
}
