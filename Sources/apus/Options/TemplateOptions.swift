import ArgumentParser

/// Which template, with which values: the options that SAM gives to every command with a template.
struct TemplateOptions: ParsableArguments {
    @Option(
        name: [.customShort("t"), .customLong("template-file"), .customLong("template")],
        help: ArgumentHelp("The template.", valueName: "file")
    )
    var template: String?

    @Option(
        name: .long,
        parsing: .upToNextOption,
        help: ArgumentHelp("Values for the template's parameters: Key=Value …", valueName: "key=value")
    )
    var parameterOverrides: [String] = []

    @Option(name: .long, help: "The region that the function sees.")
    var region: String?

    @Option(name: .long, help: "Give the function this AWS profile's credentials.")
    var profile: String?

    @Option(name: .long, help: ArgumentHelp("The environment in samconfig.toml. (default: default)", valueName: "name"))
    var configEnv: String?

    @Option(name: .long, help: ArgumentHelp("The configuration file. (default: samconfig.toml)", valueName: "file"))
    var configFile: String?
}
