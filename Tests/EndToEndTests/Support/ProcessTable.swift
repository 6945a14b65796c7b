#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The machine's processes, as far as /proc shows them.
enum ProcessTable {
    /// Process ids of living processes that mention `marker` in their arguments, environment, directory or program.
    static func processes(mentioning marker: String) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int32.init).filter { isAlive($0) && mentions($0, marker) }.sorted()
    }

    /// The children of a process that have a name.
    static func children(of processID: Int32, named name: String) -> [Int32] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(processID)/task")) ?? []
        return threads.flatMap { thread in
            read("/proc/\(processID)/task/\(thread)/children").split(separator: " ").compactMap { Int32($0) }
        }.filter { read("/proc/\($0)/comm") == name + "\n" }
    }

    private static func mentions(_ processID: Int32, _ marker: String) -> Bool {
        let texts = ["cmdline", "environ"].map { read("/proc/\(processID)/\($0)") }
        let links = ["cwd", "exe"].map {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(processID)/\($0)")) ?? ""
        }
        return (texts + links).contains { $0.contains(marker) }
    }

    /// A zombie is dead: it only waits for whoever adopted it.
    private static func isAlive(_ processID: Int32) -> Bool {
        let status = read("/proc/\(processID)/stat")
        guard let end = status.lastIndex(of: ")") else { return false }
        let state = status[status.index(after: end)...].first { $0 != " " }
        return state != "Z" && state != "X"
    }

    private static func read(_ path: String) -> String {
        String(decoding: (try? Files.read(path)) ?? [], as: UTF8.self)
    }
}
