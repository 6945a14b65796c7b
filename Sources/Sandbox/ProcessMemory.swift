#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Peak resident memory of running processes, from the kernel's own high-water mark (`VmHWM`), which starts anew with
/// each exec and so never holds memory of the parent.
package enum ProcessMemory {
    /// The sum over a process and its living descendants, in bytes: an upper bound, as pages that processes share count
    /// once each. `nil` when the process is gone, or on a system without procfs.
    package static func peakBytes(ofTree pid: Int32) -> Int? {
        #if os(Linux)
        guard let own = highWaterMark(of: pid) else { return nil }
        return own + (peakBytes(belowPid: pid) ?? 0)
        #else
        return nil
        #endif
    }

    /// The same for the descendants alone, or for those of them that are in another process namespace than we are. `nil`
    /// when there is none.
    package static func peakBytes(belowPid pid: Int32, inOtherNamespaces: Bool = false) -> Int? {
        #if os(Linux)
        let own = inOtherNamespaces ? HostFile.linkTarget("/proc/self/ns/pid") : nil
        var sum: Int?
        var waiting = ProcessTree.children(of: pid)
        var seen = 0
        // The bound is for a tree that grows while it is read.
        while let next = waiting.popLast(), seen < 4096 {
            seen += 1
            // The link of another user's process cannot be read, and in a container of our own that is the function's.
            let counts = own == nil || HostFile.linkTarget("/proc/\(next)/ns/pid") != own
            if counts, let bytes = highWaterMark(of: next) { sum = (sum ?? 0) + bytes }
            waiting += ProcessTree.children(of: next)
        }
        return sum
        #else
        return nil
        #endif
    }

    /// The child of a process that has one.
    static func onlyChild(of pid: Int32) -> Int32? {
        #if os(Linux)
        return ProcessTree.children(of: pid).first
        #else
        return nil
        #endif
    }

    #if os(Linux)
    private static func highWaterMark(of pid: Int32) -> Int? {
        guard let text = ProcFile.read("/proc/\(pid)/status") else { return nil }
        return ProcFile.number(after: "\nVmHWM:", in: text).map { $0 * 1024 }
    }
    #endif
}
