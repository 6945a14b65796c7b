import ArgumentParser

@main
struct Apus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apus",
        abstract: "Runs AWS Lambda functions on this machine the way Lambda runs them, and says why they fail.",
        version: ApusVersion.current,
        subcommands: [RIECommand.self]
    )
}
