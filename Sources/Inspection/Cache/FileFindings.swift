/// What was found out about a file of a package besides its code: how it was made, and whether it starts.
struct FileFindings: Sendable, Hashable {
    var program: ProgramFacts?
    var findings: [StartupFinding]
}

/// As text, in the form of `AnalysisRecord`.
extension FileFindings {
    var record: String {
        var lines: [[String]] = []
        if let program {
            lines.append([
                "program", program.language.rawValue, program.linkage.rawValue, program.cLibrary?.rawValue ?? "",
                program.isStripped ? "1" : "0", program.hasDebugInfo ? "1" : "0",
                program.compiler.map { "=" + $0 } ?? "",
            ])
        }
        lines += findings.map { finding in
            ["finding", finding.severity.rawValue, finding.code, finding.file.map { "=" + $0 } ?? "", finding.message]
                + finding.fixes
        }
        return AnalysisRecord.text(lines)
    }

    init?(record: String) {
        guard let lines = AnalysisRecord.lines(record) else { return nil }
        self.init(program: nil, findings: [])
        for line in lines {
            switch line[0] {
            case "program":
                guard let program = ProgramFacts(record: line) else { return nil }
                self.program = program
            case "finding":
                guard line.count >= 5, let severity = StartupFinding.Severity(rawValue: line[1]) else { return nil }
                let file = line[3].isEmpty ? nil : String(line[3].dropFirst())
                findings.append(StartupFinding(severity, line[2], file: file, line[4], fixes: Array(line[5...])))
            default: return nil
            }
        }
    }
}

extension ProgramFacts {
    fileprivate init?(record line: [String]) {
        guard line.count == 7, let language = BuildLanguage(rawValue: line[1]), let linkage = Linkage(rawValue: line[2])
        else { return nil }
        self.init(
            language: language,
            compiler: line[6].isEmpty ? nil : String(line[6].dropFirst()),
            linkage: linkage,
            cLibrary: CLibrary(rawValue: line[3]),
            isStripped: line[4] == "1",
            hasDebugInfo: line[5] == "1"
        )
    }

    private init(
        language: BuildLanguage,
        compiler: String?,
        linkage: Linkage,
        cLibrary: CLibrary?,
        isStripped: Bool,
        hasDebugInfo: Bool
    ) {
        self.language = language
        self.compiler = compiler
        self.linkage = linkage
        self.cLibrary = cLibrary
        self.isStripped = isStripped
        self.hasDebugInfo = hasDebugInfo
    }
}
