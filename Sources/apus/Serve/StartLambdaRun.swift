import AsyncInvocation
import CommandProcess
import ExecutionEnvironment
import FunctionPool
import FunctionStore
import HTTPServer
import InvokeAPI
import LambdaModel
import NIOCore
import NIOPosix
import SAMTemplate

/// The work of `apus start-lambda`: from a template to a server, until a signal comes.
struct StartLambdaRun {
    let command: StartLambdaCommand

    /// - Returns: the signal's number.
    func run(until termination: Termination) async throws -> Int32? {
        let settings = try CommandSettings(command.template, command: ["local", "start_lambda"])
        let selected = try SelectedBackend(command.isolation)
        if let notice = selected.notice { Console.note(notice) }
        let credentials = try settings.profile.map { try AWSProfile(named: $0).credentials() }
        let state = try state(settings)
        let log = try LogDestination(path: settings.text(command.logFile, "log_file"))
        defer { log.close() }
        let functions = try functions(settings, on: selected, credentials)
        defer { for function in functions { function.remove() } }
        return try await serve(functions, state, logDescriptor: log.descriptor, until: termination)
    }

    private func functions(
        _ settings: CommandSettings,
        on selected: SelectedBackend,
        _ credentials: FunctionEnvironment.Credentials?
    ) throws -> [ServedFunction] {
        let template = try settings.template(prefersBuilt: true)
        let overrides = try settings.text(command.envVars, "env_vars").map { try EnvironmentOverrides(path: $0) }
        var functions: [ServedFunction] = []
        for var function in template.functions {
            if let overrides { function = try overrides.apply(to: function).0 }
            do {
                let backend =
                    function.image == nil
                    ? selected : try SelectedBackend(forImageOf: function.configuration, command.isolation)
                functions.append(
                    try ServedFunction(function, on: backend, cpu: command.cpu, credentials: credentials)
                )
            } catch let error as ApusError {
                // One that cannot be run does not keep the others from it.
                Console.warning("\(function.logicalID) is not served: \(error.message)")
            }
        }
        guard !functions.isEmpty else {
            throw ApusError("serve.nothing", "\(template.path) has no function that can be served")
        }
        return functions
    }

    private func state(_ settings: CommandSettings) throws -> ServerState {
        let template = try settings.templatePath(prefersBuilt: true)
        guard
            let path = command.stateDir.map(Self.absolute)
                ?? StateLocation.path(template: template, environment: HostEnvironment.variables)
        else {
            throw ApusError(
                "state.directory",
                "there is no HOME to keep asynchronous invocations in",
                hint: "choose a directory with --state-dir"
            )
        }
        return try ServerState(directory: StateDirectory(path: path), timing: EventTiming(scale: command.timeScale))
    }

    private static func absolute(_ path: String) -> String {
        var path = path.hasPrefix("/") ? path : HostEnvironment.currentDirectory + "/" + path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    private func serve(
        _ functions: [ServedFunction],
        _ state: ServerState,
        logDescriptor: Int32,
        until termination: Termination
    ) async throws -> Int32? {
        let loops = EventLoops.shared
        let log = try await loops.makeLog(descriptor: logDescriptor).get()
        let server = try await open(functions, state, log, on: loops).get()
        let (port, events) = try await loops.eventLoop.submit { (server.value.port, server.value.eventCount) }.get()
        announce(functions, port: port)
        if events > 0 { Console.note("goes on with asynchronous invocations of before: \(events)") }
        let signal = await termination.next()
        try? await loops.eventLoop.flatSubmit { server.value.shutdown() }.get()
        _ = try? await loops.eventLoop.flatSubmit { log.value.flush(within: .seconds(1)) }.get()
        return signal
    }

    private func open(
        _ functions: [ServedFunction],
        _ state: ServerState,
        _ log: NIOLoopBound<FunctionLog>,
        on loops: EventLoops
    ) -> EventLoopFuture<NIOLoopBound<LambdaServer>> {
        LambdaServer.start(
            functions.map { .init(name: $0.logicalID, configuration: $0.configuration, limits: limits(of: $0)) },
            concurrency: command.concurrency,
            host: command.host,
            port: command.port,
            allowedHosts: Set(command.allowHost.map { $0.lowercased() }),
            state: state,
            eventLoop: loops.eventLoop,
            threadPool: loops.threadPool,
            log: log
        )
    }

    private func limits(of function: ServedFunction) -> FunctionPool.Limits {
        FunctionPool.Limits(
            environments: min(command.concurrency, function.configuration.function.reservedConcurrency ?? .max),
            waiting: command.queue ? FunctionPool.queueLimit : 0,
            idleTime: .seconds(Int64(command.idleTime))
        )
    }

    private func announce(_ functions: [ServedFunction], port: Int) {
        let host = command.host.contains(":") ? "[\(command.host)]" : command.host
        let names = functions.map(\.configuration.function.name).sorted().joined(separator: ", ")
        Console.note("serving \(names) at http://\(host):\(port)")
        if !["127.0.0.1", "::1", "localhost"].contains(command.host) {
            Console.warning(
                "everybody who can reach \(command.host) can run these functions, which run with your rights on this network"
            )
        }
    }
}
