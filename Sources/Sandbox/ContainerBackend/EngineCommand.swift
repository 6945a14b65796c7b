internal import LambdaModel

/// One short command of an engine's client, such as `podman image inspect`, with the user's own environment.
struct EngineCommand {
    struct Outcome: Hashable {
        var status: ProcessExit.Status?
        /// Standard output and standard error, 64 KB at most.
        var output: String

        var isSuccess: Bool { status == .exited(0) }

        /// The line that says best what went wrong: the engine's own, which comes last.
        var words: String {
            let line = output.split(whereSeparator: \.isNewline).last { line in
                !line.allSatisfy { $0 == " " } && !line.contains(" --help")
            }
            return line.map { Self.shortened($0) } ?? (status == nil ? "it does not answer" : "it says nothing")
        }

        private static func shortened(_ line: Substring) -> String {
            for label in ["Error: ", "docker: "] where line.hasPrefix(label) {
                return Printable.text(String(line.dropFirst(label.count)))
            }
            return Printable.text(String(line))
        }
    }

    /// In ms: an engine whose daemon hangs says nothing for ever.
    private static let patience: Int32 = 10_000

    let engine: ContainerEngine
    let arguments: [String]

    /// Blocks until it has ended, or has been silent for ten seconds and is killed.
    func run() throws(LaunchFailure) -> Outcome {
        let processes = try EnvironmentProcesses.launch(
            LaunchSpecification(
                executable: engine.path,
                arguments: [engine.path] + arguments,
                environment: HostEnvironment.variables,
                workingDirectory: "/"
            )
        )
        defer {
            processes.end()
            Descriptors.close(processes.statusDescriptor, processes.outputDescriptor)
            processes.reap()
        }
        let output = DescriptorText.readToEnd(processes.outputDescriptor, patience: Self.patience)
        let status = DescriptorText.readToEnd(processes.statusDescriptor, patience: 1_000)
        var decoder = LauncherMessageDecoder()
        var outcome = Outcome(output: String(decoding: output, as: UTF8.self))
        for message in (try? status.withUnsafeBytes({ try decoder.append($0) })) ?? [] {
            switch message {
            case .exited(let exit): outcome.status = exit.status
            case .execFailed(let code): throw .exec(code: code, path: engine.path)
            default: continue
            }
        }
        return outcome
    }
}
