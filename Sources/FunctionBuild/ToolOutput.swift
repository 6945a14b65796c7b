import Dispatch
import LambdaModel
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The pipe that a build tool writes to. Read as it comes, and for as long as the tool runs, not until its end of file: a
/// process that the tool left behind may hold the other end open for ever.
final class ToolOutput: Sendable {
    /// The end for the tool. Open until ``finish()``.
    let writer: CInt
    private let reader: CInt
    private let queue = DispatchQueue(label: "apus.build.output")
    /// Sources of libdispatch may be used from any thread; only the type's Linux import does not say so.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let state: Mutex<ToolLines>
    private let line: @Sendable (String) -> Void

    init(line: @escaping @Sendable (String) -> Void) throws(ApusError) {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw systemError("cannot create", "a pipe", errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        reader = ends[0]
        writer = ends[1]
        self.line = line
        state = Mutex(ToolLines())
        source = DispatchSource.makeReadSource(fileDescriptor: reader, queue: queue)
        source.setEventHandler { [weak self] in self?.drain(atMost: 1) }
        source.activate()
    }

    /// Takes what has been written so far, closes the pipe, and returns the end of all output.
    func finish() -> String {
        queue.sync {
            // What was written before the tool ended fits the pipe; more can only come from a process left behind.
            drain(atMost: 64)
            let reader = reader
            source.setCancelHandler { _ = close(reader) }
            source.cancel()
            _ = close(writer)
        }
        let (lines, tail) = state.withLock { ($0.finish(), $0.tail) }
        lines.forEach(line)
        return String(decoding: tail, as: UTF8.self)
    }

    private func drain(atMost rounds: Int) {
        for _ in 0..<rounds {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, filled in
                count = read(reader, buffer.baseAddress, buffer.count)
                filled = max(count, 0)
            }
            guard count > 0 else { return }
            state.withLock { $0.add(bytes) }.forEach(line)
        }
    }
}
