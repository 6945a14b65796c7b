import CommandProcess
import ExecutionEnvironment
import LambdaModel
import NIOCore
import SAMTemplate
import Sandbox

/// A function of a template that a server can run: its code as directories, its backend, its environments' configuration.
struct ServedFunction {
    let logicalID: String
    let configuration: EnvironmentConfiguration
    private let code: PreparedCode
    private let disk: TemporaryDisk?

    /// - Throws: what keeps the function from being run, as its template has it.
    init(
        _ function: TemplateFunction,
        on selected: SelectedBackend,
        cpu name: String?,
        credentials: FunctionEnvironment.Credentials
    ) throws {
        logicalID = function.logicalID
        let function = try SelectedFunction(function)
        let code = try PreparedCode(function, placesBootstrap: selected.placesBootstrap)
        self.code = code
        let disk = try selected.disk(of: function.configuration)
        self.disk = disk
        let bare = try selected.backend(of: function, code: code, disk: disk, emulation: nil)
        let cpu =
            selected.isContainer
            ? SelectedCPU.native
            : try SelectedCPU(
                named: name,
                architecture: function.configuration.architecture,
                bootstrap: try? bare.entrypoint().path,
                isStatic: selected.hasOwnRoot
            )
        let backend =
            cpu.emulation == nil
            ? bare : try selected.backend(of: function, code: code, disk: disk, emulation: cpu.emulation)
        var configuration = EnvironmentConfiguration(function.configuration, on: backend, credentials: credentials)
        let crashes = CrashExplaining(cpu: cpu, build: function.build, sourceDirectories: [code.taskRoot])
        // The first crash is told without its place; from then on processes are looked at, which costs time.
        configuration.capturesCrashes = backend.showsCrashes ? .afterFirstCrash : .never
        configuration.explainCrash = crashes.explainer
        configuration.explanationExecutor = CommandTasks.executor
        // Sooner, environments under load freeze and thaw all the time: at 64 callers a quarter of the throughput went
        // with 10 ms.
        configuration.freezeDelay = .milliseconds(100)
        self.configuration = configuration
    }

    /// Removes what was made for it.
    func remove() {
        code.remove()
        disk?.remove()
    }
}
