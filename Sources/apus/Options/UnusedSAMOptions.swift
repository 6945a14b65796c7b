import ArgumentParser
import CommandProcess

/// Options of `sam local invoke` that make no sense without Docker, or that Apus has no use for: accepted, and named in
/// one warning.
struct UnusedSAMOptions: ParsableArguments {
    @Flag(name: .long, help: .hidden) var skipPullImage = false
    @Flag(name: .long, help: .hidden) var forceImageBuild = false
    @Flag(name: .long, help: .hidden) var noMemoryLimit = false
    @Flag(name: .long, help: .hidden) var mountSymlinks = false
    @Flag(name: .long, help: .hidden) var skipPrepareInfra = false
    @Flag(name: .long, help: .hidden) var shutdown = false
    @Flag(name: .long, help: .hidden) var betaFeatures = false
    @Flag(name: .long, help: .hidden) var noBetaFeatures = false
    @Flag(name: .long, help: .hidden) var debug = false
    @Flag(name: .long, help: .hidden) var saveParams = false
    @Option(name: .long, help: .hidden) var dockerNetwork: String?
    @Option(name: [.customShort("v"), .long], help: .hidden) var dockerVolumeBasedir: String?
    @Option(name: .long, help: .hidden) var layerCacheBasedir: String?
    @Option(name: .long, help: .hidden) var containerHost: String?
    @Option(name: .long, help: .hidden) var containerHostInterface: String?
    @Option(name: .long, help: .hidden) var containerEnvVars: String?
    @Option(name: .long, help: .hidden) var addHost: [String] = []
    @Option(name: .long, help: .hidden) var invokeImage: [String] = []
    @Option(name: .long, help: .hidden) var hookName: String?

    /// The options that were given, as the user writes them.
    var given: [String] {
        let all: [(String, Bool)] = [
            ("--skip-pull-image", skipPullImage), ("--force-image-build", forceImageBuild),
            ("--no-memory-limit", noMemoryLimit), ("--mount-symlinks", mountSymlinks),
            ("--skip-prepare-infra", skipPrepareInfra), ("--shutdown", shutdown), ("--beta-features", betaFeatures),
            ("--no-beta-features", noBetaFeatures), ("--debug", debug), ("--save-params", saveParams),
            ("--docker-network", dockerNetwork != nil), ("--docker-volume-basedir", dockerVolumeBasedir != nil),
            ("--layer-cache-basedir", layerCacheBasedir != nil), ("--container-host", containerHost != nil),
            ("--container-host-interface", containerHostInterface != nil),
            ("--container-env-vars", containerEnvVars != nil), ("--add-host", !addHost.isEmpty),
            ("--invoke-image", !invokeImage.isEmpty), ("--hook-name", hookName != nil),
        ]
        return all.filter(\.1).map(\.0)
    }

    func warn() {
        guard !given.isEmpty else { return }
        Console.warning("without effect here: \(given.joined(separator: ", "))")
    }
}
