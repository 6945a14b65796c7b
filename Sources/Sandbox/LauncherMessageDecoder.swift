internal import CLauncher
internal import LambdaModel

/// Turns the bytes of the status pipe into messages, however the pipe cuts them.
package struct LauncherMessageDecoder: Sendable {
    /// Bytes that no launcher sends: the status pipe is not what it should be.
    package enum Failure: Error, Sendable, Hashable {
        case unknownKind(UInt32)
        /// The pipe ended inside a message.
        case truncated(bytes: Int)
        /// Crash facts that do not hold together.
        case malformedCrash
        /// The number of no process that a launcher starts.
        case unknownChild(Int32)
    }

    private static let messageSize = MemoryLayout<apus_launcher_message>.size
    private var pending: [UInt8] = []
    /// Of the main process, until the exit that follows.
    private var outOfMemory: OutOfMemory?

    package init() {}

    /// Takes the next bytes and returns the messages that they complete.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) throws(Failure) -> [LauncherMessage] {
        pending.append(contentsOf: bytes)
        var messages: [LauncherMessage] = []
        var rest = pending[...]
        while let message = try next(&rest) { messages.append(message) }
        pending.removeFirst(pending.count - rest.count)
        return messages
    }

    /// To be called at end of file.
    package func finish() throws(Failure) {
        if !pending.isEmpty { throw .truncated(bytes: pending.count) }
    }

    /// Takes the first message off the bytes, if it is there whole.
    private mutating func next(_ bytes: inout ArraySlice<UInt8>) throws(Failure) -> LauncherMessage? {
        guard bytes.count >= Self.messageSize else { return nil }
        let raw = bytes.withUnsafeBytes { $0.loadUnaligned(as: apus_launcher_message.self) }
        let body = bytes.dropFirst(Self.messageSize)
        switch Int(raw.kind) {
        case Int(APUS_MESSAGE_CRASHED):
            guard (0...Int32(APUS_CRASH_PAYLOAD_LIMIT)).contains(raw.value) else { throw .malformedCrash }
            guard body.count >= Int(raw.value) else { return nil }
            guard let facts = CrashPayload.facts(from: body.prefix(Int(raw.value))) else { throw .malformedCrash }
            bytes = body.dropFirst(Int(raw.value))
            return .crashed(facts)
        case Int(APUS_MESSAGE_ROOM_FAILED):
            bytes = body
            return .roomFailed(step: raw.child, errno: raw.value)
        case Int(APUS_MESSAGE_ROOM_READY):
            bytes = body
            return .roomReady
        case Int(APUS_MESSAGE_OUT_OF_MEMORY):
            bytes = body
            let facts = Self.outOfMemory(raw)
            guard raw.child == 0 else { return .outOfMemory(facts) }
            outOfMemory = facts
            return try next(&bytes)
        case Int(APUS_MESSAGE_STARTED), Int(APUS_MESSAGE_EXEC_FAILED), Int(APUS_MESSAGE_EXITED):
            bytes = body
            guard let message = message(raw) else { throw .unknownChild(raw.child) }
            return message
        default:
            throw .unknownKind(raw.kind)
        }
    }

    /// A message about one child; `nil` if there can be no such child.
    private mutating func message(_ raw: apus_launcher_message) -> LauncherMessage? {
        // 0 is the main process.
        guard (0...Int32(LaunchSpecification.maximumExtensions)).contains(raw.child) else { return nil }
        let index = raw.child == 0 ? nil : Int(raw.child) - 1
        switch Int(raw.kind) {
        case Int(APUS_MESSAGE_STARTED):
            return index.map { .extensionStarted(index: $0, pid: raw.value) } ?? .started(pid: raw.value)
        case Int(APUS_MESSAGE_EXEC_FAILED):
            return index.map { .extensionExecFailed(index: $0, errno: raw.value) } ?? .execFailed(errno: raw.value)
        default:
            if let index { return .extensionExited(index: index, Self.exit(raw)) }
            var exit = Self.exit(raw)
            if exit.status == .signaled(Self.killed) { exit.outOfMemory = outOfMemory }
            return .exited(exit)
        }
    }

    private static let killed: Int32 = 9

    private static func outOfMemory(_ raw: apus_launcher_message) -> OutOfMemory {
        OutOfMemory(
            heldBytes: Int(clamping: raw.peak_bytes),
            wantedBytes: raw.wanted_bytes == 0 ? nil : Int(clamping: raw.wanted_bytes)
        )
    }

    private static func exit(_ raw: apus_launcher_message) -> ProcessExit {
        ProcessExit(
            status: WaitStatus.decode(raw.value),
            peakMemoryBytes: Int(clamping: raw.peak_bytes),
            cpuMicroseconds: Int(clamping: raw.cpu_microseconds)
        )
    }
}
