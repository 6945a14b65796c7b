import ExecutionEnvironment
import Inspection
import LambdaModel
import Sandbox

/// How the crashes of one function are put into words.
struct CrashExplaining: Sendable {
    let cpu: SelectedCPU
    var build = BuildDriver.unknown
    /// Directories that source files are shown relative to, besides the working directory.
    let sourceDirectories: [String]

    /// For an environment's crashes, as they are captured.
    var explainer: CrashExplainer {
        { facts, outputTail in
            await CrashDiagnosis.diagnose(facts, context: context(outputTail: outputTail)).explanation
        }
    }

    /// For a death that left no crash to capture, only words: a Go program's report of its own, a refusal of this CPU.
    func explanation(ofExit exit: ProcessExit, outputTail: String, bootstrap: String?) async -> CrashExplanation? {
        guard exit.status == .exited(2) else { return nil }
        let diagnosis = await CrashDiagnosis.diagnoseGoReport(
            executable: bootstrap,
            architecture: cpu.emulation?.architecture ?? .host,
            emulatedModel: cpu.emulation?.model,
            context: context(outputTail: outputTail)
        )
        return diagnosis?.explanation
    }

    /// Lines about a program that refused this CPU by itself; empty when none did.
    func refusal(outputTail: String) -> [String] {
        let cpu = cpu.profile
        let lines = GoLevelExplanation.lines(outputTail: outputTail, cpu: cpu)
        return lines.isEmpty ? ISALevelExplanation.lines(outputTail: outputTail, cpu: cpu) : lines
    }

    private func context(outputTail: String) -> CrashContext {
        let variables = HostEnvironment.variables
        let cache = AnalysisCache.standard(variables: variables)
        return CrashContext(
            cpu: cpu.profile,
            build: build,
            outputTail: outputTail,
            sourceDirectories: sourceDirectories + [HostEnvironment.currentDirectory],
            toolPath: variables["PATH"],
            analyse: { path in try? CPUInspection.analyse(file: path, cache: cache) }
        )
    }
}
