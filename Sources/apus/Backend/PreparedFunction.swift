import CommandProcess
import ExecutionEnvironment
import LambdaModel
import Sandbox

/// A function that is ready to be started: its code as directories, the CPU and the backend that it runs on.
struct PreparedFunction {
    let function: SelectedFunction
    let code: PreparedCode
    let cpu: SelectedCPU
    let backend: any ExecutionBackend
    let crashes: CrashExplaining
    /// The file on this machine that it starts; `nil` where there is none.
    let bootstrap: String?
    private let disk: TemporaryDisk?

    /// Unpacks zips, asks for the emulator. What it makes disappears with the value at the latest.
    init(_ function: SelectedFunction, on selected: SelectedBackend, cpu name: String?) throws {
        self.function = function
        let code = try PreparedCode(function, placesBootstrap: selected.placesBootstrap)
        let disk = try selected.disk(of: function.configuration)
        let bare = try selected.backend(of: function, code: code, disk: disk, emulation: nil)
        let bootstrap = try? bare.entrypoint().path
        let cpu =
            selected.isContainer
            ? SelectedCPU.native
            : try SelectedCPU(
                named: name,
                architecture: function.configuration.architecture,
                bootstrap: bootstrap,
                isStatic: selected.hasOwnRoot
            )
        self.code = code
        self.disk = disk
        self.bootstrap = bootstrap
        self.cpu = cpu
        backend =
            cpu.emulation == nil
            ? bare : try selected.backend(of: function, code: code, disk: disk, emulation: cpu.emulation)
        crashes = CrashExplaining(cpu: cpu, build: function.build, sourceDirectories: [code.taskRoot])
    }

    /// - Parameter capturesCrashes: when processes are looked at as they crash, where the backend lets anybody look.
    func configuration(
        credentials: FunctionEnvironment.Credentials?,
        capturesCrashes: CrashCapturePolicy
    ) -> EnvironmentConfiguration {
        var result = EnvironmentConfiguration(
            function.configuration,
            on: backend,
            credentials: credentials ?? .placeholder
        )
        result.capturesCrashes = backend.showsCrashes ? capturesCrashes : .never
        result.explainCrash = crashes.explainer
        result.explanationExecutor = CommandTasks.executor
        return result
    }

    /// Removes what was made for it, now.
    func remove() {
        code.remove()
        disk?.remove()
    }
}
