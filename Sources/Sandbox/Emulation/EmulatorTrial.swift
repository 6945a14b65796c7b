internal import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Starts the emulator once with nothing to run: it makes the CPU, says what is wrong with it and ends. It is started as
/// the function will be, traced and filtered, so that this machine's permission for that is tried too.
struct EmulatorTrial {
    let emulation: CPUEmulation

    init(of emulation: CPUEmulation) { self.emulation = emulation }

    /// In ms. It needs less than 100.
    private static let patience: Int32 = 20_000

    /// The features of the model that the emulator warns of because it cannot emulate them.
    func unsupportedFeatures() throws(ApusError) -> [String] {
        let output: String
        let failure: Int32?
        do {
            (output, failure) = try run()
        } catch {
            throw ApusError("cpu.no-emulator", "\(emulation.emulator) could not be started: \(error)")
        }
        if failure == CPUEmulation.notPermitted { throw Self.unprotected }
        if let failure {
            throw ApusError("cpu.no-emulator", "\(emulation.emulator) cannot be executed (errno \(failure))")
        }
        return try Self.unsupportedFeatures(in: output, of: emulation)
    }

    /// Reads what the emulator has printed.
    static func unsupportedFeatures(in output: String, of emulation: CPUEmulation) throws(ApusError) -> [String] {
        var features: [String] = []
        for line in output.split(whereSeparator: \.isNewline) {
            if let feature = unsupportedFeature(in: line) { features.append(feature) }
            // "unable to find CPU model 'x'", "Property 'y' not found", "expected key=value format": all without "warning".
            let isVerdict = ["CPU model", "Property", "roperty '", "key=value"].contains { line.contains($0) }
            guard isVerdict, !line.contains("warning:") else { continue }
            let reason = line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }
            throw CPUEmulation.unknownModel(
                emulation.cpuOption,
                emulator: emulation.emulator,
                reason: String(reason.filter { $0.isASCII }.prefix(200))
            )
        }
        return features
    }

    /// From `…: warning: TCG doesn't support requested feature: CPUID.01H:ECX.pcid [bit 17]`: `pcid`.
    private static func unsupportedFeature(in line: Substring) -> String? {
        guard line.contains("support requested feature"), let bit = line.firstRange(of: " [bit") else { return nil }
        let name = line[..<bit.lowerBound].split(separator: ".", omittingEmptySubsequences: false).last ?? ""
        let isName = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_")
        }
        return name.isEmpty || !isName ? nil : String(name)
    }

    static let unprotected = ApusError(
        "cpu.children-unprotected",
        "the CPU cannot be emulated here: this system lets no process trace another (ptrace, seccomp), "
            + "so programs that the function starts would run natively, on the real CPU",
        hint: "in a container, permit ptrace (docker run --cap-add SYS_PTRACE); "
            + "else ask who administers the machine for kernel.yama.ptrace_scope 1 or 0"
    )

    // MARK: Running it

    /// Everything printed, and the errno where nothing could be executed.
    private func run() throws(LaunchFailure) -> (output: String, failure: Int32?) {
        let trial = try LaunchTrial.run(
            LaunchSpecification(
                executable: emulation.emulator,
                arguments: [emulation.emulator, "-cpu", emulation.cpuOption, "/dev/null"],
                environment: [:],
                workingDirectory: "/",
                emulation: emulation
            ),
            patience: Self.patience
        )
        return (String(decoding: trial.output, as: UTF8.self), trial.execErrno)
    }
}
