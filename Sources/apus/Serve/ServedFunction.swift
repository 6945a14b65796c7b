import ExecutionEnvironment
import LambdaModel
import NIOCore
import SAMTemplate

/// A function of a template that a server can run.
struct ServedFunction {
    let logicalID: String
    let configuration: EnvironmentConfiguration
    private let prepared: PreparedFunction

    /// - Throws: what keeps the function from being run, as its template has it.
    init(
        _ function: TemplateFunction,
        on selected: SelectedBackend,
        cpu name: String?,
        credentials: FunctionEnvironment.Credentials?
    ) throws {
        logicalID = function.logicalID
        prepared = try PreparedFunction(try SelectedFunction(function), on: selected, cpu: name)
        // The first crash is told without its place; from then on processes are looked at, which costs time.
        var configuration = prepared.configuration(credentials: credentials, capturesCrashes: .afterFirstCrash)
        // Sooner, environments under load freeze and thaw all the time: at 64 callers a quarter of the throughput went
        // with 10 ms.
        configuration.freezeDelay = .milliseconds(100)
        self.configuration = configuration
    }

    /// Removes what was made for it.
    func remove() {
        prepared.remove()
    }
}
