import ArgumentParser

/// SAM's group `local`, so that its users' fingers keep working.
struct LocalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local",
        abstract: "The same commands under SAM's name: apus local invoke, apus local start-lambda.",
        subcommands: [InvokeCommand.self, StartLambdaCommand.self, GenerateEventCommand.self]
    )
}
