/// Names of signals as Lambda's logs write them. Lambda's supervisor is a Go program, so they are those of Go's
/// `syscall.Signal.String()`.
package enum SignalName {
    /// The name of a Linux signal number, such as `illegal instruction` for 4; `signal N` for one without a name.
    package static func lambdaName(of number: Int32) -> String {
        names[number] ?? "signal \(number)"
    }

    #if os(Linux)
    private static let names: [Int32: String] = common.merging(
        [
            7: "bus error", 10: "user defined signal 1", 12: "user defined signal 2", 16: "stack fault",
            17: "child exited", 18: "continued", 19: "stopped (signal)", 20: "stopped", 23: "urgent I/O condition",
            29: "I/O possible", 30: "power failure", 31: "bad system call",
        ],
        uniquingKeysWith: { $1 }
    )
    #else
    private static let names: [Int32: String] = common.merging(
        [
            10: "bus error", 30: "user defined signal 1", 31: "user defined signal 2", 20: "child exited",
            19: "continued", 17: "stopped (signal)", 18: "stopped", 16: "urgent I/O condition", 23: "I/O possible",
            12: "bad system call",
        ],
        uniquingKeysWith: { $1 }
    )
    #endif

    private static let common: [Int32: String] = [
        1: "hangup", 2: "interrupt", 3: "quit", 4: "illegal instruction", 5: "trace/breakpoint trap", 6: "aborted",
        8: "floating point exception", 9: "killed", 11: "segmentation fault", 13: "broken pipe", 14: "alarm clock",
        15: "terminated", 21: "stopped (tty input)", 22: "stopped (tty output)", 24: "CPU time limit exceeded",
        25: "file size limit exceeded", 26: "virtual timer expired", 27: "profiling timer expired",
        28: "window changed",
    ]
}
