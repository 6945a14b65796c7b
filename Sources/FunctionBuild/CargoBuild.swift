import LambdaModel

/// `BuildMethod: rust-cargolambda`: cargo builds in place, as in SAM, since a package may need the workspace around it.
/// What it makes goes to a target directory of Apus's own; of the sources only `Cargo.lock` may be written, by cargo.
struct CargoBuild {
    let project: CargoProject
    let context: BuildContext
    /// Kept from build to build, so that only what has changed is compiled.
    let targetDirectory: String

    func run() async throws {
        let cargo = try context.tool("cargo", hint: RustToolchain.installationHint)
        let binary = try await metadata(cargo).binary(named: context.request.binary, manifestPath: project.manifestPath)
        let toolchain = try await RustToolchain.installed(in: project.directory, environment: context.environment)
        let command = try await command(binary, toolchain)
        if let note = command.note { context.progress(.warning(logicalID: context.request.logicalID, message: note)) }
        try Directory.create(targetDirectory)
        try await context.run(
            ToolCommand(
                title: "cargo build",
                program: cargo,
                arguments: command.arguments,
                environment: command.environment,
                directory: project.directory
            )
        )
        try copy(binary, command)
    }

    private func metadata(_ cargo: String) async throws -> CargoMetadata {
        let text = try await context.ask(
            ToolCommand(
                title: "cargo metadata",
                program: cargo,
                arguments: [
                    "metadata", "--no-deps", "--format-version", "1", "--manifest-path", project.manifestPath,
                ],
                directory: project.directory
            )
        )
        return try CargoMetadata(json: text)
    }

    private func command(
        _ binary: CargoMetadata.Binary,
        _ toolchain: RustToolchain
    ) async throws(ApusError) -> CargoCommand {
        let environment = context.environment
        let preferred =
            environment["CARGO_BUILD_TARGET"] ?? project.configurations.lazy.compactMap(\.buildTarget).first
        let target = try toolchain.target(for: context.request.architecture, preferred: preferred)
        // A target of another machine needs a linker of its own, unless the user has named one.
        let namesLinker =
            environment["CARGO_TARGET_\(target.variableName)_LINKER"] != nil
            || project.configurations.contains { $0.hasLinker(target.triple) }
        let linking = try await RustLinking.find(
            target,
            host: toolchain.host,
            namesLinker: namesLinker,
            in: context
        )
        return CargoCommand(
            CargoCommand.Inputs(
                project: project,
                target: target,
                compilation: context.target,
                package: binary.package,
                binary: binary.name,
                targetDirectory: targetDirectory,
                usesZigbuild: linking == .zigbuild,
                linkerVariables: try linking.variables(target, scriptsIn: context.scratch)
            ),
            environment: environment
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
        try TreeCopy.copyFile(built, to: context.artifacts + "/bootstrap", permissions: 0o755)
    }
}
