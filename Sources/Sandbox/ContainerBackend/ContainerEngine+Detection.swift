package import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

extension ContainerEngine {
    /// What is known of an engine whose client is installed.
    package struct Facts: Sendable, Hashable {
        package var engine: ContainerEngine
        /// The first line of `--version`; `nil` where it says nothing.
        package var version: String?
        /// Why it cannot be used, in the engine's own words; `nil`: it answers. That a container really starts is proved
        /// only by starting one.
        package var problem: String?
    }

    /// All engines in `PATH`, in the order in which they are taken. Asks each, which takes 10 to 100 ms, ten seconds
    /// where one hangs.
    package static func survey(path: String = searchPath) -> [Facts] {
        Kind.allCases.compactMap { kind in
            guard var engine = find(kind, in: path) else { return nil }
            let problem = engine.interview()
            let version = try? EngineCommand(engine: engine, arguments: ["--version"]).run()
            let line = version.flatMap { $0.isSuccess ? $0.output.split(whereSeparator: \.isNewline).first : nil }
            return Facts(engine: engine, version: line.map { Printable.text(String($0)) }, problem: problem)
        }
    }

    /// The engine that is asked for, or the first that answers.
    ///
    /// - Parameter name: one of ``Kind``'s, or a path that ends in one.
    /// - Throws: `ApusError` with what is missing, and how to get it.
    package static func choose(named name: String?, path: String = searchPath) throws(ApusError) -> ContainerEngine {
        if let name {
            var engine = try named(name, path: path)
            if let problem = engine.interview() { throw unusable([(engine, problem)]) }
            return engine
        }
        var problems: [(ContainerEngine, String)] = []
        for found in Kind.allCases.compactMap({ find($0, in: path) }) {
            var engine = found
            guard let problem = engine.interview() else { return engine }
            problems.append((engine, problem))
        }
        throw unusable(problems)
    }

    /// Whether ``choose(named:path:)`` could know it.
    package static func isKnown(_ name: String) -> Bool { kind(of: name) != nil }

    private static func kind(of name: String) -> Kind? {
        Kind(rawValue: String(name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""))
    }

    private static func named(_ name: String, path: String) throws(ApusError) -> ContainerEngine {
        guard let kind = kind(of: name) else {
            let names = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ApusError(
                "engine.unknown",
                "'\(name)' is no container engine that Apus knows",
                hint: "Known are \(names)."
            )
        }
        let found = name.contains("/") ? HostFile.realPath(name) : find(kind, in: path)?.path
        guard let found, HostFile.isExecutable(found) else {
            throw ApusError(
                "engine.missing",
                "there is no \(name) on this machine",
                hint: "Install it, or name another engine."
            )
        }
        return ContainerEngine(kind: kind, path: name.contains("/") ? absolute(name) : found)
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : HostEnvironment.currentDirectory + "/" + path
    }

    private static func find(_ kind: Kind, in path: String) -> ContainerEngine? {
        for directory in path.split(separator: ":") where directory.hasPrefix("/") {
            let file = directory + "/" + kind.rawValue
            if HostFile.isExecutable(file) { return ContainerEngine(kind: kind, path: file) }
        }
        return nil
    }

    package static var searchPath: String { HostEnvironment.variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin" }

    /// Learns what it really is, and why it cannot be used (`nil`: it can). A client alone is not enough: it needs its daemon,
    /// its virtual machine, its storage.
    private mutating func interview() -> String? {
        do throws(LaunchFailure) {
            // Distributions have a `docker` that is podman.
            if kind == .docker, try ask(["--version"]).output.contains("podman") {
                self = ContainerEngine(kind: .podman, path: path)
            }
            let outcome = try ask(question)
            guard outcome.isSuccess else { return outcome.words }
            return learn(from: outcome.output)
        } catch {
            return error.lambdaMessage
        }
    }

    private func ask(_ arguments: [String]) throws(LaunchFailure) -> EngineCommand.Outcome {
        try EngineCommand(engine: self, arguments: arguments).run()
    }

    private var question: [String] {
        switch kind {
        case .podman: ["ps", "--quiet"]
        case .docker, .nerdctl, .finch: ["info", "--format", "{{.OperatingSystem}} {{.SecurityOptions}}"]
        case .container: ["system", "status"]
        }
    }

    private mutating func learn(from output: String) -> String? {
        guard kind == .docker || kind == .nerdctl || kind == .finch else { return nil }
        if output.contains("Docker Desktop") { runsInMachine = true }
        // Its containers share the network of the daemon, which has a loopback interface of its own.
        guard !runsInMachine, output.contains("name=rootless") else { return nil }
        return "it runs rootless, so that its containers cannot reach the Runtime API on this machine's 127.0.0.1"
    }

    private static func unusable(_ problems: [(ContainerEngine, String)]) -> ApusError {
        guard !problems.isEmpty else {
            let names = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            return ApusError(
                "engine.missing",
                "the backend container needs a container engine, and none of \(names) is in PATH",
                hint: "Install one (podman needs no daemon), or use another backend."
            )
        }
        let reasons = problems.map { "\($0.kind.rawValue): \($1)" }.joined(separator: "; ")
        return ApusError(
            "engine.unusable",
            "no container engine answers: \(reasons)",
            hint:
                "Start it (\(startCommand(problems[0].0.kind))), or choose another one with --engine (podman needs no daemon)."
        )
    }

    private static func startCommand(_ kind: Kind) -> String {
        switch kind {
        case .docker: isMac ? "Docker Desktop" : "systemctl start docker"
        case .podman: isMac ? "podman machine start" : "see `podman info`"
        case .nerdctl: isMac ? "limactl start" : "systemctl start containerd"
        case .finch: "finch vm start"
        case .container: "container system start"
        }
    }
}
