import LambdaModel

/// `BuildMethod: rust-cargolambda`: cargo builds in place, as in SAM, since a package may need the workspace around it.
/// What it makes goes to a target directory of Apus's own; of the sources only `Cargo.lock` may be written, by cargo.
struct CargoBuild {
    let project: CargoProject
    let request: BuildRequest
    let environment: [String: String]
    /// Kept from build to build, so that only what has changed is compiled.
    let targetDirectory: String
    /// The artifact's directory, which is there and empty.
    let artifacts: String
    let progress: @Sendable (BuildEvent) -> Void

    func run() async throws {
        var environment = environment
        environment["PWD"] = project.directory
        let cargo = try BuildTool(named: "cargo", path: environment["PATH"], hint: RustToolchain.installationHint)
        let binary = try await metadata(cargo, environment)
            .binary(named: request.binary, manifestPath: project.manifestPath)
        let toolchain = try await RustToolchain.installed(in: project.directory, environment: environment)
        let command = try command(binary, toolchain, environment)
        if let note = command.note { progress(.warning(logicalID: request.logicalID, message: note)) }
        try Directory.create(targetDirectory)
        let (logicalID, progress) = (request.logicalID, progress)
        let outcome = try await cargo.run(
            command.arguments,
            environment: environment.merging(command.environment) { $1 },
            directory: project.directory
        ) { progress(.output(logicalID: logicalID, line: $0)) }
        guard outcome.exitStatus == 0 else { throw failure("cargo build", outcome.exitStatus, outcome.output) }
        try copy(binary, command)
    }

    private func metadata(_ cargo: BuildTool, _ environment: [String: String]) async throws -> CargoMetadata {
        let output = try await cargo.capture(
            ["metadata", "--no-deps", "--format-version", "1", "--manifest-path", project.manifestPath],
            environment: environment,
            directory: project.directory
        )
        guard output.exitStatus == 0 else {
            for line in output.errors.split(separator: "\n") {
                progress(.output(logicalID: request.logicalID, line: String(line)))
            }
            throw failure("cargo metadata", output.exitStatus, output.errors)
        }
        return try CargoMetadata(json: output.text)
    }

    private func command(
        _ binary: CargoMetadata.Binary,
        _ toolchain: RustToolchain,
        _ environment: [String: String]
    ) throws(ApusError) -> CargoCommand {
        let preferred =
            environment["CARGO_BUILD_TARGET"] ?? project.configurations.lazy.compactMap(\.buildTarget).first
        let target = try toolchain.target(for: request.architecture, preferred: preferred)
        let linking = try linking(target, toolchain, environment)
        return CargoCommand(
            CargoCommand.Inputs(
                project: project,
                target: target,
                compilation: CompilationTarget(request, environment: environment),
                package: binary.package,
                binary: binary.name,
                targetDirectory: targetDirectory,
                linker: linking.linker,
                usesZig: linking.usesZig
            ),
            environment: environment
        )
    }

    /// A target of another machine needs a linker of its own, unless the user has named one.
    private func linking(
        _ target: RustTarget,
        _ toolchain: RustToolchain,
        _ environment: [String: String]
    ) throws(ApusError) -> (linker: String?, usesZig: Bool) {
        let isOwnMachine = toolchain.host.hasPrefix(target.triple.prefix { $0 != "-" } + "-")
        if isOwnMachine && toolchain.host.contains("-linux-")
            || environment["CARGO_TARGET_\(target.variableName)_LINKER"] != nil
            || project.configurations.contains(where: { $0.hasLinker(target.triple) })
        {
            return (nil, false)
        }
        for name in target.crossLinkers {
            if let tool = try? BuildTool(named: name, path: environment["PATH"], hint: "") { return (tool.path, false) }
        }
        if (try? BuildTool(named: "cargo-zigbuild", path: environment["PATH"], hint: "")) != nil { return (nil, true) }
        throw ApusError(
            .buildToolMissing,
            "there is no linker for \(target.triple): '\(target.crossLinkers[0])' is not installed, or not in PATH",
            hint: "Install it: sudo apt-get install \(target.linkerPackage) (Debian, Ubuntu), or cargo-zigbuild:"
                + " cargo install cargo-zigbuild, which needs zig."
        )
    }

    private func copy(_ binary: CargoMetadata.Binary, _ command: CargoCommand) throws(ApusError) {
        let triple = command.arguments.firstIndex(of: "--target").map { command.arguments[$0 + 1] } ?? ""
        let profile = command.arguments.contains("--release") ? "release" : "debug"
        let built = "\(targetDirectory)/\(triple)/\(profile)/\(binary.name)"
        guard Directory.exists(built) else {
            throw ApusError(
                .buildEmpty,
                "cargo build succeeded, but left no '\(built)'",
                hint: "Does a cargo alias or wrapper change its arguments?"
            )
        }
        try TreeCopy.copyFile(built, to: artifacts + "/bootstrap", permissions: 0o755)
    }

    private func failure(_ name: String, _ status: Int, _ output: String) -> BuildFailure {
        BuildFailure(
            logicalID: request.logicalID,
            error: ApusError(
                .buildToolFailed,
                name + " " + BuildTool.ending(status),
                hint: "The tool's output says why."
            ),
            tool: "cargo",
            exitStatus: status,
            output: String(decoding: output.utf8.suffix(BuildFailure.outputBytes), as: UTF8.self)
        )
    }
}
