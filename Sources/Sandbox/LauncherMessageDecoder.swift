internal import CLauncher
internal import LambdaModel

/// Turns the bytes of the status pipe into messages, however the pipe cuts them.
package struct LauncherMessageDecoder: Sendable {
    /// Bytes that no launcher sends: the status pipe is not what it should be.
    package enum Failure: Error, Sendable, Hashable {
        case unknownKind(UInt32)
        /// The pipe ended inside a message.
        case truncated(bytes: Int)
    }

    private static let messageSize = MemoryLayout<apus_launcher_message>.size
    private var pending: [UInt8] = []

    package init() {}

    /// Takes the next bytes and returns the messages that they complete.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) throws(Failure) -> [LauncherMessage] {
        pending.append(contentsOf: bytes)
        var messages: [LauncherMessage] = []
        var offset = 0
        while pending.count - offset >= Self.messageSize {
            messages.append(try Self.message(pending[offset..<offset + Self.messageSize]))
            offset += Self.messageSize
        }
        pending.removeFirst(offset)
        return messages
    }

    /// To be called at end of file.
    package func finish() throws(Failure) {
        if !pending.isEmpty { throw .truncated(bytes: pending.count) }
    }

    private static func message(_ bytes: ArraySlice<UInt8>) throws(Failure) -> LauncherMessage {
        let raw = bytes.withUnsafeBytes { $0.loadUnaligned(as: apus_launcher_message.self) }
        switch Int(raw.kind) {
        case Int(APUS_MESSAGE_STARTED): return .started(pid: raw.value)
        case Int(APUS_MESSAGE_EXEC_FAILED): return .execFailed(errno: raw.value)
        case Int(APUS_MESSAGE_EXITED): return .exited(exit(raw))
        default: throw .unknownKind(raw.kind)
        }
    }

    private static func exit(_ raw: apus_launcher_message) -> ProcessExit {
        ProcessExit(
            status: WaitStatus.decode(raw.value),
            peakMemoryBytes: Int(clamping: raw.peak_bytes),
            cpuMicroseconds: Int(clamping: raw.cpu_microseconds)
        )
    }
}
