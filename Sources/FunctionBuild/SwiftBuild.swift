import Archive
import LambdaModel

/// `BuildMethod: swift`: the executable product of the package in the code's directory, or the Swift files there together,
/// becomes `bootstrap`.
struct SwiftBuild: CompiledSources {
    /// Real path.
    let directory: String
    /// The files to compile; empty: there is a `Package.swift`.
    let sources: [String]

    var identity: [String] { ["swift"] }
    let roots: [String]
    var tools: [String] { ["swift", "swiftc"] }
    var outputDirectories: [String] { roots.map { $0 + "/.build" } }

    static let hint = "Install Swift: https://www.swift.org/install/"

    init(directory: String, names: [String]) {
        self.directory = directory
        let manifest = names.contains("Package.swift") ? TextFile.text(directory + "/Package.swift") ?? "" : ""
        let packages = SwiftPackage.localPackages(manifest, directory)
        roots = [directory] + packages.filter { Paths.relative($0, in: directory) == nil }
        sources = names.contains("Package.swift") ? [] : names.filter { $0.hasSuffix(".swift") }
    }

    func build(in context: BuildContext) async throws {
        // Swift's tools leave locks and empty directories there.
        let temporary = try Directory.createUnique(
            MakefileBuild.temporaryDirectory(context.environment) + "/apus-build-"
        )
        defer { try? FileTree.remove(temporary) }
        let context = context.adding(["TMPDIR": temporary])
        if sources.isEmpty {
            try await buildPackage(context)
        } else {
            try await compile(context)
        }
    }

    private func buildPackage(_ context: BuildContext) async throws {
        let swift = try context.tool("swift", hint: Self.hint)
        let scratch = try context.makeScratch()
        let description = try await context.ask(
            command(swift, "swift package describe", ["package"], ["describe", "--type", "json"], scratch)
        )
        let product = try ProgramChoice.choose(
            try SwiftPackage(json: description).executables,
            wanted: context.request.binary,
            kind: "executable product",
            place: directory + "/Package.swift"
        )
        let options = try await options(swift, context)
        try await context.run(command(swift, "swift build", ["build"], options + ["--product", product], scratch))
        let path = try await context.ask(
            command(swift, "swift build --show-bin-path", ["build"], options + ["--show-bin-path"], scratch)
        )
        let built = path.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        try TreeCopy.copyFile(built + "/" + product, to: context.artifacts + "/bootstrap", permissions: 0o755)
    }

    private func command(
        _ swift: String,
        _ title: String,
        _ verb: [String],
        _ options: [String],
        _ scratch: String
    ) -> ToolCommand {
        ToolCommand(
            title: title,
            program: swift,
            arguments: verb + ["--package-path", directory, "--scratch-path", scratch] + options,
            directory: directory
        )
    }

    private func options(_ swift: String, _ context: BuildContext) async throws -> [String] {
        let sdk = context.target.isHost ? nil : try await crossSDK(swift, context)
        return Self.options(context.target, sdk: sdk, isStatic: sdk != nil || Self.hasStaticLibrary(swift))
    }

    /// - Parameters:
    ///   - sdk: the Swift SDK for a target of another machine.
    ///   - isStatic: whether Swift's own libraries can be linked statically; Lambda has none of them.
    static func options(_ target: CompilationTarget, sdk: String?, isStatic: Bool) -> [String] {
        var options = ["-c", target.isDebug ? "debug" : "release"]
        if let sdk { options += ["--swift-sdk", sdk] }
        if isStatic { options.append("--static-swift-stdlib") }
        if let cpu = target.swiftCPU {
            options += ["-Xswiftc", "-target-cpu", "-Xswiftc", cpu, "-Xcc", target.cFlag(cpu)]
        }
        return options
    }

    /// Without a package: as one module, whose `main.swift` or `@main` is the program.
    private func compile(_ context: BuildContext) async throws {
        let swiftc = try context.tool("swiftc", hint: Self.hint)
        guard context.target.isHost else {
            throw ApusError(
                .buildInvalid,
                "Swift files without a Package.swift are compiled for this machine only",
                hint: "Add a Package.swift: swift package init --type executable --name bootstrap."
            )
        }
        try await context.run(
            ToolCommand(
                title: "swiftc",
                program: swiftc,
                arguments: Self.options(context.target, isStatic: Self.hasStaticLibrary(swiftc))
                    + ["-module-name", "bootstrap", "-o", context.artifacts + "/bootstrap"]
                    + sources.map { "./" + $0 },
                directory: directory
            )
        )
    }

    static func options(_ target: CompilationTarget, isStatic: Bool) -> [String] {
        (target.isDebug ? ["-Onone", "-g"] : ["-O", "-gline-tables-only"]) + (isStatic ? ["-static-stdlib"] : [])
            + (target.swiftCPU.map { ["-target-cpu", $0] } ?? [])
    }

    /// Toolchains without it exist: those of some distributions, and macOS's.
    private static func hasStaticLibrary(_ program: String) -> Bool {
        guard let real = Directory.realPath(program) else { return false }
        return Directory.isDirectory(Paths.parent(Paths.parent(real)) + "/lib/swift_static/linux")
    }

    /// Swift has cross-compilers as SDKs; the static one of swift.org is for both architectures.
    private func crossSDK(_ swift: String, _ context: BuildContext) async throws -> String {
        let list = try await context.ask(
            ToolCommand(title: "swift sdk list", program: swift, arguments: ["sdk", "list"], directory: directory)
        )
        if let sdk = Self.sdk(in: list, context.target) { return sdk }
        throw ApusError(
            .buildToolMissing,
            "there is no Swift SDK for \(context.target.architecture.rawValue), and this machine is another",
            hint:
                "Install the Static Linux SDK: https://www.swift.org/documentation/articles/static-linux-getting-started.html"
        )
    }

    /// The name to give to `--swift-sdk`.
    static func sdk(in list: String, _ target: CompilationTarget) -> String? {
        let names = list.split(whereSeparator: \.isNewline).map(String.init)
        if names.contains(where: { $0.contains("static-linux") }) { return target.machine + "-swift-linux-musl" }
        return names.first { $0.contains(target.machine) && $0.contains("linux") }
    }
}
