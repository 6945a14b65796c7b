#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The signals by which a command is asked to end.
enum EndingSignals {
    /// SIGINT, SIGTERM and SIGHUP, without those that whoever started the program has ignored (nohup, a shell's job in the
    /// background): they stay so.
    static var wanted: [Int32] {
        [SIGINT, SIGTERM, SIGHUP].filter { !isIgnored($0) }
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
}
