#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A program while it runs.
struct RunningProgram: Sendable {
    let processID: Int32
    let program: Program

    var errorText: String { program.errorText }

    func signal(_ signal: SignalNumber) {
        Self.send(signal, to: processID)
    }

    /// As a terminal does at Ctrl-C: the whole foreground process group gets the signal.
    func signalGroup(_ signal: SignalNumber) {
        Self.send(signal, to: -processID)
    }

    /// Waits until standard error holds `text`.
    func waitForErrorText(_ text: String) async throws {
        try await eventually("`\(text)` on standard error") { errorText.contains(text) }
    }

    fileprivate static func send(_ signal: SignalNumber, to processID: Int32) {
        _ = kill(processID, signal.rawValue)
    }

    /// The number of open descriptors.
    var descriptorCount: Int {
        (try? Files.names(in: "/proc/\(processID)/fd").count) ?? 0
    }
}

/// Signals that tests send.
enum SignalNumber: Int32, Sendable {
    case interrupt = 2
    case kill = 9
    case terminate = 15

    /// Sends the signal to any process.
    func send(to processID: Int32) {
        RunningProgram.send(self, to: processID)
    }
}

/// Waits until `condition` holds. It looks again and again, since what it waits for happens in other processes.
func eventually(
    _ what: @autoclosure () -> String,
    within limit: Duration = .seconds(20),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw HarnessError("waited \(limit) in vain for \(what())") }
        try await Task.sleep(for: .milliseconds(10))
    }
}
