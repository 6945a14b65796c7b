import ExecutionEnvironment
import LambdaModel
import Sandbox

extension EnvironmentConfiguration {
    /// Of a function that a backend starts, with all that the function is to see of itself.
    init(
        _ function: FunctionConfiguration,
        on backend: any ExecutionBackend,
        credentials: FunctionEnvironment.Credentials
    ) {
        let view = backend.view
        self.init(function: function) { (address, type) throws(LaunchFailure) in
            let surroundings = FunctionEnvironment.Surroundings(
                runtimeAPI: address,
                taskRoot: view.taskRoot,
                runtimeDirectory: view.runtimeDirectory,
                layerRoots: view.layerRoots,
                credentials: credentials,
                // Each environment has a stream of its own.
                logStream: EnvironmentName.logStream(of: function, epochMilliseconds: WallClock.epochMilliseconds()),
                initializationType: type
            )
            return try LaunchPlan(backend, variables: FunctionEnvironment.variables(of: function, in: surroundings))
        }
        privateRuntimeAPIPort = view.runtimeAPIPort
        runtimeAPIName = view.runtimeAPIName
        if view.listensEverywhere { runtimeAPIHost = "0.0.0.0" }
        hostPath = { backend.hostPath(of: $0) }
    }
}
