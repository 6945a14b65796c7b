package import NIOCore
package import NIOPosix

/// The log stream of one or more environments: lines of the platform and output of the processes, in order, written to
/// a descriptor off the event loop and in batches.
///
/// Belongs to the environments' event loop. Bounded: past ``pauseBytes`` the output of processes is left in their
/// pipes, so that they wait; past ``dropBytes`` the platform's own lines, and what ended processes have left in their
/// pipes, are dropped and counted.
package final class FunctionLog {
    /// Bytes waiting to be written at which processes are held back.
    package static let pauseBytes = 1 << 20
    /// Bytes waiting to be written at which whatever is added is dropped.
    package static let dropBytes = 8 << 20

    private let eventLoop: any EventLoop
    private let threadPool: NIOThreadPool
    private let write: @Sendable (ByteBuffer) -> Void

    private var pending = ByteBuffer()
    /// The processes' last output did not end its line.
    private var isMidLine = false
    private var droppedPieces = 0
    private var isWriting = false
    private var flushScheduled = false
    private var waiters: [EventLoopPromise<Void>] = []
    private var resumptions: [() -> Void] = []

    /// - Parameter write: writes all the bytes; runs on a thread of `threadPool` and may block.
    package init(
        eventLoop: any EventLoop,
        threadPool: NIOThreadPool,
        write: @escaping @Sendable (ByteBuffer) -> Void
    ) {
        self.eventLoop = eventLoop
        self.threadPool = threadPool
        self.write = write
    }

    /// Whether processes should be held back.
    package var isCongested: Bool { pending.readableBytes >= Self.pauseBytes }

    /// Output of a process, verbatim.
    package func append(output: ByteBuffer) {
        guard let last = output.readableBytesView.last else { return }
        isMidLine = last != UInt8(ascii: "\n")
        guard pending.readableBytes < Self.dropBytes else {
            droppedPieces += 1
            return
        }
        pending.writeImmutableBuffer(output)
        scheduleFlush()
    }

    /// What follows is no part of the line that a process has begun.
    func beginLine() {
        guard isMidLine, pending.readableBytes < Self.dropBytes else { return }
        isMidLine = false
        pending.writeStaticString("\n")
    }

    /// A line of the platform.
    func append(platform text: String) {
        guard pending.readableBytes < Self.dropBytes else {
            droppedPieces += 1
            return
        }
        // On Lambda each of the platform's lines is an event of its own; here it at least begins its line.
        beginLine()
        pending.writeString(text)
        scheduleFlush()
    }

    /// Calls back once when ``isCongested`` has ended.
    package func whenUncongested(_ resume: @escaping () -> Void) {
        resumptions.append(resume)
    }

    /// Succeeds when everything appended so far has been written.
    package func flush() -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        waiters.append(promise)
        writePending()
        return promise.futureResult
    }

    /// As ``flush()``, but succeeds when the time is up as well: a reader that has stopped to read must not keep a
    /// program from its end.
    package func flush(within limit: TimeAmount) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        let timer = eventLoop.scheduleTask(in: limit) { promise.succeed(()) }
        flush().whenComplete { _ in
            timer.cancel()
            promise.succeed(())
        }
        return promise.futureResult
    }

    /// A write per line would wake another thread twice an invocation; 2 ms gather what belongs together.
    private func scheduleFlush() {
        guard !flushScheduled, !isWriting else { return }
        flushScheduled = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .milliseconds(2)) {
            bound.value.flushScheduled = false
            bound.value.writePending()
        }
    }

    private func writePending() {
        guard !isWriting else { return }
        guard pending.readableBytes > 0 else {
            written()
            return
        }
        isWriting = true
        let batch = pending
        pending = ByteBuffer()
        if droppedPieces > 0 {
            pending.writeString("[\(droppedPieces) pieces of the log were dropped here: its reader is too slow]\n")
            droppedPieces = 0
        }
        let write = write
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        threadPool.runIfActive(eventLoop: eventLoop) { write(batch) }.whenComplete { _ in
            bound.value.isWriting = false
            bound.value.writePending()
        }
    }

    private func written() {
        let finished = waiters
        waiters = []
        for waiter in finished { waiter.succeed(()) }
        let resumed = resumptions
        resumptions = []
        for resume in resumed { resume() }
    }
}
