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
        DescriptorLimit.raise()
        let settings = try CommandSettings(command.template, command: ["local", "start_lambda"])
        let selected = try SelectedBackend(command.isolation)
        if let notice = selected.notice { Console.note(notice) }
        let credentials = try settings.profile.map { try AWSProfile(named: $0).credentials() }
        let state = try state(settings)
        let log = try LogDestination(path: settings.text(command.logFile, "log_file"))
        defer { log.close() }
        let starter = CommandFunctionStarter(backend: selected, cpu: command.cpu, credentials: credentials)
        let region = settings.region ?? settings.profileRegion() ?? FunctionARN.defaultRegion
        var project = ServedProject(command: command, settings: settings, starter: starter)
        var watched: WatchedServer?
        if command.watch {
            project.snapshots = ArtifactSnapshots(in: ".aws-sam")
            var server = try WatchedServer(command: command, settings: settings)
            if let signal = try await server.begin(&project, until: termination) { return signal }
            watched = server
        } else if settings.hasTemplate {
            // Where there is none, functions come through the API alone.
            try project.read(settings.template(prefersBuilt: true))
        }
        return try await serve(
            project,
            watched,
            starter,
            region,
            state,
            logDescriptor: log.descriptor,
            until: termination
        )
    }

    private func state(_ settings: CommandSettings) throws -> ServerState {
        // Without a template the directory has a store of its own, too.
        let template = settings.hasTemplate ? try settings.templatePath(prefersBuilt: true) : "template.yaml"
        guard
            let path = command.stateDir.map(Self.absolute)
                ?? StateLocation.path(template: template, environment: HostEnvironment.variables)
        else {
            throw ApusError(
                "state.directory",
                "there is no HOME to keep created functions and asynchronous invocations in",
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
        _ project: ServedProject,
        _ watched: WatchedServer?,
        _ starter: CommandFunctionStarter,
        _ region: String,
        _ state: ServerState,
        logDescriptor: Int32,
        until termination: Termination
    ) async throws -> Int32? {
        let loops = EventLoops.shared
        let log = try await loops.makeLog(descriptor: logDescriptor).get()
        var project = project
        defer { for function in project.functions { function.startable.remove() } }
        let server = try await LambdaServer.start(
            project.functions,
            limits: .init(
                concurrency: command.concurrency,
                waiting: command.queue ? FunctionPool.queueLimit : 0,
                idleTime: .seconds(Int64(command.idleTime))
            ),
            starter: starter,
            at: .init(
                host: command.host,
                port: command.port,
                allowedHosts: Set(command.allowHost.map { $0.lowercased() })
            ),
            region: region,
            state: state,
            eventLoop: loops.eventLoop,
            threadPool: loops.threadPool,
            log: log
        ).get()
        let (port, names, events) = try await loops.eventLoop.submit {
            (server.value.port, server.value.functionNames, server.value.eventCount)
        }.get()
        announce(names, port: port)
        ProgramPages.release()
        if events > 0 { Console.note("goes on with asynchronous invocations of before: \(events)") }
        var signal: Int32?
        if var watched {
            signal = await watched.follow(&project, server, until: termination)
        } else {
            signal = await termination.next()
        }
        try? await loops.eventLoop.flatSubmit { server.value.shutdown() }.get()
        _ = try? await loops.eventLoop.flatSubmit { log.value.flush(within: .seconds(1)) }.get()
        return signal
    }

    private func announce(_ names: [String], port: Int) {
        let host = command.host.contains(":") ? "[\(command.host)]" : command.host
        let served = names.isEmpty ? "functions that are created" : names.joined(separator: ", ")
        Console.note("serving \(served) at http://\(host):\(port)")
        if !["127.0.0.1", "::1", "localhost"].contains(command.host) {
            Console.warning(
                "everybody who can reach \(command.host) can run these functions, which run with your rights on this network"
            )
        }
    }
}
