import CommandProcess
import ExecutionEnvironment
import LambdaModel
import Sandbox

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What `--report FILE` writes: the invocation's figures and its end, as one JSON object.
struct InvocationReportFile {
    private let result: OneShotInvocation.Result
    private let requestID: String
    private let isolation: Isolation

    init(_ result: OneShotInvocation.Result, requestID: String, isolation: Isolation) {
        self.result = result
        self.isolation = isolation
        self.requestID = requestID
    }

    func write(to path: String) throws(ApusError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ApusError("report.unwritable", "cannot write the report \(path): \(ByteSource.text(of: errno))")
        }
        defer { close(descriptor) }
        var text = json + "\n"
        let isWritten = text.withUTF8 { Console.write(UnsafeRawBufferPointer($0), to: descriptor) }
        guard isWritten else {
            throw ApusError("report.unwritable", "cannot write the report \(path): \(ByteSource.text(of: errno))")
        }
    }

    var json: String {
        var members: [(String, String?)] = [
            ("requestId", JSONText.quoted(requestID)), ("outcome", JSONText.quoted(outcome)),
        ]
        if let error { members.append(("error", error)) }
        if let report = result.report {
            members.append(("durationMs", report.durationText))
            members.append(("billedDurationMs", String(report.billedMilliseconds)))
            members.append(("memorySizeMB", String(report.memorySize)))
            if let used = report.maxMemoryUsedMB { members.append(("maxMemoryUsedMB", String(used))) }
            if let initDuration = report.initDurationText { members.append(("initDurationMs", initDuration)) }
            if !report.crashes.isEmpty {
                members.append(("crashes", JSONText.array(report.crashes.map(\.json))))
            }
            if let facts = report.outOfMemory { members.append(("outOfMemory", Self.json(facts))) }
            if let exit = report.exit { members.append(("exit", JSONText.quoted(exit.lambdaMessage))) }
        }
        if let failure = result.launchFailure {
            members.append(("launchFailure", JSONText.quoted(failure.lambdaMessage)))
        }
        members.append(("isolation", isolation.json))
        return JSONText.object(members)
    }

    private static func json(_ facts: OutOfMemory) -> String {
        JSONText.object([
            ("heldBytes", String(facts.heldBytes)), ("wantedBytes", facts.wantedBytes.map { String($0) }),
        ])
    }

    private var outcome: String {
        switch result.outcome {
        case .success: "success"
        case .streamed: "streamed"
        case .streamFailed, .functionError, .initError: "error"
        case .failed(.timeout, _): "timeout"
        case .failed: "error"
        case .abandoned, nil: "interrupted"
        }
    }

    /// The error object, where there is one.
    private var error: String? {
        switch result.outcome {
        case .failed(_, let error), .streamFailed(let error): error.json
        case .functionError(let type, _), .initError(let type, _): "{\"errorType\":\(JSONText.quoted(type))}"
        case .success, .streamed, .abandoned, nil: nil
        }
    }
}
