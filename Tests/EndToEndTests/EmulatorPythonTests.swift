import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `apus rie` in the place of AWS's emulator, with AWS's own runtime interface client: what images of Python functions
/// and their tests rely on.
@Suite(.serialized, Prerequisite.curl, Prerequisite.pythonRuntime) struct EmulatorPythonTests {
    private static let module = #"""
        import os
        import time

        def variable(event, context):
            return os.environ["SETTING"]

        def echo(event, context):
            return event

        def arn(event, context):
            return context.invoked_function_arn

        def name(event, context):
            return context.function_name

        def remaining(event, context):
            return context.get_remaining_time_in_millis()

        def slow(event, context):
            time.sleep(1000)

        def failing(event, context):
            raise LookupError("no such bird: " + event["bird"])

        def client(event, context):
            return context.client_context.custom["bird"]
        """#

    private func withHandler(
        _ handler: String,
        options: RunningEmulator.OptionPlace = .beforeTheProgram,
        environment: [String: String] = [:],
        _ body: @escaping @Sendable (RunningEmulator) async throws -> Void
    ) async throws {
        try await Fixture.with { fixture in
            try fixture.write("app.py", Self.module)
            try await fixture.writeExecutable(
                "entry.sh",
                Array("#!/bin/sh\nexec \(Prerequisite.venvPython ?? "") -m awslambdaric \"$@\"\n".utf8)
            )
            try await RunningEmulator.with(
                ["entry.sh", "app.\(handler)"],
                in: fixture,
                options: options,
                environment: environment,
                body
            )
        }
    }

    @Test func aVariablesValueMayHoldAnEqualsSign() async throws {
        try await withHandler("variable", environment: ["SETTING": "4=4"]) { emulator in
            try await emulator.expect("{}", body: #""4=4""#)
        }
    }

    @Test func oneProcessAnswersTwice() async throws {
        try await withHandler("echo") { emulator in
            for event in [#"{"bird": 1}"#, "[]"] { try await emulator.expect(event, body: event) }
            #expect(PlatformLog(text: emulator.running.errorText).lines(startingWith: "INIT_START").count == 1)
        }
    }

    @Test(arguments: [nil, "nest_builder"])
    func theFunctionsNameIsInItsARN(name: String?) async throws {
        let environment = name.map { ["AWS_LAMBDA_FUNCTION_NAME": $0] } ?? [:]
        try await withHandler("arn", environment: environment) { emulator in
            let arn = "arn:aws:lambda:us-east-1:012345678912:function:\(name ?? "test_function")"
            try await emulator.expect("{}", body: "\"\(arn)\"")
        }
    }

    @Test func theFunctionKnowsItsName() async throws {
        try await withHandler("name", environment: ["AWS_LAMBDA_FUNCTION_NAME": "nest_builder"]) { emulator in
            try await emulator.expect("{}", body: #""nest_builder""#)
            let answer = try await emulator.invoke("{}", path: "/2015-03-31/functions/nest_builder/invocations")
            #expect(answer == .init(status: 200, body: #""nest_builder""#))
        }
    }

    @Test func aTimeoutIsASentence() async throws {
        try await withHandler("slow", environment: ["AWS_LAMBDA_FUNCTION_TIMEOUT": "1"]) { emulator in
            try await emulator.expect("{}", body: "Task timed out after 1.00 seconds")
        }
    }

    @Test func anExceptionIsAnObject() async throws {
        try await withHandler("failing") { emulator in
            let answer = try await emulator.invoke(#"{"bird":"アマツバメ"}"#)
            #expect(answer.status == 200)
            let error = try ErrorObject(json: answer.body)
            #expect(error.errorType == "LookupError")
            #expect(error.errorMessage == "no such bird: アマツバメ")
            #expect(error.stackTrace?.joined().contains("app.py") == true)
        }
    }

    @Test(arguments: [("3", 1...3_000), ("10", 3_001...10_000), (nil, 200_000...300_000)])
    func theRemainingTimeFollowsTheTimeout(seconds: String?, expected: ClosedRange<Int>) async throws {
        let environment = seconds.map { ["AWS_LAMBDA_FUNCTION_TIMEOUT": $0] } ?? [:]
        try await withHandler("remaining", environment: environment) { emulator in
            // The first invocation pays for the start of Python.
            _ = try await emulator.invoke("{}")
            let answer = try await emulator.invoke("{}")
            let milliseconds = try #require(Int(answer.body), "\(answer) \(emulator.running.errorText)")
            #expect(expected.contains(milliseconds))
        }
    }

    /// The image's command stays, and the options follow it.
    @Test func optionsBehindTheHandlerAreOurs() async throws {
        try await withHandler("echo", options: .behindIt) { emulator in
            try await emulator.expect("7", body: "7")
        }
    }

    @Test func theClientContextArrives() async throws {
        try await withHandler("client") { emulator in
            let context = Data(#"{"client":{},"custom":{"bird":"swift"},"env":{}}"#.utf8).base64EncodedString()
            let answer = try await emulator.invoke("{}", headers: ["X-Amz-Client-Context: " + context])
            #expect(answer == .init(status: 200, body: #""swift""#), "\(emulator.running.errorText)")
        }
    }

    @Test func twentyAtOnceGetTwentyRightAnswers() async throws {
        try await withHandler("echo") { emulator in
            let answers = try await emulator.invokeAtOnce(20)
            #expect(answers.count == 20)
            for (number, answer) in answers { #expect(answer == .init(status: 200, body: "\(number)")) }
        }
    }
}
