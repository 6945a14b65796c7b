import LambdaModel
import NIOCore
import Testing

@testable import ExecutionEnvironment

/// The log lines that `LogFormat: JSON` asks for.
struct PlatformLogJSONTests {
    private static let hostile = "a\"b\\c\nd\u{0}é"
    private let formatter = PlatformLogFormatter(
        function: FunctionConfiguration(
            name: hostile,
            timeout: 3,
            memorySize: 128,
            logging: LoggingConfiguration(format: .json)
        )
    )

    private func line(_ record: LogRecord) -> String? {
        formatter.line(of: record, at: { PlatformMoment(epochMilliseconds: 0, now: .uptimeNanoseconds(0)) })
    }

    private static let report = InvocationReport(
        requestID: hostile,
        duration: .microseconds(97_830),
        initDuration: .microseconds(12_300),
        memorySize: 128,
        maxMemoryUsedBytes: 22 << 20,
        status: .error(type: "Runtime.ExitError")
    )

    @Test func theStartOfAnInvocation() {
        #expect(
            line(.start(requestID: "ID"))
                == #"{"time":"1970-01-01T00:00:00.000Z","type":"platform.start","#
                + #""record":{"requestId":"ID","version":"$LATEST"}}"# + "\n"
        )
    }

    @Test func anEndHasNoLineOfItsOwn() {
        #expect(line(.end(requestID: "ID")) == nil)
    }

    @Test(arguments: [
        LogRecord.initStart(.`init`),
        .initRuntimeDone(.`init`, .timeout),
        .initReport(duration: .seconds(10), phase: .`init`, status: .timeout),
        .initReport(duration: .seconds(1), phase: .invoke, status: .error(type: hostile)),
        .start(requestID: hostile),
        .fault(requestID: hostile, type: hostile, message: hostile),
        .timedOut(requestID: hostile),
        .report(report),
    ])
    func everyRecordIsOneLineOfJSON(record: LogRecord) throws {
        let text = try #require(line(record))
        #expect(text.hasSuffix("}\n"))
        #expect(!text.dropLast().contains("\n"))
        try JSONSyntax.validate(Array(text.utf8))
    }
}
