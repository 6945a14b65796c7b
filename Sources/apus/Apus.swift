import ArgumentParser
import CommandProcess

struct Apus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apus",
        abstract: "Runs AWS Lambda functions on this machine the way Lambda runs them, and says why they fail.",
        discussion: """
            EXAMPLES
              apus init hello --language rust && cd hello
              apus build && apus invoke -e events/event.json
              apus invoke --code ./build --handler bin/app
              apus validate
              apus inspect .aws-sam/build/HelloFunction --cpu rosetta2
              apus doctor
            """,
        version: ApusVersion.current,
        subcommands: [
            InitCommand.self, BuildCommand.self, InvokeCommand.self, GenerateEventCommand.self, PackageCommand.self,
            ValidateCommand.self,
            InspectCommand.self, DoctorCommand.self, StartLambdaCommand.self, LocalCommand.self, RIECommand.self,
        ]
    )
}
