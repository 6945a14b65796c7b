import Glibc
import Testing

/// How many hostile inputs a test tries, and what each may cost.
///
/// `APUS_FUZZ_INPUTS` asks for a long run: so many inputs for the fastest test, in proportion for the others.
struct FuzzRun {
    /// Of one input, in seconds of the thread's own time: other tests run at the same time.
    static let longest = 1.0
    /// Of the whole process, in bytes. Only known of a long run, which runs nothing else.
    static let mostMemory = 256 << 20
    /// Of the fastest test, where nothing is asked for.
    private static let usual = 20_000

    private static let asked = getenv("APUS_FUZZ_INPUTS").flatMap { Int(String(cString: $0)) }

    /// - Parameter divisor: how many times slower than the fastest test this one is.
    static func inputs(divisor: Int = 1) -> Range<Int> {
        0..<max(1, (asked ?? usual) / divisor)
    }

    private(set) var slowest = 0.0
    /// The slowest input's number: with it and the seed of its test it can be made again.
    private var slowestInput = 0
    private var tried = 0
    private(set) var found = 0

    /// Tries one input; `body` tells how many things it has found.
    mutating func measure(_ body: () -> Int) async {
        let start = Self.now()
        found &+= body()
        let seconds = Self.now() - start
        if seconds > slowest { (slowest, slowestInput) = (seconds, tried) }
        tried += 1
        // There are as many threads for tests as processors, and others have time limits.
        if tried.isMultiple(of: 16) { await Task.yield() }
    }

    /// Records an issue where an input took too long, or the process too much memory.
    func check(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(slowest < Self.longest, "input number \(slowestInput)", sourceLocation: sourceLocation)
        #expect(found > 0, "nothing was read", sourceLocation: sourceLocation)
        guard Self.asked != nil else { return }
        let memory = Self.peakMemory()
        print("\(name): slowest input \(slowest) s, most memory of the process so far \(memory >> 20) MB")
        #expect(memory <= Self.mostMemory, sourceLocation: sourceLocation)
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// In bytes; Linux counts in kilobytes.
    private static func peakMemory() -> Int {
        var usage = rusage()
        return getrusage(Int32(RUSAGE_SELF.rawValue), &usage) == 0 ? usage.ru_maxrss << 10 : 0
    }
}
