import LambdaModel
import NIOCore
import Testing

@testable import ExecutionEnvironment

/// Platform events in each of their versions.
struct PlatformEventTests {
    typealias Schema = TelemetrySubscription.Schema

    private func json(_ record: LogRecord, _ schema: Schema?, traceID: String? = "Root=1") -> String? {
        let function = FunctionConfiguration(name: "f", runtime: .providedAL2023, timeout: 3, memorySize: 128)
        let event = PlatformEvent(
            function: function,
            initializationType: .onDemand,
            instanceID: "i",
            schema: schema,
            traceID: traceID
        )
        let moment = PlatformMoment(epochMilliseconds: 1000, now: .uptimeNanoseconds(2_000_000_000))
        return event.json(of: record, at: moment)
    }

    private func expect(_ record: LogRecord, _ schema: Schema?, _ type: String, _ content: String) {
        let expected = #"{"time":"1970-01-01T00:00:01.000Z","type":"\#(type)","record":\#(content)}"#
        #expect(json(record, schema) == expected)
    }

    private static let done: LogRecord = {
        var done = LogRecord.RuntimeDone(
            requestID: "r",
            status: .success,
            duration: .microseconds(1234),
            producedBytes: 7
        )
        done.spans = [
            .init("responseLatency", from: .uptimeNanoseconds(1_500_000_000), to: .uptimeNanoseconds(1_500_999_600))
        ]
        return .runtimeDone(done)
    }()

    private static let report: LogRecord = {
        var report = InvocationReport(
            requestID: "r",
            duration: .microseconds(97_830),
            initDuration: .microseconds(12_300),
            memorySize: 128,
            maxMemoryUsedBytes: 22 << 20,
            status: .timeout
        )
        report.extensionOverhead = .init(
            "extensionOverhead",
            from: .uptimeNanoseconds(1_000_000_000),
            to: .uptimeNanoseconds(1_002_000_000)
        )
        return .report(report)
    }()

    @Test func theFirstVersionNamesNoFunction() {
        let common = #""initializationType":"on-demand","phase":"init","runtimeVersion":"provided:al2023""#
        expect(.initStart(.`init`), .telemetry20220701, "platform.initStart", "{\(common)}")
        for schema in [Schema.telemetry20221213, .telemetry20250129] {
            expect(
                .initStart(.`init`),
                schema,
                "platform.initStart",
                "{\(common),\"functionName\":\"f\",\"functionVersion\":\"$LATEST\",\"instanceId\":\"i\",\"instanceMaxMemory\":134217728}"
            )
        }
        expect(
            .initStart(.`init`),
            nil,
            "platform.initStart",
            "{\(common),\"functionName\":\"f\",\"functionVersion\":\"$LATEST\"}"
        )
    }

    @Test(arguments: [Schema.telemetry20220701, .telemetry20221213, .telemetry20250129])
    func theTelemetryAPI(schema: Schema) {
        let phase = #""initializationType":"on-demand","phase":"invoke""#
        let tracing = #""tracing":{"type":"X-Amzn-Trace-Id","value":"Root=1"}"#
        expect(
            .initRuntimeDone(.invoke, .error(type: "Runtime.ExitError")),
            schema,
            "platform.initRuntimeDone",
            "{\(phase),\"status\":\"error\",\"errorType\":\"Runtime.ExitError\"}"
        )
        expect(
            .initReport(duration: .microseconds(282_610), phase: .invoke, status: .success),
            schema,
            "platform.initReport",
            "{\(phase),\"status\":\"success\",\"metrics\":{\"durationMs\":282.610}}"
        )
        expect(
            .start(requestID: "r"),
            schema,
            "platform.start",
            "{\"requestId\":\"r\",\"version\":\"$LATEST\",\(tracing)}"
        )
        expect(
            Self.done,
            schema,
            "platform.runtimeDone",
            "{\"requestId\":\"r\",\"status\":\"success\",\(tracing),\"spans\":[{\"name\":\"responseLatency\",\"start\":\"1970-01-01T00:00:00.500Z\",\"durationMs\":1.000}],\"metrics\":{\"durationMs\":1.234,\"producedBytes\":7}}"
        )
        expect(
            Self.report,
            schema,
            "platform.report",
            "{\"requestId\":\"r\",\"status\":\"timeout\",\"metrics\":{\"durationMs\":97.830,\"billedDurationMs\":111,\"memorySizeMB\":128,\"maxMemoryUsedMB\":22,\"initDurationMs\":12.300},\(tracing),\"spans\":[{\"name\":\"extensionOverhead\",\"start\":\"1970-01-01T00:00:00.000Z\",\"durationMs\":2.000}]}"
        )
        var entry = ExtensionRegistry.Entry(name: "agent", process: 0, isAlive: true)
        entry.events = [.invoke, .shutdown]
        entry.state = .ready
        expect(
            .extensionState(.init(entry)),
            schema,
            "platform.extension",
            #"{"name":"agent","state":"Ready","events":["INVOKE","SHUTDOWN"]}"#
        )
        expect(
            .subscription(.init(name: "agent", types: ["platform", "function"], isOfLogsAPI: false)),
            schema,
            "platform.telemetrySubscription",
            #"{"name":"agent","state":"Subscribed","types":["platform","function"]}"#
        )
        for record in [
            LogRecord.end(requestID: "r"), .timedOut(requestID: "r"), .fault(requestID: "r", type: "T", message: "m"),
        ] {
            #expect(json(record, schema) == nil)
        }
    }

    /// What the platform broke off itself is a failure.
    @Test func failures() {
        let record = LogRecord.initRuntimeDone(.`init`, .error(type: "Sandbox.Shutdown"))
        #expect(
            json(record, .telemetry20250129)?.contains(#""status":"failure","errorType":"Sandbox.Shutdown""#) == true
        )
    }

    @Test func noTraceNoTracing() {
        #expect(json(.start(requestID: "r"), .telemetry20250129, traceID: nil)?.contains("tracing") == false)
        #expect(json(.start(requestID: "r"), nil)?.contains("tracing") == false)
    }

    @Test func theLogsAPI() {
        for schema in [Schema.logs20200815, .logs20210318] {
            expect(.start(requestID: "r"), schema, "platform.start", #"{"requestId":"r","version":"$LATEST"}"#)
            expect(.end(requestID: "r"), schema, "platform.end", #"{"requestId":"r"}"#)
            expect(
                Self.report,
                schema,
                "platform.report",
                #"{"requestId":"r","metrics":{"durationMs":97.830,"billedDurationMs":111,"memorySizeMB":128,"maxMemoryUsedMB":22,"initDurationMs":12.300}}"#
            )
            expect(
                .fault(requestID: "r", type: "Runtime.ExitError", message: "Runtime exited with error: exit status 1"),
                schema,
                "platform.fault",
                #""RequestId: r Error: Runtime exited with error: exit status 1\nRuntime.ExitError""#
            )
            expect(
                .timedOut(requestID: "r"),
                schema,
                "platform.fault",
                #""RequestId: r Task timed out after 3.00 seconds""#
            )
            for record in [LogRecord.initStart(.`init`), .initRuntimeDone(.`init`, .success)] {
                #expect(json(record, schema) == nil)
            }
        }
        #expect(json(Self.done, .logs20200815) == nil)
        expect(Self.done, .logs20210318, "platform.runtimeDone", #"{"requestId":"r","status":"success"}"#)
    }
}
