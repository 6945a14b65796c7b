import LambdaModel
import NIOCore
import Testing

@testable import ExecutionEnvironment

/// The log lines of the reference, byte for byte.
struct PlatformLogFormatterTests {
    private let formatter = PlatformLogFormatter(
        function: FunctionConfiguration(name: "f", runtime: .providedAL2023, timeout: 3, memorySize: 128)
    )

    private func text(_ record: LogRecord) -> String? {
        formatter.text(
            of: record,
            at: { PlatformMoment(epochMilliseconds: 1_794_980_471_250, now: .uptimeNanoseconds(0)) }
        )
    }

    @Test func lines() {
        #expect(text(.initStart(.`init`)) == "INIT_START Runtime Version: provided:al2023\n")
        #expect(text(.start(requestID: "ID")) == "START RequestId: ID Version: $LATEST\n")
        #expect(text(.end(requestID: "ID")) == "END RequestId: ID\n")
        #expect(text(.initStart(.invoke)) == nil)
        #expect(text(.initRuntimeDone(.`init`, .success)) == nil)
        #expect(text(.initReport(duration: .seconds(1), phase: .`init`, status: .success)) == nil)
        let done = LogRecord.RuntimeDone(requestID: "ID", status: .success, duration: .seconds(1), producedBytes: 2)
        #expect(text(.runtimeDone(done)) == nil)
        #expect(text(.timedOut(requestID: "ID")) == "2026-11-18T05:41:11.250Z ID Task timed out after 3.00 seconds\n")
        #expect(
            text(
                .fault(requestID: "ID", type: "Runtime.ExitError", message: "Runtime exited with error: signal: killed")
            )
                == "RequestId: ID Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n"
        )
    }

    /// File names of layers may hold anything; they make no lines of their own and no colours.
    @Test func namesAreWrittenOut() {
        let entry = ExtensionRegistry.Entry(name: "a\nREPORT \u{1B}[31m", process: 0, isAlive: true)
        let name = "a\\nREPORT \\u{1b}[31m"
        #expect(text(.extensionState(.init(entry))) == "EXTENSION\tName: \(name)\tState: Started\tEvents: []\n")
        #expect(
            text(.subscription(.init(name: entry.name, types: ["platform"], isOfLogsAPI: false)))
                == "TELEMETRY\tName: \(name)\tState: Subscribed\tTypes: [Platform]\n"
        )
        #expect(
            text(.fault(requestID: "ID", type: "T", message: "fork/exec \(entry.name)"))
                == "RequestId: ID Error: fork/exec \(name)\nT\n"
        )
    }

    @Test func extensions() {
        var entry = ExtensionRegistry.Entry(name: "agent", process: 0, isAlive: true)
        #expect(text(.extensionState(.init(entry))) == "EXTENSION\tName: agent\tState: Started\tEvents: []\n")
        entry.events = [.invoke, .shutdown]
        entry.state = .ready
        #expect(
            text(.extensionState(.init(entry)))
                == "EXTENSION\tName: agent\tState: Ready\tEvents: [INVOKE,SHUTDOWN]\n"
        )
        entry.state = .launchError
        entry.events = []
        entry.errorType = "PermissionDenied"
        #expect(
            text(.extensionState(.init(entry)))
                == "EXTENSION\tName: agent\tState: LaunchError\tEvents: []\tError Type: PermissionDenied\n"
        )
    }

    @Test func subscriptions() {
        #expect(
            text(.subscription(.init(name: "agent", types: ["platform", "function"], isOfLogsAPI: false)))
                == "TELEMETRY\tName: agent\tState: Subscribed\tTypes: [Platform, Function]\n"
        )
        #expect(
            text(.subscription(.init(name: "agent", types: ["extension"], isOfLogsAPI: true)))
                == "LOGS\tName: agent\tState: Subscribed\tTypes: [Extension]\n"
        )
    }

    @Test func failedInits() {
        #expect(
            text(
                .initReport(
                    duration: .microseconds(282_610),
                    phase: .`init`,
                    status: .error(type: "Runtime.ExitError")
                )
            )
                == "INIT_REPORT Init Duration: 282.61 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError\n"
        )
        #expect(
            text(
                .initReport(duration: .microseconds(96_890), phase: .invoke, status: .error(type: "Runtime.ExitError"))
            )
                == "INIT_REPORT Init Duration: 96.89 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ExitError\n"
        )
        #expect(
            text(.initReport(duration: .microseconds(9_999_790), phase: .`init`, status: .timeout))
                == "INIT_REPORT Init Duration: 9999.79 ms\tPhase: init\tStatus: timeout\n"
        )
    }

    @Test func reports() {
        var report = InvocationReport(
            requestID: "ID",
            duration: .microseconds(97_830),
            initDuration: .microseconds(12_300),
            memorySize: 128,
            maxMemoryUsedBytes: 22 << 20,
            status: .success
        )
        #expect(
            text(.report(report))
                == "REPORT RequestId: ID\tDuration: 97.83 ms\tBilled Duration: 111 ms\tMemory Size: 128 MB\t"
                + "Max Memory Used: 22 MB\tInit Duration: 12.30 ms\n"
        )
        report.initDuration = nil
        report.maxMemoryUsedBytes = nil
        report.status = .timeout
        #expect(
            text(.report(report))
                == "REPORT RequestId: ID\tDuration: 97.83 ms\tBilled Duration: 98 ms\tMemory Size: 128 MB\tStatus: timeout\n"
        )
        report.status = .error(type: "Runtime.ExitError")
        #expect(
            text(.report(report))
                == "REPORT RequestId: ID\tDuration: 97.83 ms\tBilled Duration: 98 ms\tMemory Size: 128 MB\t"
                + "Status: error\tError Type: Runtime.ExitError\n"
        )
    }

    @Test(
        arguments: [
            (0, "0.00"), (4_999, "0.00"), (5_000, "0.01"), (10_000, "0.01"), (1_000_000, "1.00"), (1_995_000, "2.00"),
            (12_300_000, "12.30"), (12_050_000, "12.05"), (900_000_000_000, "900000.00"), (-1, "0.00"),
        ] as [(Int64, String)]
    )
    func milliseconds(nanoseconds: Int64, expected: String) {
        #expect(TimeAmount.nanoseconds(nanoseconds).milliseconds(decimals: 2) == expected)
    }

    @Test(
        arguments: [
            (0, nil, 0), (1, nil, 1), (1_000_000, nil, 1), (1_000_001, nil, 2), (97_830_000, 12_300_000, 111),
            (500_000, 500_000, 1), (500_000, 500_001, 2),
        ] as [(Int64, Int64?, Int64)]
    )
    func billedTimeIsRoundedUpTogether(duration: Int64, initDuration: Int64?, expected: Int64) {
        let report = InvocationReport(
            requestID: "ID",
            duration: .nanoseconds(duration),
            initDuration: initDuration.map { .nanoseconds($0) },
            memorySize: 128,
            status: .success
        )
        #expect(report.billedMilliseconds == expected)
    }

    @Test(arguments: [(nil, nil), (0, 0), (1, 1), (1 << 20, 1), (1 << 20 + 1, 2), (129 << 20, 129)] as [(Int?, Int?)])
    func memoryIsRoundedUp(bytes: Int?, expected: Int?) {
        let report = InvocationReport(
            requestID: "ID",
            duration: .zero,
            memorySize: 128,
            maxMemoryUsedBytes: bytes,
            status: .success
        )
        #expect(report.maxMemoryUsedMB == expected)
    }
}
