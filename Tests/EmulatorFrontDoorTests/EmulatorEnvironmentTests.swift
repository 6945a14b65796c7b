import ExecutionEnvironment
import LambdaModel
import Sandbox
import Testing

@testable import EmulatorFrontDoor

struct EmulatorEnvironmentTests {
    private func make(
        _ arguments: [String] = ["/bin/true"],
        _ variables: [String: String] = [:],
        files: Set<String> = []
    ) -> EmulatorEnvironment {
        EmulatorEnvironment(arguments: arguments, variables: variables, currentDirectory: "/work") {
            files.contains($0)
        }
    }

    @Test func defaults() {
        let environment = make()
        #expect(environment.function.name == "test_function")
        #expect(environment.function.timeout == 300)
        #expect(environment.function.memorySize == 3008)
        #expect(environment.function.version == "$LATEST")
        #expect(environment.function.handler == "")
        #expect(environment.function.region == "us-east-1")
        #expect(environment.workingDirectory == "/work")
        #expect(environment.invokedFunctionARN == "arn:aws:lambda:us-east-1:012345678912:function:test_function")
    }

    @Test(
        arguments: [
            ([], [:], ""),
            ([], ["AWS_LAMBDA_FUNCTION_HANDLER": "a.b"], "a.b"),
            ([], ["_HANDLER": "c.d"], "c.d"),
            ([], ["AWS_LAMBDA_FUNCTION_HANDLER": "a.b", "_HANDLER": "c.d"], "a.b"),
            (["cmd"], ["_HANDLER": "c.d"], "c.d"),
            (["cmd", "e.f"], ["_HANDLER": "c.d"], "e.f"),
            (["cmd", "-x", "e.f"], [:], "e.f"),
        ] as [([String], [String: String], String)]
    )
    func handler(arguments: [String], variables: [String: String], expected: String) {
        let environment = make(arguments, variables)
        #expect(environment.function.handler == expected)
        #expect(environment.processVariables(runtimeAPI: "h:1")["_HANDLER"] == expected)
        if !arguments.isEmpty { #expect(environment.command == arguments) }
    }

    @Test(
        arguments: [
            ([], "/var/task/bootstrap"),
            (["/opt/bootstrap"], "/opt/bootstrap"),
            (["/var/runtime/bootstrap"], "/var/runtime/bootstrap"),
            (["/var/runtime/bootstrap", "/var/task/bootstrap"], "/var/task/bootstrap"),
        ] as [(Set<String>, String)]
    )
    func bootstrap(files: Set<String>, expected: String) {
        let environment = make([], files: files)
        #expect(environment.command == [expected])
        #expect(environment.workingDirectory == "/var/task")
    }

    @Test(arguments: [
        ("5", 5), ("900", 900), ("0", 300), ("-1", 300), ("", 300), ("x", 300), ("3.5", 300),
        ("99999999999999999999", 300), ("9223372036854775807", 300),
    ])
    func timeout(text: String, expected: Int) {
        #expect(make(["c"], ["AWS_LAMBDA_FUNCTION_TIMEOUT": text]).function.timeout == expected)
    }

    @Test func variables() {
        let inherited = [
            "PATH": "/p", "ODD": "a=b=c", "AWS_LAMBDA_RUNTIME_API": "elsewhere", "LAMBDA_TASK_ROOT": "/mine",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "AWS_LAMBDA_FUNCTION_NAME": "mine", "AWS_REGION": "eu-central-1",
        ]
        let variables = make(["c", "h"], inherited).processVariables(runtimeAPI: "127.0.0.1:9001")
        let expected = [
            "PATH": "/p", "ODD": "a=b=c", "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001", "LAMBDA_TASK_ROOT": "/mine",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "AWS_LAMBDA_FUNCTION_NAME": "mine",
            "AWS_REGION": "eu-central-1", "_HANDLER": "h", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/Functions", "AWS_LAMBDA_LOG_STREAM_NAME": "$LATEST",
        ]
        #expect(variables == expected)
    }

    @Test(
        arguments: [
            (["sh", "x"], "/usr/bin:/bin", ["/usr/bin/sh", "/bin/sh"]),
            (["/bin/sh", "x"], "", ["/bin/sh"]),
            (["sh"], "/nonexistent:/bin", ["/bin/sh"]),
        ] as [([String], String, [String])]
    )
    func aCommandIsLookedForInThePath(command: [String], path: String, expected: [String]) throws {
        let plan = try make(command, ["PATH": path]).launchPlan(runtimeAPI: "h:1")
        #expect(expected.contains(plan.shownPath))
        #expect(plan.specification.executable == plan.shownPath)
        #expect(plan.specification.arguments == command)
        #expect(plan.specification.environment["AWS_LAMBDA_RUNTIME_API"] == "h:1")
    }

    @Test(arguments: [["no-such-command"], ["/no/such/command"], ["etc"], [""]])
    func aCommandThatIsNotThere(command: [String]) {
        #expect(throws: LaunchFailure.exec(code: 2, path: command[0])) {
            try make(command, ["PATH": "/usr/bin:/bin:/"]).launchPlan(runtimeAPI: "h:1")
        }
    }
}
