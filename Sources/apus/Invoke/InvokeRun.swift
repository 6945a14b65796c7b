import CommandProcess
import EmulatorFrontDoor
import ExecutionEnvironment
import Inspection
import LambdaModel
import SAMTemplate
import Sandbox

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The work of `apus invoke`: from options to one invocation and its explanation.
struct InvokeRun {
    let command: InvokeCommand
    /// Where a build has just made it.
    var builtTemplate: String?

    init(command: InvokeCommand) {
        self.command = command
    }

    func run(until termination: Termination) async throws -> OneShotInvocation.Result {
        // Meanwhile the template is read.
        let options = command.isolation
        async let probe = SelectedBackend(options)
        var settings = try CommandSettings(command.template, command: ["local", "invoke"])
        settings.builtTemplate = builtTemplate
        let function = try selectFunction(settings)
        let event = command.noEvent ? nil : settings.text(command.event, "event")
        let payload = try EventInput.read(from: event)
        let clientContext = try command.clientContext.map { try ClientContext.json(from: $0) }
        let credentials = try settings.profile.map { try AWSProfile(named: $0).credentials() }
        let log = try LogDestination(path: settings.text(command.logFile, "log_file"))
        defer { log.close() }
        let selected =
            function.image == nil
            ? try await probe : try SelectedBackend(forImageOf: function.configuration, options)
        try check(function, on: selected)
        let prepared = try PreparedFunction(function, on: selected, cpu: command.cpu)
        defer { prepared.remove() }
        let (backend, cpu, crashes) = (prepared.backend, prepared.cpu, prepared.crashes)
        if let notice = selected.notice { Console.note(notice) }
        announce(function, backend, cpu)
        let configuration = prepared.configuration(credentials: credentials, capturesCrashes: .always)
        let invocation = OneShotInvocation(
            configuration: configuration,
            request: InvocationRequest(
                requestID: RequestIdentifier.random(),
                invokedFunctionARN: function.configuration.arn.description,
                traceID: RequestIdentifier.trace(epochMilliseconds: WallClock.epochMilliseconds()),
                clientContext: clientContext
            ),
            payload: payload,
            logDescriptor: log.descriptor,
            outputDescriptor: STDOUT_FILENO
        )
        let check = BootstrapCheck(of: prepared.bootstrap)
        var result = try await invocation.run(until: termination)
        if !result.isOutputStuck {
            if result.signal != nil { Console.note("interrupted") }
            await explain(
                &result,
                function: function,
                backend,
                taskRoot: prepared.code.taskRoot,
                crashes,
                isLogShown: log.isStandardError
            )
        }
        if result.signal == nil, result.report?.crashes.isEmpty != false {
            let title = command.code.code ?? function.configuration.name
            let warning = CPUWarning(title: title, architecture: function.configuration.architecture)
            if let line = await check.line(for: warning, on: cpu) { Console.warning(line) }
        }
        if let path = command.report {
            let report = InvocationReportFile(
                result,
                requestID: invocation.request.requestID,
                isolation: backend.isolation
            )
            try report.write(to: path)
        }
        if result.outputFailed {
            throw ApusError("output.unwritable", "the response could not be written to standard output")
        }
        return result
    }

    /// What only some backends can do.
    private func check(_ function: SelectedFunction, on selected: SelectedBackend) throws(ApusError) {
        if selected.isContainer, command.cpu != nil {
            throw ApusError(
                "cpu.container",
                "--cpu is not possible with the backend container, where the engine gives the CPU",
                hint: "Run it with --backend sandbox or process."
            )
        }
        if function.image != nil, !function.layers.isEmpty {
            throw ApusError("image.layers", "\(function.configuration.name) is a container image, and has no layers")
        }
    }

    /// What the user should know before the log begins.
    private func announce(_ function: SelectedFunction, _ backend: any ExecutionBackend, _ cpu: SelectedCPU) {
        if let notice = cpu.notice { Console.note(notice) }
        if let entrypoint = try? backend.entrypoint() {
            let architecture = function.configuration.architecture
            if let notice = entrypoint.notice { Console.note(notice) }
            if let warning = ArchitectureMismatch.warning(
                bootstrapPath: entrypoint.path,
                configured: architecture
            ) {
                Console.warning(warning)
            }
        }
        for entrypoint in backend.extensions() {
            if let notice = entrypoint.notice { Console.note(notice) }
        }
        if let notice = backend.notice { Console.note(notice) }
    }

    private func selectFunction(_ settings: CommandSettings) throws -> SelectedFunction {
        let region = settings.region ?? settings.profileRegion()
        var selected: SelectedFunction
        if let path = command.code.code {
            selected = try SelectedFunction(path: path, options: command.code, region: region)
            if let overrides = try environmentOverrides(settings) {
                selected.configuration = try overrides.apply(to: selected.configuration)
            }
        } else {
            let template = try settings.template(prefersBuilt: true)
            let function = try template.function(named: settings.text(command.function, "function_logical_id"))
            for warning in template.warnings where [nil, function.logicalID].contains(warning.resource) {
                Console.note(warning.description)
            }
            selected = try SelectedFunction(try overridden(function, in: template, settings))
            try applyOptions(to: &selected, region: region)
        }
        return selected
    }

    private func overridden(
        _ function: TemplateFunction,
        in template: SAMTemplate,
        _ settings: CommandSettings
    ) throws -> TemplateFunction {
        guard let overrides = try environmentOverrides(settings) else { return function }
        for name in overrides.unknownFunctions(in: template) {
            Console.warning("the environment file names '\(name)', which is no function of \(template.path)")
        }
        let (result, ignored) = try overrides.apply(to: function)
        if !ignored.isEmpty {
            let names = ignored.joined(separator: ", ")
            Console.warning(
                "not in the template's Environment of \(function.logicalID), so ignored as in SAM: \(names)"
            )
        }
        return result
    }

    private func environmentOverrides(_ settings: CommandSettings) throws -> EnvironmentOverrides? {
        try settings.text(command.envVars, "env_vars").map { try EnvironmentOverrides(path: $0) }
    }

    /// The options of a function without a template change one with a template too.
    private func applyOptions(to function: inout SelectedFunction, region: String?) throws {
        let options = command.code
        if let handler = options.handler { function.configuration.handler = handler }
        if let timeout = options.timeout { function.configuration.timeout = timeout }
        if let memory = options.memory { function.configuration.memorySize = memory }
        if let region { function.configuration.region = region }
        function.configuration.environment.merge(try SelectedFunction.variables(options.env)) { $1 }
        try SelectedFunction.check(environment: function.configuration.environment)
        for layer in options.layer { function.layers.append(try FunctionCode(locating: layer, option: "--layer")) }
    }

    /// After a failure: its cause in plain words, where there is one to name and the log does not hold it already.
    private func explain(
        _ result: inout OneShotInvocation.Result,
        function: SelectedFunction,
        _ backend: any ExecutionBackend,
        taskRoot: String,
        _ crashes: CrashExplaining,
        isLogShown: Bool
    ) async {
        let bootstrap = try? backend.entrypoint().path
        if let failure = result.launchFailure {
            // Permitted at the trial a moment ago, and not any more.
            if let refusal = CPUEmulation.refusal(failure) { return Console.error(refusal.description) }
            if let image = function.image, case .exec(let code, let path) = failure {
                return Console.explanation([
                    "the image \(image.name) does not start \(path): \(ErrnoName.lambdaName(of: code))",
                    "fix: correct ENTRYPOINT of the image, or EntryPoint of ImageConfig",
                ])
            }
            let lines = StartupExplanation.explain(
                failure,
                taskRoot: taskRoot,
                bootstrapPath: bootstrap,
                handler: function.configuration.handler,
                architecture: function.configuration.architecture,
                surroundings: StartSurroundings(
                    isOtherUser: backend.isOtherUser,
                    place: backend is ContainerBackend ? "the container" : "the sandbox"
                ) { backend.shows($0) }
            )
            return Console.explanation(lines)
        }
        if let facts = result.report?.outOfMemory {
            let isRuntime = result.report?.exit?.outOfMemory != nil
            let memorySize = function.configuration.memorySize
            Console.explanation(
                OutOfMemoryExplanation.explain(facts, isRuntime: isRuntime, memorySize: memorySize)
            )
            if isRuntime { return }
        }
        let isText = function.configuration.logging.format == .text
        if let report = result.report, !report.crashes.isEmpty {
            guard !isLogShown || !isText else { return }
            for crash in report.crashes { Console.lines(crash.lines) }
        } else if let exit = result.report?.exit {
            let tail = result.outputTail
            if let crash = await crashes.explanation(ofExit: exit, outputTail: tail, bootstrap: bootstrap) {
                result.report?.crashes = [crash]
                return Console.lines(crash.lines)
            }
            let refusal = crashes.refusal(outputTail: tail)
            Console.explanation(
                refusal.isEmpty ? EarlyExitExplanation.explain(exit.status, outputTail: tail) : refusal
            )
        }
    }
}
