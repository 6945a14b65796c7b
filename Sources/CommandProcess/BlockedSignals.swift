#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// SIGINT, SIGTERM and SIGHUP, for a program whose main thread waits for nothing else: as ``Termination``, without
/// Dispatch. Those that whoever started the program has ignored (nohup, a shell's job in the background) stay so.
package struct BlockedSignals {
    private var signals = sigset_t()

    /// Keeps the signals back for the rest of the process's life. Call it before any thread is started, since threads
    /// inherit this. Process 1 of a container gets them so as well: the kernel keeps no other signals for it.
    package init() {
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] where !Self.isIgnored(number) { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        // A reader of our output that goes away is an error of a write, not our death.
        signal(SIGPIPE, SIG_IGN)
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        #if canImport(Darwin)
        let handler = action.__sigaction_u.__sa_handler
        #elseif canImport(Glibc)
        let handler = action.__sigaction_handler.sa_handler
        #else
        let handler = action.__sa_handler.sa_handler
        #endif
        // A function pointer, and SIG_IGN is no function.
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Waits for one of them.
    package func wait() -> Int32 {
        var signals = signals
        var number: Int32 = 0
        while sigwait(&signals, &number) != 0 {}
        return number
    }
}
