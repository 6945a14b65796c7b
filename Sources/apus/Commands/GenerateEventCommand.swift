import ArgumentParser
import CommandProcess
import LambdaModel
import SAMTemplate
import SampleEvents

struct GenerateEventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate-event",
        abstract: "Write an event as a service of AWS sends it, to invoke a function with.",
        usage: "apus generate-event SERVICE EVENT [--OPTION VALUE]...",
        discussion: """
            EXAMPLES
              apus generate-event s3 put --bucket photographs --key 2025/swift.jpg
              apus generate-event sqs receive-message --body 17 | apus invoke -e -
              apus generate-event s3 --help
              apus generate-event s3 put --help

            `apus generate-event --help` lists the services and their events.
            """
    )

    @Argument(
        parsing: .captureForPassthrough,
        help: "A service, one of its events, and values of that event's options.",
        completion: .custom { words, index, prefix in Self.completions(words, index).filter { $0.hasPrefix(prefix) } }
    )
    var words: [String] = []

    func validate() throws {
        let request: SampleRequest
        do throws(ApusError) {
            request = try SampleArguments.read(words)
        } catch {
            throw ValidationError(error.description)
        }
        switch request {
        // The list is no part of the configuration, which every start of the program reads: it takes 0.25 ms.
        case .help: throw CleanExit.message(Self.helpMessage() + "\nSERVICES AND THEIR EVENTS:\n" + SampleHelp.services)
        case .serviceHelp(let service): throw CleanExit.message(SampleHelp.text(of: service))
        case .eventHelp(let service, let event): throw CleanExit.message(SampleHelp.text(of: event, service))
        case .event: break
        }
    }

    func run() async throws {
        try await Failure.reporting {
            guard case .event(let service, let event, let arguments) = try SampleArguments.read(words) else { return }
            if !arguments.unused.isEmpty {
                Console.warning("without effect here: \(arguments.unused.joined(separator: ", "))")
            }
            let values = try Self.configured(service, event, arguments).merging(arguments.values) { _, given in given }
            Console.output(try event.document(values).indentedText + "\n")
        }
    }

    /// The values in samconfig.toml. SAM names a parameter there in lower case and with underscores.
    private static func configured(
        _ service: SampleService,
        _ event: SampleEvent,
        _ arguments: SampleArguments
    ) throws -> [String: String] {
        guard let file = arguments.configFile ?? SAMConfig.find(inDirectory: ".") else { return [:] }
        let parameters = try SAMConfig.load(path: file).values(
            command: ["local", "generate-event", service.name, event.name],
            environment: arguments.configEnvironment ?? "default"
        )
        var result: [String: String] = [:]
        for option in event.options {
            let key = option.name.map { $0 == "-" ? "_" : String($0) }.joined()
            if let value = parameters[key]?.text ?? parameters[key.lowercased()]?.text { result[option.name] = value }
        }
        return result
    }

    private static func completions(_ words: [String], _ index: Int) -> [String] {
        guard let command = words.firstIndex(of: "generate-event"), index > command else { return [] }
        return SampleCompletion.candidates(after: Array(words[(command + 1)..<min(index, words.count)]))
    }
}
