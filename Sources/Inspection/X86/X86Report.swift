internal import CZydis
internal import LambdaModel

/// Puts what was found into the words of the report.
struct X86Report {
    let decoder: X86Decoder
    let program: X86Program
    let guards: X86Guards
    let reachability: X86Reachability

    /// Functions of one need whose way is told, for each feature.
    private static let lzcnt = UInt64(1) << UInt64(APUS_X86_LZCNT.rawValue)

    func analysis(reached: [Int], guarded: [Int], goLevel: Int?) -> CPUAnalysis {
        var result = CPUAnalysis(architecture: .x86_64, reachedFunctions: reached.count)
        result.goLevel = goLevel
        result.needs = needs(of: reached)
        result.guardedFeatures = guardedFeatures(reached, guarded)
        let needed = reached.reduce(UInt64(0)) { $0 | features(of: $1) }
        let check = X86OwnCheck(program: program, guards: guards)
        result.hasOwnCheck = check.isPresent(reached: reached, needed: needed)
        result.blindSpots = blindSpots(reached)
        if check.keepsElsewhere(reached) { result.blindSpots.append(CPUAnalysis.answersOnHeap) }
        result.int80 = int80(reached)
        return result
    }

    private func events(of function: Int) -> [X86Event] {
        guards.findings[function]?.free ?? Array(program.events(of: function))
    }

    /// What a function needs without a check before it, as bits by the features' numbers.
    private func features(of function: Int) -> UInt64 {
        events(of: function).reduce(UInt64(0)) { $0 | ($1.kind == .feature ? 1 << UInt64($1.feature) : 0) } & ~Self
            .lzcnt
    }

    private func needs(of reached: [Int]) -> [CPUNeed] {
        var groups: [UInt64: [Int]] = [:]
        for function in reached {
            let mask = features(of: function)
            if mask != 0, !isOfGo(function) { groups[mask, default: []].append(function) }
        }
        let order = Dictionary(uniqueKeysWithValues: reached.enumerated().map { ($1, $0) })
        return groups.map { mask, functions -> (first: Int, need: CPUNeed) in
            let numbers = (0..<64).filter { mask & 1 << UInt64($0) != 0 }.map { UInt8($0) }
            let witnesses = numbers.compactMap { witness(of: $0, in: functions[0]) }
            return (
                order[functions[0]] ?? 0,
                CPUNeed(
                    features: Set(numbers.compactMap(CPUFeature.init(zydis:))),
                    functionCount: functions.count,
                    witnesses: witnesses
                )
            )
        }
        .sorted { $0.first < $1.first }.map(\.need)
    }

    /// Go's own library checks before it uses what lies above the level that the whole program is built for.
    private func isOfGo(_ function: Int) -> Bool {
        guard guards.context.isGo, program.functions.list[function].label < 0,
            let name = program.knownName(of: function)
        else { return false }
        return X86GoNames.isStandard(name)
    }

    private func witness(of number: UInt8, in function: Int) -> CPUWitness? {
        guard let event = events(of: function).first(where: { $0.kind == .feature && $0.feature == number }) else {
            return nil
        }
        return witness(at: event, in: function, feature: CPUFeature(zydis: number))
    }

    private func witness(at event: X86Event, in function: Int, feature: CPUFeature?) -> CPUWitness {
        let address = program.functions.list[function].start &+ UInt64(event.offset)
        var text = ""
        if let offset = program.image.file.fileOffset(ofAddress: address) {
            text = decoder.instructionText(bytes: program.image.file.bytes[offset...], address: address) ?? ""
        }
        return CPUWitness(
            feature: feature,
            path: reachability.path(to: function),
            address: address,
            offset: UInt64(event.offset),
            instruction: text
        )
    }

    private func guardedFeatures(_ reached: [Int], _ guarded: [Int]) -> Set<CPUFeature> {
        var mask: UInt64 = 0
        for function in reached { mask |= guards.findings[function]?.guardedFeatures ?? 0 }
        for function in guarded {
            for event in program.events(of: function) where event.kind == .feature {
                mask |= 1 << UInt64(event.feature)
            }
        }
        return Set((0..<64).filter { mask & 1 << UInt64($0) != 0 }.compactMap { CPUFeature(zydis: UInt8($0)) })
    }

    private func int80(_ reached: [Int]) -> CPUWitness? {
        for function in reached {
            if let event = events(of: function).first(where: { $0.kind == .int80 }) {
                return witness(at: event, in: function, feature: nil)
            }
        }
        return nil
    }

    private func blindSpots(_ reached: [Int]) -> [String] {
        var result: [String] = []
        if !guards.isComplete {
            result.append(
                "analysis stopped after \(guards.findings.count) functions that ask for the CPU: the file asks too often"
            )
        }
        if !reachability.isComplete {
            result.append("analysis stopped after \(reached.count) functions: the file's data overlaps itself")
        }
        if program.functions.list.isEmpty { result.append("no functions were found") }
        let imports = Set(program.image.imports.values)
        if imports.contains("dlopen") {
            result.append("libraries that are loaded while it runs (dlopen) are not looked into")
        }
        let usesLZCNT = reached.contains {
            events(of: $0).contains { $0.kind == .feature && 1 << UInt64($0.feature) == Self.lzcnt }
        }
        if usesLZCNT { result.append("LZCNT does not fault on CPUs without it but gives another result") }
        return result
    }
}
