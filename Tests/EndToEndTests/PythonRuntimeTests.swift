import Testing

/// AWS's own runtime interface client for Python: somebody else's idea of the Runtime API. Its interpreter lies wherever the
/// virtual environment is, outside of what a sandbox shows; see `BothBackendsTests` for one in a sandbox.
@Suite(.serialized, Prerequisite.pythonRuntime) struct PythonRuntimeTests {
    private static let handler = #"""
        import sys

        def handler(event, context):
            mode = event.get("mode")
            if mode == "raise":
                raise ValueError("no such bird: 雨燕")
            if mode == "time":
                return context.get_remaining_time_in_millis()
            if mode == "client":
                return {"custom": context.client_context.custom, "id": context.client_context.client.installation_id}
            if mode == "context":
                return {
                    "id": context.aws_request_id,
                    "name": context.function_name,
                    "version": context.function_version,
                    "memory": context.memory_limit_in_mb,
                    "arn": context.invoked_function_arn,
                    "group": context.log_group_name,
                }
            if mode == "exit":
                sys.exit(3)
            return {"event": event}
        """#

    private func invoke(
        _ event: String,
        _ options: [String] = [],
        handler: String = handler
    ) async throws -> ProgramOutcome {
        try await Fixture.with(.process) { fixture in
            try fixture.write("task/app.py", handler)
            try await fixture.writeFunction(
                script: "#!/bin/sh\nexec \(Prerequisite.venvPython ?? "") -m awslambdaric app.handler\n"
            )
            return try await fixture.invokeCode(event: event, ["--timeout", "20"] + options)
        }
    }

    @Test func theResultArrives() async throws {
        struct Result: Decodable { var event: [String: String] }
        let outcome = try await invoke(#"{"bird":"アマツバメ"}"#)
        #expect(outcome.status == .exited(0), "\(outcome)")
        #expect(try outcome.decode(Result.self).event == ["bird": "アマツバメ"])
    }

    @Test func anExceptionArrivesAsItsErrorObject() async throws {
        let outcome = try await invoke(#"{"mode":"raise"}"#)
        #expect(outcome.status == .exited(1), "\(outcome)")
        let error = try ErrorObject(outcome)
        #expect(error.errorType == "ValueError")
        #expect(error.errorMessage == "no such bird: 雨燕")
        #expect(error.stackTrace?.joined().contains("app.py") == true)
    }

    @Test func theDeadlineIsTheTimeout() async throws {
        let outcome = try await invoke(#"{"mode":"time"}"#)
        #expect(outcome.status == .exited(0), "\(outcome)")
        let milliseconds = try outcome.decode(Int.self)
        #expect((10_000...20_000).contains(milliseconds))
    }

    @Test func theClientContextArrives() async throws {
        struct Result: Decodable {
            var custom: [String: String]
            var id: String
        }
        let context = #"{"client":{"installation_id":"i-7"},"custom":{"bird":"swift"},"env":{}}"#
        let outcome = try await invoke(#"{"mode":"client"}"#, ["--client-context", context])
        #expect(outcome.status == .exited(0), "\(outcome)")
        let result = try outcome.decode(Result.self)
        #expect(result.custom == ["bird": "swift"])
        #expect(result.id == "i-7")
    }

    @Test func theContextTellsTheFunctionAboutItself() async throws {
        struct Context: Decodable {
            var id: String
            var name: String
            var version: String
            var memory: String
            var arn: String
            var group: String
        }
        let outcome = try await invoke(#"{"mode":"context"}"#, ["--memory", "256"])
        let context = try outcome.decode(Context.self)
        #expect(outcome.log.requestIDs == [context.id, context.id, context.id], "\(outcome)")
        #expect(context.version == "$LATEST")
        #expect(context.memory == "256")
        #expect(context.arn.hasPrefix("arn:aws:lambda:") && context.arn.hasSuffix(":function:" + context.name))
        #expect(context.group == "/aws/lambda/" + context.name)
    }

    @Test func anExitArrivesAsRuntimeExitError() async throws {
        let outcome = try await invoke(#"{"mode":"exit"}"#)
        #expect(outcome.status == .exited(1), "\(outcome)")
        // The client reports a SystemExit of the handler by itself before it leaves, or leaves: both name the status.
        #expect(try ErrorObject(outcome).errorType.isEmpty == false)
    }

    /// A module that cannot be imported is reported to `/init/error`.
    @Test func aFailedImportArrivesAsItsErrorObject() async throws {
        let outcome = try await invoke("{}", handler: "import no_such_module_of_ours\n")
        #expect(outcome.status == .exited(1), "\(outcome)")
        let error = try ErrorObject(outcome)
        #expect(error.errorType == "Runtime.ImportModuleError")
        #expect(error.errorMessage.contains("no_such_module_of_ours"))
    }
}
