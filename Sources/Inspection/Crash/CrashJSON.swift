internal import LambdaModel

/// A diagnosis as one JSON object. A member without a value is left out.
struct CrashJSON {
    var diagnosis: CrashDiagnosis

    var text: String {
        let facts = diagnosis.facts
        var members: [(String, String?)] = [
            ("signal", String(facts.signal)),
            ("signalName", JSONText.quoted(CrashSignal(number: facts.signal).name)),
            ("cause", JSONText.quoted(diagnosis.cause.code)),
            ("phase", diagnosis.phase.map { JSONText.quoted(Self.name($0)) }),
            ("process", process),
            ("architecture", JSONText.quoted(facts.architecture.rawValue)),
            ("cpu", JSONText.quoted(diagnosis.cpu.name)),
            ("emulated", facts.emulatedModel == nil ? "false" : "true"),
            ("instruction", diagnosis.instruction.map { JSONText.quoted($0.text) }),
            ("feature", diagnosis.instruction?.feature.map { JSONText.quoted($0.rawValue) }),
            ("programCounter", Self.address(facts.programCounter)),
            ("faultAddress", facts.faultAddress.map(Self.address)),
        ]
        members += Self.members(of: diagnosis.location)
        members += [
            ("calledFrom", diagnosis.caller.map { JSONText.object(Self.members(of: $0)) }),
            ("language", diagnosis.language == .unknown ? nil : JSONText.quoted(diagnosis.language.rawValue)),
            ("said", diagnosis.words.map(JSONText.quoted)),
            ("unguardedFunctions", diagnosis.unguardedFunctions.map { String($0) }),
            ("runsOn", JSONText.array(diagnosis.runsOn.map(JSONText.quoted))),
            ("reasons", JSONText.array(diagnosis.reasons.map(JSONText.quoted))),
            ("fixes", JSONText.array(diagnosis.fixes.map(Self.fix))),
        ]
        return JSONText.object(members)
    }

    private var process: String {
        JSONText.object([
            ("pid", String(diagnosis.facts.processID)),
            ("main", diagnosis.facts.isMainProcess ? "true" : "false"),
            ("executable", diagnosis.facts.executable.map(JSONText.quoted)),
        ])
    }

    private static func members(of location: CrashLocation?) -> [(String, String?)] {
        guard let location else { return [] }
        return [
            ("function", location.function.map(JSONText.quoted)),
            ("inlinedInto", location.inlinedInto.map(JSONText.quoted)),
            ("offset", location.offset.map { String($0) }),
            ("file", location.file.map(JSONText.quoted)),
            ("line", location.line.map { String($0) }),
            ("lineIsExact", location.line == nil ? nil : location.isLineExact ? "true" : "false"),
            ("module", location.module.map(JSONText.quoted)),
            ("address", address(location.address)),
        ]
    }

    private static func fix(_ fix: CPUFix) -> String {
        JSONText.object([
            ("action", JSONText.quoted(fix.action)), ("effect", fix.effect.isEmpty ? nil : JSONText.quoted(fix.effect)),
        ])
    }

    private static func name(_ phase: CrashFacts.Phase) -> String {
        switch phase {
        case .initialization: "init"
        case .invocation: "invoke"
        case .shutdown: "shutdown"
        }
    }

    /// In hexadecimal, as a string: JSON numbers lose digits beyond 2^53 in many readers.
    private static func address(_ value: UInt64) -> String {
        "\"0x" + String(value, radix: 16) + "\""
    }
}
