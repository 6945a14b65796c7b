import ExecutionEnvironment
import InvokeAPI
import LambdaModel
import NIOCore
import SAMTemplate

/// Makes functions ready for a server, each in an environment of the backend that the command line asks for.
struct CommandFunctionStarter: FunctionStarter {
    let backend: SelectedBackend
    let cpu: String?
    let credentials: FunctionEnvironment.Credentials?

    func prepare(
        _ configuration: FunctionConfiguration,
        code: FunctionCode,
        layers: [FunctionCode]
    ) throws -> StartableFunction {
        try prepare(SelectedFunction(configuration: configuration, code: code, layers: layers))
    }

    /// A function of a template.
    ///
    /// - Throws: what keeps the function from being run, as its template has it.
    func prepare(_ function: TemplateFunction) throws -> ServedTemplateFunction {
        ServedTemplateFunction(
            logicalID: function.logicalID,
            startable: try prepare(try SelectedFunction(function)),
            code: function.image == nil ? function.code : nil,
            layers: function.layers.compactMap(\.content)
        )
    }

    private func prepare(_ function: SelectedFunction) throws -> StartableFunction {
        let prepared = try PreparedFunction(function, on: backend, cpu: cpu)
        // The first crash is told without its place; from then on processes are looked at, which costs time.
        var configuration = prepared.configuration(credentials: credentials, capturesCrashes: .afterFirstCrash)
        // Sooner, environments under load freeze and thaw all the time: at 64 callers a quarter of the throughput went
        // with 10 ms.
        configuration.freezeDelay = .milliseconds(100)
        return StartableFunction(configuration: configuration) { prepared.remove() }
    }
}
