import CLauncher
import LambdaModel
import Testing

@testable import Sandbox

@Suite struct CrashPayloadTests {
    /// A message with its payload, as the launcher writes it.
    private struct Message {
        var header = apus_crash_header()
        var frames: [apus_crash_frame] = []
        var modules: [(bias: UInt64, path: [UInt8])] = []
        var executable: [UInt8] = []
        var model: [UInt8] = []

        init() {
            header.architecture = UInt8(APUS_CRASH_ARM64)
            header.module = UInt8(APUS_CRASH_NO_MODULE)
        }

        var payload: [UInt8] {
            var header = header
            header.frame_count = UInt8(frames.count)
            header.module_count = UInt8(modules.count)
            header.executable_length = UInt16(executable.count)
            header.emulated_model_length = UInt16(model.count)
            var bytes = Self.bytes(of: header)
            for frame in frames { bytes += Self.bytes(of: frame) }
            for module in modules {
                bytes += Self.bytes(
                    of: apus_crash_module(load_bias: module.bias, path_length: UInt64(module.path.count))
                )
                bytes += module.path
            }
            return bytes + executable + model
        }

        static func bytes(of value: some BitwiseCopyable) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

        static func wrap(_ payload: [UInt8], size: Int32? = nil) -> [UInt8] {
            let head = apus_launcher_message(
                kind: UInt32(APUS_MESSAGE_CRASHED),
                child: 0,
                value: size ?? Int32(payload.count),
                reserved: 0,
                peak_bytes: 0,
                cpu_microseconds: 0,
                wanted_bytes: 0
            )
            return bytes(of: head) + payload
        }
    }

    private static let full: Message = {
        var message = Message()
        message.header.signal = 11
        message.header.signal_code = 1
        message.header.flags =
            UInt32(APUS_CRASH_HAS_SIGNAL_CODE) | UInt32(APUS_CRASH_HAS_FAULT_ADDRESS)
            | UInt32(APUS_CRASH_IS_MAIN_PROCESS)
        message.header.process = 77
        message.header.fault_address = 16
        message.header.program_counter = 0x5000_1234
        message.header.stack_pointer = 0x7fff_0000
        message.header.code_count = 2
        message.header.code.0 = 0x0F
        message.header.code.1 = 0x0B
        message.header.module = 1
        message.modules = [(0x1000, Array("/lib/libc.so".utf8)), (0x5000_0000, Array("/b \u{E9}".utf8) + [0xFF])]
        message.frames = [.init(address: 5, module: 0), .init(address: 6, module: UInt64(APUS_CRASH_NO_MODULE))]
        message.executable = Array("/b".utf8)
        message.model = Array("Nehalem".utf8)
        return message
    }()
    private static let facts = CrashFacts(
        signal: 11,
        signalCode: 1,
        faultAddress: 16,
        processID: 77,
        isMainProcess: true,
        architecture: .arm64,
        emulatedModel: "Nehalem",
        executable: "/b",
        programCounter: 0x5000_1234,
        stackPointer: 0x7fff_0000,
        code: [0x0F, 0x0B],
        module: .init(path: "/b \u{E9}\u{FFFD}", loadBias: 0x5000_0000),
        returnAddresses: [
            .init(address: 5, module: .init(path: "/lib/libc.so", loadBias: 0x1000)), .init(address: 6, module: nil),
        ]
    )

    @Test func readsEveryField() {
        #expect(CrashPayload.facts(from: Self.full.payload[...]) == Self.facts)
    }

    @Test func whatIsNotKnownIsNil() throws {
        let facts = try #require(CrashPayload.facts(from: Message().payload[...]))
        #expect(
            facts
                == CrashFacts(signal: 0, isMainProcess: false, architecture: .arm64, programCounter: 0)
        )
    }

    @Test func everyCutAndEveryByteTooManyIsRefused() {
        let payload = Self.full.payload
        for count in 0..<payload.count { #expect(CrashPayload.facts(from: payload.prefix(count)) == nil) }
        #expect(CrashPayload.facts(from: (payload + [0])[...]) == nil)
    }

    @Test func countsThatDoNotHoldAreRefusedWithoutATrap() {
        for mutate: (inout Message) -> Void in [
            { $0.header.architecture = 3 }, { $0.header.code_count = 33 },
            { $0.frames = Array(repeating: .init(address: 0, module: 0), count: 33) },
        ] {
            var message = Self.full
            mutate(&message)
            #expect(CrashPayload.facts(from: message.payload[...]) == nil)
        }
        var bytes = Message.bytes(of: Self.full.header)
        bytes += Message.bytes(of: apus_crash_module(load_bias: 0, path_length: .max))
        #expect(CrashPayload.facts(from: bytes[...]) == nil)
    }

    @Test(arguments: [1, 7, 100, 5000])
    func theDecoderAcceptsAnyCutAmongOtherMessages(size: Int) throws {
        let started = apus_launcher_message(
            kind: UInt32(APUS_MESSAGE_STARTED),
            child: 0,
            value: 42,
            reserved: 0,
            peak_bytes: 0,
            cpu_microseconds: 0,
            wanted_bytes: 0
        )
        let crash = Message.wrap(Self.full.payload)
        let bytes = Message.bytes(of: started) + crash + crash + Message.bytes(of: started)
        var decoder = LauncherMessageDecoder()
        var result: [LauncherMessage] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            result += try Array(rest.prefix(size)).withUnsafeBytes { try decoder.append($0) }
            rest = rest.dropFirst(size)
        }
        try decoder.finish()
        #expect(result == [.started(pid: 42), .crashed(Self.facts), .crashed(Self.facts), .started(pid: 42)])
    }

    @Test(arguments: [-1, Int32(APUS_CRASH_PAYLOAD_LIMIT) + 1, .max, .min, 0])
    func theDecoderRefusesASizeThatNoLauncherSends(size: Int32) {
        var decoder = LauncherMessageDecoder()
        #expect(throws: LauncherMessageDecoder.Failure.malformedCrash) {
            try Message.wrap([], size: size).withUnsafeBytes { try decoder.append($0) }
        }
    }

    @Test func anEndInsideAPayloadIsRefused() throws {
        var decoder = LauncherMessageDecoder()
        _ = try Message.wrap(Self.full.payload).dropLast().withUnsafeBytes { try decoder.append($0) }
        #expect(throws: LauncherMessageDecoder.Failure.self) { try decoder.finish() }
    }
}
