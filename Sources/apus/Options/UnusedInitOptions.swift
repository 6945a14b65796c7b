import ArgumentParser
import CommandProcess

/// Options of `sam init` that Apus has no use for: accepted, and named in one warning.
struct UnusedInitOptions: ParsableArguments {
    @Flag(name: .long, help: .hidden) var noInput = false
    @Flag(name: .long, help: .hidden) var tracing = false
    @Flag(name: .long, help: .hidden) var noTracing = false
    @Flag(name: .long, help: .hidden) var applicationInsights = false
    @Flag(name: .long, help: .hidden) var noApplicationInsights = false
    @Flag(name: .long, help: .hidden) var structuredLogging = false
    @Flag(name: .long, help: .hidden) var noStructuredLogging = false
    @Flag(name: .long, help: .hidden) var betaFeatures = false
    @Flag(name: .long, help: .hidden) var noBetaFeatures = false
    @Flag(name: .long, help: .hidden) var debug = false
    @Flag(name: .long, help: .hidden) var saveParams = false
    @Option(name: [.customShort("d"), .long], help: .hidden) var dependencyManager: String?
    @Option(name: [.customShort("i"), .long], help: .hidden) var baseImage: String?
    @Option(name: .long, help: .hidden) var extraContext: String?
    @Option(name: .long, help: .hidden) var configEnv: String?
    @Option(name: .long, help: .hidden) var configFile: String?

    /// The options that were given, as the user writes them. What switches off something that no template has is not
    /// worth a warning.
    var given: [String] {
        let all: [(String, Bool)] = [
            ("--tracing", tracing), ("--application-insights", applicationInsights),
            ("--structured-logging", structuredLogging), ("--beta-features", betaFeatures), ("--debug", debug),
            ("--save-params", saveParams), ("--dependency-manager", dependencyManager != nil),
            ("--base-image", baseImage != nil), ("--extra-context", extraContext != nil),
            ("--config-env", configEnv != nil), ("--config-file", configFile != nil),
        ]
        return all.filter(\.1).map(\.0)
    }

    /// - Parameter others: options that are of use, but not with the value that was given.
    func warn(with others: [String]) {
        let all = others + given
        guard !all.isEmpty else { return }
        Console.warning("without effect here: \(all.joined(separator: ", "))")
    }
}
