extension Fixture {
    /// Runs `apus` in the project's directory, `invoke` with the fixture's backend and with more time than the default of 3 s,
    /// or what a template says: the machine has many tests to run at once.
    func apus(
        _ arguments: [String],
        stdin: [UInt8] = [],
        environment: [String: String] = [:],
        timeLimit: Duration = .seconds(60),
        whileRunning body: @escaping @Sendable (RunningProgram) async throws -> Void = { _ in }
    ) async throws -> ProgramOutcome {
        let command = caller.command([try Paths.apus()] + completed(arguments))
        return try await program(
            command[0],
            Array(command.dropFirst()),
            stdin: stdin,
            environment: environment,
            timeLimit: timeLimit
        ).run(body)
    }

    private func completed(_ arguments: [String]) -> [String] {
        guard let command = arguments.firstIndex(of: "invoke") else { return arguments }
        var added: [String] = []
        if let backend { added += ["--backend", backend.rawValue] }
        if !arguments.contains("--timeout"), !arguments.contains("--watch") { added += ["--timeout", "20"] }
        return arguments[...command] + added + arguments[(command + 1)...]
    }

    /// Writes a function whose bootstrap is C, `main` being the body of its main function; see `CBootstrap`.
    func writeFunction(_ directory: String = "task", c main: String) async throws {
        let executable = try await CCompiler.shared.executable(of: CBootstrap.source(main: main))
        try await writeExecutable(directory + "/bootstrap", executable)
    }

    /// Writes a function whose bootstrap is a script.
    func writeFunction(_ directory: String = "task", script: String) async throws {
        try await writeExecutable(directory + "/bootstrap", Array(script.utf8))
    }

    /// Writes a function that answers every event with itself.
    func writeEchoFunction(_ directory: String = "task") async throws {
        let executable = try await CCompiler.shared.executable(of: CBootstrap.echo)
        try await writeExecutable(directory + "/bootstrap", executable)
    }

    /// `apus invoke --code task`, with an event on standard input if there is one.
    func invokeCode(
        _ code: String = "task",
        event: [UInt8]?,
        _ options: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> ProgramOutcome {
        let source = event == nil ? [] : ["-e", "-"]
        return try await apus(
            ["invoke", "--code", code, "--handler", "app.handler"] + source + options,
            stdin: event ?? [],
            environment: environment
        )
    }

    /// The same without an event.
    func invokeCode(_ code: String = "task", _ options: [String]) async throws -> ProgramOutcome {
        try await invokeCode(code, event: nil, options)
    }

    /// The same with an event as text.
    func invokeCode(_ code: String = "task", event: String, _ options: [String] = []) async throws -> ProgramOutcome {
        try await invokeCode(code, event: Array(event.utf8), options)
    }

    /// Writes `template.yaml` with one function a name, all of the code in `codeURI`; `Timeout` is 20 unless `more` has it.
    func writeTemplate(_ names: [String] = ["Hello"], codeURI: String = "task/", more: String = "") throws {
        var text = "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n"
        for name in names {
            text += """
                  \(name):
                    Type: AWS::Serverless::Function
                    Properties:
                      CodeUri: \(codeURI)
                      Handler: app.handler
                      Runtime: provided.al2023

                """
            for line in more.split(separator: "\n") { text += "      \(line)\n" }
            if !more.contains("Timeout") { text += "      Timeout: 20\n" }
        }
        try write("template.yaml", text)
    }
}
