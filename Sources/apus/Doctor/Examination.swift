import LambdaModel
import Sandbox

/// Looks at this machine: everything that is asked of other programs at once, then one group after the other.
struct Examination {
    let variables: [String: String]
    let searchPath: SearchPath
    let machine = MachineFacts()
    let cpu = HostCPU.current
    /// A directory as running functions get one. The programs that are asked leave their litter there.
    let scratch: Result<TemporaryDirectory, LaunchFailure>
    private let answers: [ProgramQuestion: ProgramAnswer]

    init(variables: [String: String]) {
        self.variables = variables
        let searchPath = SearchPath(variables["PATH"])
        self.searchPath = searchPath
        scratch = Result { () throws(LaunchFailure) in try TemporaryDirectory.make(prefix: "doctor-") }
        let tools =
            [.qemuX86, .qemuARM64] + DoctorTool.symbolizers + DoctorTool.buildTools + DoctorTool.neighbours
        var questions = Set(tools.compactMap { Self.question($0, searchPath) })
        if let sysroot = Self.sysrootQuestion(searchPath) { questions.insert(sysroot) }
        answers = ProgramInterview.ask(questions, variables: Self.quiet(variables, scratch))
    }

    /// Removes what was made for the examination.
    func finish() {
        if case .success(let directory) = scratch { directory.remove() }
    }

    func report() -> DoctorReport {
        let isolation = IsolationChecks(self)
        return DoctorReport(
            machine: machine,
            cpu: cpu,
            groups: [
                DoctorGroup(name: "running", title: "Running functions", checks: RunningChecks(self).checks),
                DoctorGroup(name: "isolation", title: "Isolation (--backend)", checks: isolation.checks),
                DoctorGroup(name: "cpu", title: "CPU", checks: CPUChecks(self).checks),
                DoctorGroup(name: "emulation", title: "Other CPUs (--cpu)", checks: EmulationChecks(self).checks),
                DoctorGroup(name: "diagnosis", title: "Diagnosis", checks: DiagnosisChecks(self).checks),
                DoctorGroup(name: "build", title: "Build tools", checks: BuildChecks(self).checks),
                DoctorGroup(name: "neighbours", title: "Neighbours", checks: DoctorTool.neighbours.map(check)),
            ],
            isolations: isolation.isolations
        )
    }

    /// Whether a tool is there, and its version.
    func check(_ tool: DoctorTool) -> DoctorCheck {
        guard let path = tool.path(in: searchPath) else {
            return DoctorCheck(
                tool.name,
                .missing,
                purpose: tool.purpose,
                remedy: machine.distribution.remedy(for: tool.package)
            )
        }
        var check = DoctorCheck(tool.name, .ok, path: path, purpose: tool.purpose)
        guard let question = Self.question(tool, searchPath) else {
            check.state = .found
            return check
        }
        switch answers[question] {
        case .output(let text):
            check.version = PlainText.version(in: text)
        case .failed:
            check.state = .warning
            check.detail = "it fails when it is asked for its version"
        case .silent:
            check.state = .warning
            check.detail = "it did not tell its version in \(ProgramInterview.limit / 1_000) s"
        case .notStarted(let code):
            check.state = .warning
            check.detail = "it cannot be started: \(ByteSource.text(of: code))"
        case nil:
            check.state = .found
        }
        return check
    }

    /// Where the Rust compiler keeps its targets; `nil` without one, or when it does not say.
    var rustSysroot: String? {
        guard let question = Self.sysrootQuestion(searchPath), case .output(let text)? = answers[question] else {
            return nil
        }
        return text.split(whereSeparator: \.isNewline).first.map(String.init)
    }

    private static func question(_ tool: DoctorTool, _ searchPath: SearchPath) -> ProgramQuestion? {
        guard let arguments = tool.arguments, let path = tool.path(in: searchPath) else { return nil }
        return ProgramQuestion(path: path, arguments: arguments)
    }

    private static func sysrootQuestion(_ searchPath: SearchPath) -> ProgramQuestion? {
        DoctorTool.rustc.path(in: searchPath).map { ProgramQuestion(path: $0, arguments: ["--print", "sysroot"]) }
    }

    /// Answers in English, and no toolchain fetched because the project here asks for another version.
    private static func quiet(
        _ variables: [String: String],
        _ scratch: Result<TemporaryDirectory, LaunchFailure>
    ) -> [String: String] {
        var result = variables.merging(["LC_ALL": "C", "GOTOOLCHAIN": "local", "RUSTUP_AUTO_INSTALL": "0"]) { $1 }
        if case .success(let directory) = scratch { result["TMPDIR"] = directory.path }
        return result
    }
}
