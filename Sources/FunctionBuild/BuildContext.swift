import LambdaModel

/// What a build method works with: for whom, with which variables, from where and to where.
struct BuildContext: Sendable {
    let request: BuildRequest
    /// Of the build tools.
    let environment: [String: String]
    let target: CompilationTarget
    /// The artifact's directory, which is there and empty.
    let artifacts: String
    /// Kept from build to build, for this function and target alone; made when it is asked for.
    let scratch: String
    /// Real paths of what earlier builds of Apus left, which is no source.
    let excludedPaths: Set<String>
    let progress: @Sendable (BuildEvent) -> Void

    /// The path of a tool.
    func tool(_ name: String, hint: String) throws(ApusError) -> String {
        try BuildTool(named: name, path: environment["PATH"], hint: hint).path
    }

    /// The path of a tool, `nil` if it is not installed.
    func find(_ name: String) -> String? {
        (try? BuildTool(named: name, path: environment["PATH"], hint: ""))?.path
    }

    /// The same with further variables.
    func adding(_ variables: [String: String]) -> BuildContext {
        BuildContext(
            request: request,
            environment: environment.merging(variables) { $1 },
            target: target,
            artifacts: artifacts,
            scratch: scratch,
            excludedPaths: excludedPaths,
            progress: progress
        )
    }

    func makeScratch() throws(ApusError) -> String {
        try Directory.create(scratch)
        return scratch
    }

    /// Words of a variable such as `CFLAGS`, split at blanks as make and shells do where nothing is quoted.
    func words(_ variable: String) -> [String] {
        (environment[variable] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Runs a tool; its lines are shown, and a failure is thrown.
    func run(_ command: ToolCommand) async throws {
        let (logicalID, progress) = (request.logicalID, progress)
        let outcome = try await BuildTool(path: command.program).run(
            command.arguments,
            environment: variables(command),
            directory: command.directory
        ) { progress(.output(logicalID: logicalID, line: $0)) }
        guard outcome.exitStatus == 0 else { throw failure(command, outcome.exitStatus, outcome.output) }
    }

    /// Asks a tool and returns what it writes; its errors are shown only if it fails.
    func ask(_ command: ToolCommand) async throws -> String {
        let answer = try await BuildTool(path: command.program).capture(
            command.arguments,
            environment: variables(command),
            directory: command.directory
        )
        guard answer.exitStatus == 0 else {
            for line in answer.errors.split(separator: "\n") {
                progress(.output(logicalID: request.logicalID, line: String(line)))
            }
            throw failure(command, answer.exitStatus, answer.errors)
        }
        return answer.text
    }

    /// A program that trusts PWD would find the directory of apus in it.
    private func variables(_ command: ToolCommand) -> [String: String] {
        var variables = environment.merging(command.environment) { $1 }
        variables["PWD"] = command.directory
        return variables
    }

    private func failure(_ command: ToolCommand, _ status: Int, _ output: String) -> BuildFailure {
        BuildFailure(
            logicalID: request.logicalID,
            error: ApusError(
                .buildToolFailed,
                command.title + " " + BuildTool.ending(status),
                hint: "The tool's output says why."
            ),
            tool: command.title.split(separator: " ").first.map(String.init),
            exitStatus: status,
            output: String(decoding: output.utf8.suffix(BuildFailure.outputBytes), as: UTF8.self)
        )
    }
}

extension BuildTool {
    /// The program at an absolute path.
    init(path: String) { self.path = path }

    /// How a tool ended that did not succeed.
    static func ending(_ status: Int) -> String {
        status < 0
            ? "was ended by signal: \(SignalName.lambdaName(of: Int32(-status)))" : "failed with exit status \(status)"
    }
}
