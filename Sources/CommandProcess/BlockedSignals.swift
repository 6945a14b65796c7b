#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// ``EndingSignals`` for a program whose main thread waits for nothing else: as ``Termination``, without Dispatch.
package struct BlockedSignals {
    private var signals = sigset_t()

    /// Keeps the signals back for the rest of the process's life. Call it before any thread is started, since threads
    /// inherit this. Process 1 of a container gets them so as well: the kernel keeps no other signals for it.
    package init() {
        sigemptyset(&signals)
        for number in EndingSignals.wanted { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        // A reader of our output that goes away is an error of a write, not our death.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits for one of them.
    package func wait() -> Int32 {
        var signals = signals
        var number: Int32 = 0
        while sigwait(&signals, &number) != 0 {}
        return number
    }
}
