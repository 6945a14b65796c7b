package import LambdaModel

/// Why a function was killed for its memory, in plain words.
package enum OutOfMemoryExplanation {
    /// - Parameters:
    ///   - facts: of the process that was killed.
    ///   - isRuntime: whether that was the runtime; else it was a process that the function had started.
    ///   - memorySize: the function's, in MB.
    /// - Returns: the cause first, then what to do.
    package static func explain(_ facts: OutOfMemory, isRuntime: Bool, memorySize: Int) -> [String] {
        let who = isRuntime ? "the function" : "a process that the function had started"
        var cause =
            facts.heldBytes > memorySize << 20
            ? "\(who) was killed: together its processes held \(megabytes(facts.heldBytes)) MB, more than the "
                + "\(memorySize) MB of MemorySize"
            : "\(who) was killed: its processes had used up the \(memorySize) MB of MemorySize"
        if let wanted = facts.wantedBytes, wanted > facts.heldBytes {
            cause += "; it had asked for \(megabytes(wanted)) MB"
        }
        return [cause, fix(facts, memorySize)]
    }

    private static func fix(_ facts: OutOfMemory, _ memorySize: Int) -> String {
        let needed = max(facts.heldBytes, facts.wantedBytes ?? 0)
        let largest = Quotas.memoryMB.upperBound
        guard megabytes(needed) <= largest else {
            return "fix: let it use less: Lambda has \(largest) MB at most"
        }
        guard memorySize < largest else { return "fix: let it use less: Lambda has no more" }
        return "fix: let it use less, or raise MemorySize (--memory) above \(max(megabytes(needed), memorySize)) MB"
    }

    /// Rounded up.
    private static func megabytes(_ bytes: Int) -> Int {
        (bytes + 1_048_575) >> 20
    }
}
