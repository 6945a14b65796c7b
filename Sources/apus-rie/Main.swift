import CStaticStart
import CommandProcess
import EmulatorCommand
import EmulatorFrontDoor
import LambdaModel
import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// `apus rie` as a small program of its own: no diagnosis and no other CPU, but nothing that an image must have either.
///
/// Neither tasks nor Dispatch: where there is no /proc, Dispatch ends a process that has had a thread of its own.
@main enum Main {
    static func main() {
        apus_start()
        let signals = BlockedSignals()
        var arguments = EmulatorArguments()
        do {
            switch try arguments.read(words()) {
            case .help: Console.output(EmulatorHelp.text)
            case .version: Console.output(ApusVersion.current + "\n")
            case .serve: exit(serve(arguments, until: signals))
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
    private static func serve(_ arguments: EmulatorArguments, until signals: BlockedSignals) -> Int32 {
        let loops = EventLoops.shared
        let run = EmulatorRun(
            .ofThisProcess(command: arguments.command),
            arguments: arguments,
            explainLaunchFailure: { Console.error($0.lambdaMessage) }
        )
        do {
            let emulator = try run.open(on: loops).wait()
            let signal = signals.wait()
            try emulator.close(on: loops.eventLoop).wait()
            return 128 + signal
        } catch {
            Console.error("\(error)")
            return 2
        }
    }
}
