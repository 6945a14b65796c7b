package import LambdaModel
package import NIOCore

/// What one environment needs to know to run its function.
package struct EnvironmentConfiguration: Sendable {
    package typealias Launch =
        @Sendable (_ runtimeAPI: String, _ type: FunctionEnvironment.InitializationType) throws(LaunchFailure) ->
        LaunchPlan

    package var function: FunctionConfiguration
    /// What to start, given the Runtime API's `host:port` and what the function is to be told of its initialization. Called
    /// at every init, off the event loop.
    package var launch: Launch
    /// Where the Runtime API listens; port 0 lets the system choose.
    package var runtimeAPIHost: String
    package var runtimeAPIPort: Int
    /// The name or address of `runtimeAPIHost` for the function's processes, where they know it by another one.
    package var runtimeAPIName: String?
    /// The port at which the Runtime API listens in the environment's own network; `nil`: it listens on this machine.
    package var privateRuntimeAPIPort: Int?
    /// The file on this machine that the function's processes know by a path.
    package var hostPath: @Sendable (_ path: String) -> String = { $0 }
    package var initializationType = FunctionEnvironment.InitializationType.onDemand
    /// How long the environment rests between invocations before its processes are stopped; `nil`: they never are.
    package var freezeDelay: TimeAmount?
    /// When processes are looked at as they crash.
    package var capturesCrashes = CrashCapturePolicy.never
    /// Puts a crash into words for the log and the report; `nil`: the report has the facts alone.
    package var explainCrash: CrashExplainer?
    /// Where that is done; `nil`: on Swift's own threads. See ``ThreadPoolExecutor``.
    package var explanationExecutor: (any TaskExecutor)?

    package init(
        function: FunctionConfiguration,
        runtimeAPIHost: String = "127.0.0.1",
        runtimeAPIPort: Int = 0,
        launch: @escaping Launch
    ) {
        self.function = function
        self.runtimeAPIHost = runtimeAPIHost
        self.runtimeAPIPort = runtimeAPIPort
        self.launch = launch
    }
}
