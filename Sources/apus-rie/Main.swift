import CStaticStart
import CommandProcess
import EmulatorCommand
import EmulatorFrontDoor
import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// `apus rie` as a small program of its own: no diagnosis and no other CPU, but nothing that an image must have either.
@main enum Main {
    static func main() async {
        apus_start()
        var arguments = EmulatorArguments()
        do {
            switch try arguments.read(words()) {
            case .help: Console.output(EmulatorHelp.text)
            case .version: Console.output(ApusVersion.current + "\n")
            case .serve: exit(await serve(arguments))
            }
        } catch {
            Console.error("\(error)")
            Console.note("See 'apus-rie --help' for more information.")
            exit(64)
        }
    }

    /// The command line without the program's name. Swift's own `CommandLine` is empty where there is no /proc.
    private static func words() -> [String] {
        guard var next = apus_start_arguments() else { return Array(CommandLine.arguments.dropFirst()) }
        var words: [String] = []
        while let word = next.pointee {
            words.append(String(cString: word))
            next += 1
        }
        return Array(words.dropFirst())
    }

    /// - Returns: the exit status.
    private static func serve(_ arguments: EmulatorArguments) async -> Int32 {
        let run = EmulatorRun(
            .ofThisProcess(command: arguments.command),
            arguments: arguments,
            explainLaunchFailure: { Console.error($0.lambdaMessage) }
        )
        do {
            return 128 + (try await run.serve())
        } catch {
            Console.error("\(error)")
            return 2
        }
    }
}
