/// A signal that ends a process, by its Linux number.
struct CrashSignal {
    var number: Int32

    /// `SIGILL`.
    var name: String {
        switch number {
        case 4: "SIGILL"
        case 5: "SIGTRAP"
        case 6: "SIGABRT"
        case 7: "SIGBUS"
        case 8: "SIGFPE"
        case 11: "SIGSEGV"
        case 31: "SIGSYS"
        default: "signal \(number)"
        }
    }

    /// For a sentence: `died of …`.
    var phrase: String {
        switch number {
        case 4: "an illegal instruction"
        case 5: "a trap (SIGTRAP)"
        case 6: "an abort (SIGABRT)"
        case 7: "a bus error"
        case 8: "an arithmetic exception (SIGFPE)"
        case 11: "a segmentation fault"
        case 31: "a bad system call (SIGSYS)"
        default: "signal \(number)"
        }
    }
}
