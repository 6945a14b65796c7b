import CLauncher
import LambdaModel
import Testing

@testable import Sandbox

@Suite struct LauncherMessageDecoderTests {
    private static let raw: [apus_launcher_message] = [
        .init(kind: UInt32(APUS_MESSAGE_STARTED), value: 42, peak_bytes: 0, cpu_microseconds: 0),
        .init(kind: UInt32(APUS_MESSAGE_EXEC_FAILED), value: 13, peak_bytes: 0, cpu_microseconds: 0),
        .init(kind: UInt32(APUS_MESSAGE_EXITED), value: 3 << 8, peak_bytes: 4096, cpu_microseconds: 7),
        .init(kind: UInt32(APUS_MESSAGE_EXITED), value: 11, peak_bytes: .max, cpu_microseconds: .max),
        // 0x80: a core was dumped.
        .init(kind: UInt32(APUS_MESSAGE_EXITED), value: 6 | 0x80, peak_bytes: 1, cpu_microseconds: 2),
    ]
    private static let messages: [LauncherMessage] = [
        .started(pid: 42),
        .execFailed(errno: 13),
        .exited(ProcessExit(status: .exited(3), peakMemoryBytes: 4096, cpuMicroseconds: 7)),
        .exited(ProcessExit(status: .signaled(11), peakMemoryBytes: .max, cpuMicroseconds: .max)),
        .exited(ProcessExit(status: .signaled(6), peakMemoryBytes: 1, cpuMicroseconds: 2)),
    ]
    private static var bytes: [UInt8] { raw.flatMap { message in withUnsafeBytes(of: message) { Array($0) } } }

    @Test(arguments: [1, 3, 23, 24, 25, 48, 1000])
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
        let bytes = [UInt8](repeating: 0xAA, count: 24)
        #expect(throws: LauncherMessageDecoder.Failure.unknownKind(0xAAAA_AAAA)) {
            try bytes.withUnsafeBytes { try decoder.append($0) }
        }
    }

    @Test func refusesAnEndInsideAMessage() throws {
        var decoder = LauncherMessageDecoder()
        _ = try Self.bytes.prefix(30).withUnsafeBytes { try decoder.append($0) }
        #expect(throws: LauncherMessageDecoder.Failure.truncated(bytes: 6)) { try decoder.finish() }
    }
}
