internal import LambdaModel

/// The kernel's wait status of a process that ended; the macros of <sys/wait.h> are not imported into Swift.
enum WaitStatus {
    static func decode(_ raw: Int32) -> ProcessExit.Status {
        let signal = raw & 0x7f
        return signal == 0 ? .exited((raw >> 8) & 0xff) : .signaled(signal)
    }
}
