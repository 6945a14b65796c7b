import ArgumentParser
import LambdaModel

/// A function without a template.
struct CodeOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Directory, zip or executable file that holds the code.", valueName: "path")
    )
    var code: String?

    @Option(name: .long, help: "What the runtime gets as _HANDLER.")
    var handler: String?

    @Option(name: .long, help: "The runtime. (default: provided.al2023)")
    var runtime: String?

    @Option(name: .long, help: "x86_64 or arm64. (default: this machine's)")
    var architecture: String?

    @Option(name: .long, help: ArgumentHelp("Time-out. (default: 3)", valueName: "seconds"))
    var timeout: Int?

    @Option(name: .long, help: ArgumentHelp("Memory. (default: 128)", valueName: "MB"))
    var memory: Int?

    @Option(name: .long, help: ArgumentHelp("A layer; may be given up to five times.", valueName: "dir|zip"))
    var layer: [String] = []

    @Option(name: .long, help: ArgumentHelp("An environment variable; may be repeated.", valueName: "key=value"))
    var env: [String] = []

    func validate() throws {
        if let timeout, !Quotas.timeoutSeconds.contains(timeout) {
            throw ValidationError(
                "--timeout takes \(Quotas.timeoutSeconds.lowerBound) to \(Quotas.timeoutSeconds.upperBound) seconds"
            )
        }
        if let memory, !Quotas.memoryMB.contains(memory) {
            throw ValidationError("--memory takes \(Quotas.memoryMB.lowerBound) to \(Quotas.memoryMB.upperBound) MB")
        }
        if let architecture, Architecture(rawValue: architecture) == nil {
            throw ValidationError("--architecture takes x86_64 or arm64, not '\(architecture)'")
        }
        if layer.count > Quotas.layers { throw ValidationError("a function has at most \(Quotas.layers) layers") }
        for pair in env where !pair.contains("=") {
            throw ValidationError("--env takes KEY=VALUE, not '\(pair)'")
        }
    }
}
