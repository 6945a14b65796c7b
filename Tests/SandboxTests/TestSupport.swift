import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// A directory of the test's own, removed with the value.
final class Scratch: Sendable {
    let directory: TemporaryDirectory
    var path: String { directory.path }

    init() throws { directory = try TemporaryDirectory.make(prefix: "test-") }
    deinit { directory.remove() }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String, mode: mode_t = 0o755) throws -> String {
        try write(name, Array(text.utf8), mode: mode)
    }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o755) throws -> String {
        let file = path + "/" + name
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        return file
    }

    @discardableResult
    func makeDirectory(_ name: String) throws -> String {
        try #require(mkdir(path + "/" + name, 0o755) == 0)
        return path + "/" + name
    }

    func makeFIFO(_ name: String) throws -> String {
        try #require(mkfifo(path + "/" + name, 0o600) == 0)
        return path + "/" + name
    }

    /// Compiles C with the machine's compiler; the result is the executable's path.
    func compile(_ source: String, name: String, options: [String] = []) throws -> String {
        let file = try write(name + ".c", source, mode: 0o644)
        let result = path + "/" + name
        let script = #"compiler=$(command -v cc || command -v clang) && exec "$compiler" "$@""#
        let run = try RunningEnvironment(
            shell: script,
            arguments: ["-O1", "-o", result, file] + options,
            environment: [
                "PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin", "TMPDIR": path,
            ],
            directory: path
        )
        let output = run.output()
        try #require(try run.allMessages().last?.exitStatus == .exited(0), "\(output)")
        return result
    }
}

enum HostProcess {
    static func isGone(_ pid: Int32) -> Bool { kill(pid, 0) != 0 && errno == ESRCH }

    /// The letter of a process's state in /proc, such as `T` for stopped.
    static func state(_ pid: Int32) -> Character? {
        guard let bytes = ProcFile.read("/proc/\(pid)/stat") else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        return text[end...].dropFirst(2).first
    }

    /// Stopped, or so under a tracer.
    static func isStopped(_ state: Character?) -> Bool { state == "T" || state == "t" }

    /// Yields until the state (`nil`: gone) is right; the kernel delivers a signal soon but not at once.
    static func waitForState(_ pid: Int32, _ isRight: (Character?) -> Bool) -> Bool {
        waitUntil { isRight(state(pid)) }
    }

    /// For conditions that come true soon and that nothing announces: yields, ten seconds at most.
    static func waitUntil(_ condition: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if condition() { return true }
            sched_yield()
        }
        return false
    }

    /// Entries of a directory, without `.` and `..`.
    static func entries(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var result: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { result.append(name) }
        }
        return result.sorted()
    }
}
