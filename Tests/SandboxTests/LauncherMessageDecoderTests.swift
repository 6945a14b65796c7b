import CLauncher
import LambdaModel
import Testing

@testable import Sandbox

@Suite struct LauncherMessageDecoderTests {
    private static func message<Kind: BinaryInteger>(
        _ kind: Kind,
        child: Int32 = 0,
        value: Int32,
        peak: UInt64 = 0,
        cpu: UInt64 = 0,
        wanted: UInt64 = 0
    ) -> apus_launcher_message {
        .init(
            kind: UInt32(truncatingIfNeeded: kind),
            child: child,
            value: value,
            reserved: 0,
            peak_bytes: peak,
            cpu_microseconds: cpu,
            wanted_bytes: wanted
        )
    }

    private static let raw: [apus_launcher_message] = [
        message(APUS_MESSAGE_STARTED, value: 42),
        message(APUS_MESSAGE_EXEC_FAILED, value: 13),
        message(APUS_MESSAGE_EXITED, value: 3 << 8, peak: 4096, cpu: 7),
        message(APUS_MESSAGE_EXITED, value: 11, peak: .max, cpu: .max),
        // 0x80: a core was dumped.
        message(APUS_MESSAGE_EXITED, value: 6 | 0x80, peak: 1, cpu: 2),
        message(APUS_MESSAGE_STARTED, child: 1, value: 43),
        message(APUS_MESSAGE_EXEC_FAILED, child: 10, value: 2),
        message(APUS_MESSAGE_EXITED, child: 3, value: 9, peak: 1, cpu: 2),
        message(APUS_MESSAGE_ROOM_READY, value: 0),
        // The step is no child.
        message(APUS_MESSAGE_ROOM_FAILED, child: -2, value: 1),
        message(APUS_MESSAGE_ROOM_FAILED, child: 40, value: 2),
        message(APUS_MESSAGE_OUT_OF_MEMORY, child: 2, value: 0, peak: 5, wanted: 6),
        message(APUS_MESSAGE_OUT_OF_MEMORY, child: -1, value: 0, peak: 7),
        // Of the main process only its exit tells.
        message(APUS_MESSAGE_OUT_OF_MEMORY, value: 0, peak: 8, wanted: 9),
        message(APUS_MESSAGE_EXITED, value: 9, peak: 3, cpu: 4),
    ]
    private static let messages: [LauncherMessage] = [
        .started(pid: 42),
        .execFailed(errno: 13),
        .exited(ProcessExit(status: .exited(3), peakMemoryBytes: 4096, cpuMicroseconds: 7)),
        .exited(ProcessExit(status: .signaled(11), peakMemoryBytes: .max, cpuMicroseconds: .max)),
        .exited(ProcessExit(status: .signaled(6), peakMemoryBytes: 1, cpuMicroseconds: 2)),
        .extensionStarted(index: 0, pid: 43),
        .extensionExecFailed(index: 9, errno: 2),
        .extensionExited(index: 2, ProcessExit(status: .signaled(9), peakMemoryBytes: 1, cpuMicroseconds: 2)),
        .roomReady,
        .roomFailed(step: -2, errno: 1),
        .roomFailed(step: 40, errno: 2),
        .outOfMemory(OutOfMemory(heldBytes: 5, wantedBytes: 6)),
        .outOfMemory(OutOfMemory(heldBytes: 7, wantedBytes: nil)),
        .exited(killedForMemory),
    ]
    private static let killedForMemory: ProcessExit = {
        var exit = ProcessExit(status: .signaled(9), peakMemoryBytes: 3, cpuMicroseconds: 4)
        exit.outOfMemory = OutOfMemory(heldBytes: 8, wantedBytes: 9)
        return exit
    }()
    private static var bytes: [UInt8] { raw.flatMap { message in withUnsafeBytes(of: message) { Array($0) } } }

    @Test(arguments: [1, 3, 39, 40, 41, 80, 1000])
    func acceptsAnyCut(size: Int) throws {
        var decoder = LauncherMessageDecoder()
        var result: [LauncherMessage] = []
        var rest = Self.bytes[...]
        while !rest.isEmpty {
            result += try Array(rest.prefix(size)).withUnsafeBytes { try decoder.append($0) }
            rest = rest.dropFirst(size)
        }
        try decoder.finish()
        #expect(result == Self.messages)
    }

    @Test func refusesAnUnknownKind() {
        var decoder = LauncherMessageDecoder()
        let bytes = [UInt8](repeating: 0xAA, count: 40)
        #expect(throws: LauncherMessageDecoder.Failure.unknownKind(0xAAAA_AAAA)) {
            try bytes.withUnsafeBytes { try decoder.append($0) }
        }
    }

    @Test(arguments: [APUS_MESSAGE_STARTED, APUS_MESSAGE_EXEC_FAILED, APUS_MESSAGE_EXITED], [-1, 11, .max, .min])
    func refusesANumberOfNoChild(kind: Int, child: Int32) {
        var decoder = LauncherMessageDecoder()
        let message = Self.message(kind, child: child, value: 1)
        #expect(throws: LauncherMessageDecoder.Failure.unknownChild(child)) {
            try withUnsafeBytes(of: message) { try decoder.append($0) }
        }
    }

    /// It was to be killed, but has ended by itself before.
    @Test func anExitThatIsNoKillIsNoLackOfMemory() throws {
        var decoder = LauncherMessageDecoder()
        let raw = [
            Self.message(APUS_MESSAGE_OUT_OF_MEMORY, value: 0, peak: 8),
            Self.message(APUS_MESSAGE_EXITED, value: 3 << 8),
        ]
        let bytes = raw.flatMap { message in withUnsafeBytes(of: message) { Array($0) } }
        let messages = try bytes.withUnsafeBytes { try decoder.append($0) }
        #expect(messages == [.exited(ProcessExit(status: .exited(3), peakMemoryBytes: 0, cpuMicroseconds: 0))])
    }

    @Test func refusesAnEndInsideAMessage() throws {
        var decoder = LauncherMessageDecoder()
        _ = try Self.bytes.prefix(46).withUnsafeBytes { try decoder.append($0) }
        #expect(throws: LauncherMessageDecoder.Failure.truncated(bytes: 6)) { try decoder.finish() }
    }
}
