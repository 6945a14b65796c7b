import LambdaModel

/// When an environment's processes are looked at as they crash.
///
/// A healthy function pays for each signal, thread and process while they are (see
/// `LaunchSpecification.capturesCrashes`); so a server begins with it only when a function has died of a signal once,
/// and what dies then is explained the next time.
package enum CrashCapturePolicy: Sendable, Hashable, CaseIterable {
    /// From the first process on: for a command that runs one invocation.
    case always
    /// From the first start after a death by signal on.
    case afterFirstCrash
    case never
}

/// The decision of ``CrashCapturePolicy`` for one function. Pure: ends of processes in, a yes or no out.
struct CrashCapture {
    private let policy: CrashCapturePolicy
    private var hasCrashed = false

    init(policy: CrashCapturePolicy) {
        self.policy = policy
    }

    /// Whether the next start is to be looked at.
    var isArmed: Bool {
        switch policy {
        case .always: true
        case .afterFirstCrash: hasCrashed
        case .never: false
        }
    }

    /// The main process has ended.
    mutating func mainProcessEnded(_ status: ProcessExit.Status) {
        if Self.isCrash(status) { hasCrashed = true }
    }

    /// Whether a signal of a fault or of an abort was the cause: directly, or as a shell reports that of its child
    /// (128 + number).
    static func isCrash(_ status: ProcessExit.Status) -> Bool {
        switch status {
        case .signaled(let number): CrashFacts.signals.contains(number)
        case .exited(let code): code > 128 && CrashFacts.signals.contains(code - 128)
        }
    }
}

extension CrashFacts {
    /// Linux's numbers of the signals of faults and aborts: SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS.
    package static let signals: Set<Int32> = [4, 5, 6, 7, 8, 11, 31]
}
