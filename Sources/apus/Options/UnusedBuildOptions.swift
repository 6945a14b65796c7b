import ArgumentParser
import CommandProcess

/// Options of `sam build` that make no sense without Docker, or that Apus has no use for: accepted, and named in one
/// warning.
struct UnusedBuildOptions: ParsableArguments {
    @Flag(name: [.customShort("u"), .long], help: .hidden) var useContainer = false
    @Flag(name: [.customShort("p"), .long], help: .hidden) var parallel = false
    @Flag(name: .long, help: .hidden) var skipPullImage = false
    @Flag(name: .long, help: .hidden) var buildInSource = false
    @Flag(name: .long, help: .hidden) var noBuildInSource = false
    @Flag(name: .long, help: .hidden) var skipPrepareInfra = false
    @Flag(name: .long, help: .hidden) var betaFeatures = false
    @Flag(name: .long, help: .hidden) var noBetaFeatures = false
    @Flag(name: .long, help: .hidden) var debug = false
    @Flag(name: .long, help: .hidden) var saveParams = false
    @Option(name: .long, help: .hidden) var buildImage: [String] = []
    @Option(name: .long, help: .hidden) var containerEnvVar: [String] = []
    @Option(name: .long, help: .hidden) var containerEnvVarFile: String?
    @Option(name: .long, help: .hidden) var cacheDir: String?
    @Option(name: [.customShort("s"), .long], help: .hidden) var baseDir: String?
    @Option(name: [.customShort("m"), .long], help: .hidden) var manifest: String?
    @Option(name: [.customShort("x"), .long], help: .hidden) var exclude: [String] = []
    @Option(name: .long, help: .hidden) var mountWith: String?
    @Option(name: .long, help: .hidden) var dockerNetwork: String?
    @Option(name: .long, help: .hidden) var hookName: String?

    /// `--parallel` is what Apus always does, so it is not worth a warning.
    private var given: [String] {
        let all: [(String, Bool)] = [
            ("--use-container", useContainer), ("--skip-pull-image", skipPullImage),
            ("--build-in-source", buildInSource), ("--no-build-in-source", noBuildInSource),
            ("--skip-prepare-infra", skipPrepareInfra), ("--beta-features", betaFeatures),
            ("--no-beta-features", noBetaFeatures), ("--debug", debug), ("--save-params", saveParams),
            ("--build-image", !buildImage.isEmpty), ("--container-env-var", !containerEnvVar.isEmpty),
            ("--container-env-var-file", containerEnvVarFile != nil), ("--cache-dir", cacheDir != nil),
            ("--base-dir", baseDir != nil), ("--manifest", manifest != nil), ("--exclude", !exclude.isEmpty),
            ("--mount-with", mountWith != nil), ("--docker-network", dockerNetwork != nil),
            ("--hook-name", hookName != nil),
        ]
        return all.filter(\.1).map(\.0)
    }

    func warn() {
        guard !given.isEmpty else { return }
        Console.warning("without effect here: \(given.joined(separator: ", "))")
    }
}
