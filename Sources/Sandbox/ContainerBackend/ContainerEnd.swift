internal import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// What the end of an engine's client says of the function in the container.
///
/// Sources: the exit codes of `docker run` (125, 126 and 127 are the engine's own, 128 + n a signal's) and the words of
/// the runtimes below, crun and runc, for a program that the kernel does not execute. A function may end with any of these
/// codes as well, so what an engine says counts only as long as the function has asked for nothing.
struct ContainerEnd {
    var engine: ContainerEngine.Kind
    /// The file that the container starts, for messages.
    var shownPath: String
    /// The end of the client.
    var exit: ProcessExit
    /// The last of what function and engine have written.
    var outputTail: String
    /// Whether the function has called the Runtime API.
    var hasCalled: Bool
    /// Whether the engine has seen the container's memory run out.
    var isOutOfMemory: Bool
    /// In bytes.
    var memoryLimit: Int

    var meaning: ProcessEnd {
        // The figures are the client's.
        var result = ProcessExit(status: exit.status)
        guard case .exited(let code) = exit.status else { return .exited(result) }
        if !hasCalled, code != 0 {
            if let failure = refusal(code) ?? engineFailure(code) { return .failed(failure) }
        }
        guard let signal = Self.signal(code) else { return .exited(result) }
        result.status = .signaled(signal)
        if signal == SIGKILL, isOutOfMemory {
            result.outOfMemory = OutOfMemory(heldBytes: memoryLimit, wantedBytes: nil)
        }
        return .exited(result)
    }

    // MARK: Signals

    /// The first process of a container gets only those signals that it handles, and those that the kernel forces upon it:
    /// a fault, a broken rule of seccomp, SIGKILL from outside. Other codes beyond 128 are a program's own.
    private static func signal(_ code: Int32) -> Int32? { forced[code - 128] }

    /// Linux's numbers, and this system's.
    private static let forced: [Int32: Int32] = [
        4: SIGILL, 5: SIGTRAP, 6: SIGABRT, 7: SIGBUS, 8: SIGFPE, 9: SIGKILL, 11: SIGSEGV, 31: SIGSYS,
    ]

    // MARK: A program that does not start

    /// crun: ``exec container process `/var/task/bootstrap`: Exec format error``, exit status 1; runc:
    /// `exec /var/task/bootstrap: exec format error`, 1 or 255.
    private func refusal(_ code: Int32) -> LaunchFailure? {
        guard code == 1 || code == 255 || code == 126 || code == 127 else { return nil }
        for line in lines {
            let isRefusal =
                line.contains("exec container process") || line.contains("exec user process")
                || line.contains("exec \(shownPath): ") || line.contains("executable file `\(shownPath)`")
                || line.contains("exec: \"\(shownPath)\": ") || line.contains("open executable: ")
            guard isRefusal else { continue }
            let words = line.lowercased()
            for (text, errno) in Self.reasons where words.contains(text) {
                return .exec(code: errno, path: shownPath)
            }
        }
        return nil
    }

    private static let reasons: [(String, Int32)] = [
        ("exec format error", ENOEXEC), ("no such file or directory", ENOENT), ("not found in $path", ENOENT),
        ("is a directory", EACCES), ("permission denied", EACCES), ("operation not permitted", EACCES),
    ]

    // MARK: An engine that fails

    private func engineFailure(_ code: Int32) -> LaunchFailure? {
        let own = lines.last { line in prefixes.contains { line.hasPrefix($0) } }
        switch (code, own) {
        case (125, nil): return .engine(name: engine.rawValue, words: "it could not run the container")
        case (1, let words?) where engine == .container:
            return .engine(name: engine.rawValue, words: Printable.text(words))
        case (125...127, let words?): return .engine(name: engine.rawValue, words: Printable.text(stripped(words)))
        case (1, let words?) where engine == .nerdctl || engine == .finch:
            return .engine(name: engine.rawValue, words: Printable.text(words))
        default: return nil
        }
    }

    private var prefixes: [String] {
        switch engine {
        case .docker:
            [
                "docker: ", "Error response from daemon: ", "Cannot connect to the Docker daemon", "unknown flag",
                "Error: ",
            ]
        case .podman, .container: ["Error: "]
        case .nerdctl, .finch: ["time=", "FATA[", "Error: "]
        }
    }

    private func stripped(_ words: String) -> String {
        for prefix in ["docker: ", "Error: "] where words.hasPrefix(prefix) {
            return String(words.dropFirst(prefix.count))
        }
        return words
    }

    private var lines: [String] {
        outputTail.split(whereSeparator: \.isNewline).suffix(50).map { String($0.prefix(1_000)) }
    }
}
