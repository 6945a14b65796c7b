import LambdaModel

/// `BuildMethod: go1.x` for the custom runtimes: the package in the code's directory becomes `bootstrap`.
struct GoBuild: CompiledSources {
    let project: GoProject
    /// The Go files at the top of the directory, tests aside.
    let sources: [String]

    var identity: [String] { ["go"] }
    var roots: [String] { project.roots }
    var tools: [String] { ["go"] }

    init(directory: String, names: [String], environment: [String: String]) {
        project = GoProject(directory: directory, environment: environment)
        sources = names.filter { $0.hasSuffix(".go") && !$0.hasSuffix("_test.go") }
    }

    func build(in context: BuildContext) async throws {
        let go = try context.tool(
            "go",
            hint: "Install it: https://go.dev/dl/, or sudo apt-get install golang-go (Debian, Ubuntu)."
        )
        try await context.run(command(go, context))
    }

    func command(_ go: String, _ context: BuildContext) throws(ApusError) -> ToolCommand {
        // Paths of this machine and the state of git have no place in an artifact: same sources, same bytes.
        var arguments = ["build", "-trimpath", "-buildvcs=false"]
        if context.target.isDebug { arguments.append("-gcflags=all=-N -l") }
        arguments += ["-o", context.artifacts + "/bootstrap"] + package(context.request.binary)
        return ToolCommand(
            title: "go build",
            program: go,
            arguments: arguments,
            environment: try variables(context),
            directory: project.directory
        )
    }

    /// `BuildProperties.Binary` is a directory below `cmd`, as Go's projects are laid out.
    private func package(_ binary: String?) -> [String] {
        if let binary, Directory.isDirectory("\(project.directory)/cmd/\(binary)") { return ["./cmd/" + binary] }
        return project.module == nil ? sources.map { "./" + $0 } : ["."]
    }

    private func variables(_ context: BuildContext) throws(ApusError) -> [String: String] {
        let (host, target) = (context.environment, context.target)
        var variables = [
            "GOOS": "linux", "GOARCH": target.architecture == .arm64 ? "arm64" : "amd64",
            // Without C the program is static, and cross-compiling needs nothing but Go.
            "CGO_ENABLED": host["CGO_ENABLED"] ?? "0",
        ]
        // The user's own level stays unless --target-cpu says otherwise.
        if let level = try GoLevel.variable(for: target), target.explicitCPU != nil || host[level.name] == nil {
            variables[level.name] = level.value
        }
        // go refuses to work without a place for its cache.
        if ["GOCACHE", "XDG_CACHE_HOME", "HOME"].allSatisfy({ host[$0] == nil }) {
            variables["GOCACHE"] = context.scratch
            variables["GOPATH"] = host["GOPATH"] ?? context.scratch + "/path"
        }
        return variables
    }
}
