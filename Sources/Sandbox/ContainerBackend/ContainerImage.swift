internal import LambdaModel

/// An image on this machine.
struct ContainerImage {
    let name: String
    let engine: ContainerEngine

    /// Lambda's own, for a custom runtime.
    static func standard(for runtime: FunctionRuntime) -> String {
        let tag =
            switch runtime.identifier {
            case "provided.al2": "al2"
            case "provided": "alami"
            default: "al2023"
            }
        return "public.ecr.aws/lambda/provided:" + tag
    }

    /// Makes sure that it is here, and for this architecture: engines differ in what they do about that, and some would fetch
    /// it without being asked. Blocks for 30 to 100 ms.
    func check(for architecture: Architecture) throws(ApusError) {
        let outcome: EngineCommand.Outcome
        do throws(LaunchFailure) {
            outcome = try EngineCommand(engine: engine, arguments: question).run()
        } catch {
            throw ApusError("engine.unusable", "\(engine.path): \(error.lambdaMessage)")
        }
        guard outcome.isSuccess else { throw missing(outcome, architecture) }
        let found = Self.platforms(in: outcome.output, dialect: engine.dialect)
        let wanted = ContainerRun.platform(of: architecture)
        guard !found.isEmpty, !found.contains(wanted) else { return }
        throw ApusError(
            "image.architecture",
            "the image \(name) is for \(found.joined(separator: ", ")), but the function is configured for "
                + architecture.rawValue,
            hint:
                "Get the other one (\(engine.pullCommand(name, platform: wanted))), or change Architectures in the template "
                + "(or --architecture)."
        )
    }

    private var question: [String] {
        let format = engine.dialect == .docker ? ["--format", "{{.Os}}/{{.Architecture}}"] : []
        return ["image", "inspect"] + format + [name]
    }

    private func missing(_ outcome: EngineCommand.Outcome, _ architecture: Architecture) -> ApusError {
        let isOwn = name.hasPrefix("localhost/") || !name.contains("/")
        let platform = ContainerRun.platform(of: architecture)
        let pull = engine.pullCommand(name, platform: platform)
        return ApusError(
            "image.missing",
            "\(engine.kind.rawValue) has no image \(name) on this machine (\(outcome.words))",
            hint: isOwn ? "Build it (sam build, \(engine.kind.rawValue) build), or get it: \(pull)" : "Get it: \(pull)"
        )
    }

    /// What an inspection tells, such as `linux/arm64`. Empty when that cannot be read, which is no reason to refuse.
    static func platforms(in output: String, dialect: ContainerEngine.Dialect) -> [String] {
        switch dialect {
        case .docker:
            // Warnings come before it.
            let line = output.split(whereSeparator: \.isNewline).last {
                $0.hasPrefix("linux/") || $0.hasPrefix("windows/")
            }
            return line.map { [String($0)] } ?? []
        case .apple:
            let text = output.filter { !$0.isWhitespace }
            return ["arm64", "amd64"].filter { text.contains("\"architecture\":\"\($0)\"") }.map { "linux/" + $0 }
        }
    }
}
