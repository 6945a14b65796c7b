import Foundation

enum Processes {
    /// Whether the process is gone, or a zombie that waits for init, within 10 seconds. Killing is not instant.
    static func ends(_ identifier: pid_t) -> Bool {
        for _ in 0..<1_000 {
            guard kill(identifier, 0) == 0 else { return true }
            let status = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8)
            if status?.contains(") Z ") ?? true { return true }
            usleep(10_000)
        }
        return false
    }
}
