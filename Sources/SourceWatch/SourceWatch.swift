import NIOConcurrencyHelpers

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Tells that sources have changed, once for a burst of saves.
///
/// What has changed is not said: builds go by contents, so that a file that was saved as it was leads to nothing.
package final class SourceWatch: Sendable {
    private struct State {
        var hasChanged = false
        var isStopped = false
        var waiter: CheckedContinuation<Bool, Never>?
    }

    // A lock that ThreadSanitizer sees: that of Synchronization waits inside the standard library.
    private let state = NIOLockedValueBox(State())
    /// Its writing end ends the thread.
    private let pipe: (reading: Int32, writing: Int32)

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - paths: directories with all that is in them, and files. Those that do not exist are left out, and what lies in another
    ///     one is watched once.
    ///   - isPolling: look at the files instead of asking the kernel.
    package init(_ paths: [String], isPolling: Bool = false) {
        var ends: [Int32] = [-1, -1]
        _ = systemPipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipe = (ends[0], ends[1])
        let roots = Self.roots(of: paths)
        let rules = roots.map { IgnoreRules(gitignore: $0.isDirectory ? Self.text(of: $0.path + "/.gitignore") : "") }
        // Before this returns, so that no change after it is missed.
        let detector = Detector(Self.detector(roots, rules, isPolling: isPolling))
        let (state, reading) = (state, pipe.reading)
        Self.startThread { Self.run(detector.value, wake: reading, state) }
    }

    deinit { stop() }

    /// Waits for the end of a burst of changes; those since the last call count.
    ///
    /// - Returns: `false` when the task was cancelled or the watch was stopped.
    package func next() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLockedValue { state -> Bool? in
                    if state.hasChanged {
                        state.hasChanged = false
                        return true
                    }
                    guard !state.isStopped, !Task.isCancelled else { return false }
                    state.waiter = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLockedValue { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: false)
        }
    }

    /// Ends it. May be called again.
    package func stop() {
        let (isFirst, waiter) = state.withLockedValue { state in
            defer {
                state.isStopped = true
                state.waiter = nil
            }
            return (!state.isStopped, state.waiter)
        }
        // The thread closes the other end when it has seen this.
        if isFirst { close(pipe.writing) }
        waiter?.resume(returning: false)
    }

    // MARK: Thread

    /// A detector belongs to the thread that is started with it.
    private struct Detector: @unchecked Sendable {
        let value: any ChangeDetector
        init(_ value: any ChangeDetector) { self.value = value }
    }

    private static func run(_ detector: any ChangeDetector, wake: Int32, _ state: NIOLockedValueBox<State>) {
        var debounce = Debounce()
        while !state.withLockedValue({ $0.isStopped }) {
            let timeout = debounce.deadline.map { Int32(clamping: max(0, $0 - milliseconds())) }
            let hasChanged = detector.wait(milliseconds: timeout, wake: wake)
            let now = milliseconds()
            if hasChanged { debounce.changed(at: now) }
            guard debounce.isOver(at: now) else { continue }
            let waiter = state.withLockedValue { state in
                state.hasChanged = state.waiter == nil
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: true)
        }
        close(wake)
    }

    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static func startThread(_ body: @escaping @Sendable () -> Void) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        let box = Unmanaged.passRetained(Box(body))
        #if canImport(Darwin)
        var thread: pthread_t?
        let status = pthread_create(
            &thread,
            nil,
            { pointer in
                Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
                return nil
            },
            box.toOpaque()
        )
        if status == 0, let thread { pthread_detach(thread) }
        #else
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { pointer in
                if let pointer { Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body() }
                return nil
            },
            box.toOpaque()
        )
        if status == 0 { pthread_detach(thread) }
        #endif
        if status != 0 { box.release() }
    }

    // MARK: Roots

    private static func detector(
        _ roots: [WatchedRoot],
        _ rules: [IgnoreRules],
        isPolling: Bool
    ) -> any ChangeDetector {
        #if os(Linux)
        if !isPolling, let detector = InotifyDetector(roots, rules: rules) { return detector }
        #endif
        return PollingDetector(roots, rules: rules)
    }

    private static func roots(of paths: [String]) -> [WatchedRoot] {
        var roots: Set<WatchedRoot> = []
        for path in paths {
            guard let resolved = realpath(path, nil) else { continue }
            defer { free(resolved) }
            var status = stat()
            guard stat(resolved, &status) == 0 else { continue }
            roots.insert(
                WatchedRoot(path: String(cString: resolved), isDirectory: status.st_mode & S_IFMT == S_IFDIR)
            )
        }
        return roots.filter { root in
            !roots.contains { $0.isDirectory && $0 != root && root.path.hasPrefix($0.path + "/") }
        }.sorted { $0.path < $1.path }
    }

    private static func text(of path: String) -> String {
        guard let file = fopen(path, "re") else { return "" }
        defer { fclose(file) }
        // More than that is no list of patterns.
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}

/// The system's `pipe`, whose name the property hides.
private func systemPipe(_ ends: inout [Int32]) -> Int32 { pipe(&ends) }
