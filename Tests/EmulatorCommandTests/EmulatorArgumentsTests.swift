import EmulatorFrontDoor
import Testing

@testable import EmulatorCommand

struct EmulatorArgumentsTests {
    /// What a command line comes to.
    struct Outcome: Hashable, Sendable {
        var request = EmulatorArguments.Request.serve
        var frontDoor = "0.0.0.0:8080"
        var runtimeAPI = "127.0.0.1:9001"
        var logLevel: EmulatorLogLevel?
        var initCaching = false
        var command: [String] = []
    }

    private func read(_ words: [String]) throws -> Outcome {
        var arguments = EmulatorArguments()
        let request = try arguments.read(words)
        return Outcome(
            request: request,
            frontDoor: "\(arguments.frontDoor)",
            runtimeAPI: "\(arguments.runtimeAPI)",
            logLevel: arguments.logLevel,
            initCaching: arguments.enablesInitCaching,
            command: arguments.command
        )
    }

    @Test(
        arguments: [
            ([], Outcome()),
            (["/entry.sh", "app.handler"], Outcome(command: ["/entry.sh", "app.handler"])),
            (
                ["--runtime-api-address", "127.0.0.1:1", "--runtime-interface-emulator-address=:2", "/p"],
                Outcome(frontDoor: "0.0.0.0:2", runtimeAPI: "127.0.0.1:1", command: ["/p"])
            ),
            (["--log-level=DEBUG", "--enable-init-caching"], Outcome(logLevel: .debug, initCaching: true)),
            // The last one counts.
            (["--log-level", "info", "--log-level", "panic", "p"], Outcome(logLevel: .error, command: ["p"])),
            (["--", "--log-level", "x"], Outcome(command: ["--log-level", "x"])),
            (["--log-level", "warn", "--"], Outcome(logLevel: .warning)),
        ] as [([String], Outcome)]
    )
    func optionsBeforeTheProgram(words: [String], expected: Outcome) throws {
        #expect(try read(words) == expected)
    }

    @Test(
        arguments: [
            (
                ["/entry.sh", "main.handler", "--runtime-interface-emulator-address", "0.0.0.0:8081"],
                Outcome(frontDoor: "0.0.0.0:8081", command: ["/entry.sh", "main.handler"])
            ),
            (
                ["--log-level", "debug", "p", "--log-level=error", "h"],
                Outcome(logLevel: .error, command: ["p", "h"])
            ),
            (["p", "--enable-init-caching", "h"], Outcome(initCaching: true, command: ["p", "h"])),
            (
                ["p", "--runtime-api-address=[::1]:7", "--flag", "h"],
                Outcome(runtimeAPI: "[::1]:7", command: ["p", "--flag", "h"])
            ),
            // What is the program's own stays: other options, words that only begin like ours, `--` and what follows.
            (["p", "h", "--flag"], Outcome(command: ["p", "h", "--flag"])),
            (["p", "-h", "--help", "--version"], Outcome(command: ["p", "-h", "--help", "--version"])),
            (["p", "--log-levels", "x"], Outcome(command: ["p", "--log-levels", "x"])),
            (["p", "--cpu", "rosetta2"], Outcome(command: ["p", "--cpu", "rosetta2"])),
            (["p", "--", "--log-level", "x"], Outcome(command: ["p", "--", "--log-level", "x"])),
            (["--", "p", "--log-level", "x"], Outcome(command: ["p", "--log-level", "x"])),
            (["p", "", "="], Outcome(command: ["p", "", "="])),
        ] as [([String], Outcome)]
    )
    func optionsBehindTheProgram(words: [String], expected: Outcome) throws {
        #expect(try read(words) == expected)
    }

    @Test(arguments: [
        (["-h"], EmulatorArguments.Request.help), (["--log-level", "info", "--help", "p"], .help),
        (["--version"], .version),
    ])
    func requests(words: [String], expected: EmulatorArguments.Request) throws {
        #expect(try read(words).request == expected)
    }

    @Test(
        arguments: [
            (["--flag"], "unknown option '--flag'"),
            (["--flag", "p"], "unknown option '--flag'"),
            (["-"], "unknown option '-'"),
            (["--log-levels=info"], "unknown option '--log-levels=info'"),
            (["--log-level"], "--log-level needs a value"),
            (["p", "--runtime-api-address"], "--runtime-api-address needs a value"),
            (["--log-level", "loud"], "'loud' is no log level: debug, info, warn, error, fatal or panic"),
            (["p", "--log-level="], "'' is no log level: debug, info, warn, error, fatal or panic"),
            (["--enable-init-caching=1"], "--enable-init-caching takes no value"),
            (["p", "--runtime-api-address", "9001"], "'9001' is not an address such as 127.0.0.1:8080"),
        ] as [([String], String)]
    )
    func refusals(words: [String], message: String) {
        #expect(throws: EmulatorUsageError(message)) { try read(words) }
    }

    @Test func theDefaultsAreThoseOfTheHelp() {
        let arguments = EmulatorArguments()
        #expect("\(arguments.frontDoor)" == EmulatorArguments.defaultFrontDoorAddress)
        #expect("\(arguments.runtimeAPI)" == EmulatorArguments.defaultRuntimeAPIAddress)
    }
}
