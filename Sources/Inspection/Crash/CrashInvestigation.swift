internal import LambdaModel

/// The work of one diagnosis: reads the files, asks the tools, puts the parts together.
struct CrashInvestigation {
    var facts: CrashFacts
    var context: CrashContext
    /// Go's report, where the facts come from it.
    var report: GoCrashReport?
    /// The program's file; `facts.executable` where that is known.
    var program: String?

    init(facts: CrashFacts, context: CrashContext) {
        self.facts = facts
        self.context = context
        program = facts.executable ?? facts.module?.path
    }

    func diagnosis() async -> CrashDiagnosis {
        let files = ModuleFiles()
        let words = ProgramWords(outputTail: context.outputTail)
        let instruction = CrashInstruction.read(
            code(files),
            address: facts.programCounter,
            architecture: facts.architecture
        )
        let cause = CrashClassifier(
            facts: facts,
            instruction: instruction,
            instructionBefore: instructionBefore(files),
            cpu: context.cpu,
            words: words
        ).cause
        async let analysis = analysis(for: cause)
        let frames = await CrashSymbolizer(
            files: files,
            toolPath: context.toolPath,
            limit: context.symbolizerLimit
        ).symbolize(facts)
        let (location, caller) = await places(frames)
        let language = program.map { BuildLanguage(programAt: $0, files: files) } ?? .unknown
        var diagnosis = CrashDiagnosis(
            facts: facts,
            cause: cause,
            instruction: instruction,
            location: location,
            caller: caller,
            cpu: context.cpu,
            phase: facts.phase,
            language: language,
            words: Self.concerns(cause) ? words?.text : nil,
            runsOn: [],
            unguardedFunctions: nil,
            reasons: [],
            fixes: []
        )
        CrashReasons(words: words, frames: frames, analysis: await analysis, context: context).complete(&diagnosis)
        return diagnosis
    }

    /// The code at the program counter; from the file where the process did not give it.
    private func code(_ files: ModuleFiles) -> [UInt8] {
        guard facts.code.isEmpty, let module = facts.module else { return facts.code }
        return files.bytes(module, address: facts.programCounter, count: 16)
    }

    /// `int3` (one byte) and `int 0x80` (two) leave the program counter behind themselves.
    private func instructionBefore(_ files: ModuleFiles) -> CrashInstruction? {
        guard facts.architecture == .x86_64, let module = facts.module, facts.programCounter >= 2 else { return nil }
        let code = files.bytes(module, address: facts.programCounter &- 2, count: 2)
        guard code.count == 2 else { return nil }
        if code == [0xCD, 0x80] { return CrashInstruction(text: "int 0x80", kind: .int80) }
        return code[1] == 0xCC ? CrashInstruction(text: "int3", kind: .trap) : nil
    }

    private func analysis(for cause: CrashCause) async -> CPUAnalysis? {
        guard case .featureMissing = cause, let analyse = context.analyse, let path = facts.module?.path ?? program
        else {
            return nil
        }
        return await analyse(path)
    }

    /// What a program said matters for an end that it chose itself, not for one that the CPU or the memory forced.
    private static func concerns(_ cause: CrashCause) -> Bool {
        switch cause {
        case .programTrap, .abort, .stackOverflow, .sent, .unknown: true
        default: false
        }
    }

    /// Where the process died, and the innermost frame of the user's own code if that is another.
    private func places(_ frames: [SymbolizedFrame]) async -> (CrashLocation?, CrashLocation?) {
        let top = frames.first.flatMap { $0.isReturnAddress ? nil : $0 }
        let user = frames.first { $0.isUsers }
        var location = top.map { $0.location(in: context.sourceDirectories) }
        var caller = user == top ? nil : user.map { $0.location(in: context.sourceDirectories) }
        if let report { complete(&location, &caller, from: report) }
        let demangler = SwiftDemangler(toolPath: context.toolPath)
        return await demangler.demangle(location, caller)
    }

    /// Go's trace knows functions and lines of a stripped program too.
    private func complete(_ location: inout CrashLocation?, _ caller: inout CrashLocation?, from report: GoCrashReport)
    {
        let places = report.frames.map { frame in
            let file = frame.file.map { SourcePath.short($0, in: context.sourceDirectories) }
            return CrashLocation(function: frame.function, file: file, line: frame.line, module: program)
        }
        guard var first = places.first else { return }
        if location?.file == nil {
            first.offset = location?.offset
            first.address = facts.programCounter
            location = first
        }
        let isUsers = zip(report.frames, places).map { frame, _ in
            !SourceFrame(function: frame.function, file: frame.file, line: frame.line).isForeign
        }
        guard caller == nil, isUsers.first == false, let index = isUsers.firstIndex(of: true) else { return }
        caller = places[index]
    }
}
