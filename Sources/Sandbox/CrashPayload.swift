internal import CLauncher
internal import LambdaModel

/// The payload of the launcher's message `APUS_MESSAGE_CRASHED` (see CrashMessage.h).
enum CrashPayload {
    /// `nil` for bytes that no launcher writes: counts that do not match the size, numbers without a meaning.
    static func facts(from payload: ArraySlice<UInt8>) -> CrashFacts? {
        var rest = payload
        guard let header = take(apus_crash_header.self, from: &rest),
            let architecture = architecture(header.architecture),
            Int(header.code_count) <= Int(APUS_CRASH_CODE_BYTES),
            Int(header.frame_count) <= Int(APUS_CRASH_FRAMES),
            let frames = takeFrames(Int(header.frame_count), from: &rest),
            let modules = takeModules(Int(header.module_count), from: &rest),
            let executable = takeText(UInt64(header.executable_length), from: &rest),
            let model = takeText(UInt64(header.emulated_model_length), from: &rest),
            rest.isEmpty
        else { return nil }

        func module(_ index: UInt64) -> CrashFacts.Module? {
            index < UInt64(modules.count) ? modules[Int(index)] : nil
        }
        let code = withUnsafeBytes(of: header.code) { Array($0.prefix(Int(header.code_count))) }
        return CrashFacts(
            signal: header.signal,
            signalCode: header.has(APUS_CRASH_HAS_SIGNAL_CODE) ? header.signal_code : nil,
            faultAddress: header.has(APUS_CRASH_HAS_FAULT_ADDRESS) ? header.fault_address : nil,
            processID: header.process,
            isMainProcess: header.has(APUS_CRASH_IS_MAIN_PROCESS),
            architecture: architecture,
            emulatedModel: model.isEmpty ? nil : model,
            executable: executable.isEmpty ? nil : executable,
            programCounter: header.program_counter,
            stackPointer: header.stack_pointer,
            code: code,
            module: module(UInt64(header.module)),
            returnAddresses: frames.map { .init(address: $0.address, module: module($0.module)) }
        )
    }

    private static func architecture(_ number: UInt8) -> Architecture? {
        switch Int(number) {
        case Int(APUS_CRASH_X86_64): .x86_64
        case Int(APUS_CRASH_ARM64): .arm64
        default: nil
        }
    }

    private static func takeFrames(_ count: Int, from rest: inout ArraySlice<UInt8>) -> [apus_crash_frame]? {
        var result: [apus_crash_frame] = []
        for _ in 0..<count {
            guard let frame = take(apus_crash_frame.self, from: &rest) else { return nil }
            result.append(frame)
        }
        return result
    }

    private static func takeModules(_ count: Int, from rest: inout ArraySlice<UInt8>) -> [CrashFacts.Module]? {
        var result: [CrashFacts.Module] = []
        for _ in 0..<count {
            guard let module = take(apus_crash_module.self, from: &rest),
                let path = takeText(module.path_length, from: &rest)
            else { return nil }
            result.append(.init(path: path, loadBias: module.load_bias))
        }
        return result
    }

    /// Bytes that are not UTF-8 become U+FFFD.
    private static func takeText(_ count: UInt64, from rest: inout ArraySlice<UInt8>) -> String? {
        guard count <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return String(decoding: rest.prefix(Int(count)), as: UTF8.self)
    }

    private static func take<Value: BitwiseCopyable>(_: Value.Type, from rest: inout ArraySlice<UInt8>) -> Value? {
        let size = MemoryLayout<Value>.size
        guard rest.count >= size else { return nil }
        defer { rest = rest.dropFirst(size) }
        return rest.withUnsafeBytes { $0.loadUnaligned(as: Value.self) }
    }
}

extension apus_crash_header {
    fileprivate func has<Flag: BinaryInteger>(_ flag: Flag) -> Bool {
        flags & UInt32(truncatingIfNeeded: flag) != 0
    }
}
