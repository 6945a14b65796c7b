/// How a process of an execution environment ended: the raw facts, as the kernel reported them.
package struct ProcessExit: Sendable, Hashable {
    /// The kernel's wait status, decoded.
    package enum Status: Sendable, Hashable {
        /// `exit(code)`; code is 0–255.
        case exited(Int32)
        /// Killed by a signal, given by its number on this system.
        case signaled(Int32)
    }

    package var status: Status
    /// Peak resident memory of the process and of the children that it waited for, in bytes.
    package var peakMemoryBytes: Int
    /// User and system CPU time of the same, in microseconds.
    package var cpuMicroseconds: Int
    /// Killed because the environment held more memory than its limit allows.
    package var outOfMemory: OutOfMemory?

    package init(status: Status, peakMemoryBytes: Int = 0, cpuMicroseconds: Int = 0) {
        self.status = status
        self.peakMemoryBytes = peakMemoryBytes
        self.cpuMicroseconds = cpuMicroseconds
    }

    /// Lambda's words: `Runtime exited with error: exit status 1`, `… signal: illegal instruction`, or, for exit
    /// status 0, `Runtime exited without providing a reason`.
    package var lambdaMessage: String {
        switch status {
        case .exited(0): "Runtime exited without providing a reason"
        case .exited(let code): "Runtime exited with error: exit status \(code)"
        case .signaled(let number): "Runtime exited with error: signal: \(SignalName.lambdaName(of: number))"
        }
    }
}
