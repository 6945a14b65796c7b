import SAMTemplate
import Testing

@Suite struct SAMConfigTests {
    private static let toml = """
        version = 0.1
        [default.global.parameters]
        region = "eu-central-1"
        stack_name = "s"
        [default.local_invoke.parameters]
        event = "e.json"
        region = "us-west-2"
        skip = true
        retries = 3
        ratio = 0.5
        parameter_overrides = ["A=1", "B=2"]
        [prod.local_invoke.parameters]
        event = "p.json"
        """

    private static let yaml = """
        version: 0.1
        default:
          global: {parameters: {region: eu-central-1, stack_name: s}}
          local_invoke:
            parameters:
              {event: e.json, region: us-west-2, skip: true, retries: 3, ratio: 0.5, parameter_overrides: [A=1, B=2]}
        prod: {local_invoke: {parameters: {event: p.json}}}
        """

    @Test(arguments: [("samconfig.toml", toml), ("samconfig.yaml", yaml)])
    func valuesMerge(path: String, text: String) throws {
        let config = try SAMConfig.parse(text, path: path)
        #expect(
            config.values(command: ["local", "invoke"]) == [
                "region": .string("us-west-2"), "stack_name": .string("s"), "event": .string("e.json"),
                "skip": .bool(true), "retries": .int(3), "ratio": .double(0.5),
                "parameter_overrides": .list([.string("A=1"), .string("B=2")]),
            ]
        )
        #expect(config.values(command: ["build"]) == ["region": .string("eu-central-1"), "stack_name": .string("s")])
        #expect(config.values(command: ["local-invoke"], environment: "prod") == ["event": .string("p.json")])
        #expect(config.values(command: ["local", "invoke"], environment: "none") == [:])
        #expect(config.environments == ["default", "prod"])
    }

    @Test(arguments: [
        (
            "samconfig.toml", "[default]\nx = 1\n",
            "samconfig.toml:1:1: error: version: the configuration has no version"
        ),
        ("samconfig.toml", "version = 1\n", "samconfig.toml:1:1: error: version: the version is a number such as 0.1"),
        ("samconfig.toml", "version = 0.1\nx = \n", "samconfig.toml:2:5: error: this is not TOML"),
        ("samconfig.toml", "version = 0.1\nx = 1\nx = 2\n", "samconfig.toml:3:"),
        ("samconfig.yaml", "version: x\n", "samconfig.yaml:1:1: error: version: the version is"),
        ("samconfig.yaml", "- a\n", "samconfig.yaml:1:1: error: a configuration is a mapping, not a list"),
    ])
    func errorsNameTheirPlace(path: String, text: String, start: String) {
        let error = #expect(throws: TemplateError.self) { try SAMConfig.parse(text, path: path) }
        #expect(error?.description.hasPrefix(start) == true, "\(String(describing: error))")
    }

    @Test(arguments: ["", "# only a comment\n"])
    func emptyFilesAreFine(text: String) throws {
        #expect(try SAMConfig.parse(text, path: "samconfig.toml").values(command: ["build"]) == [:])
    }

    @Test func shapesOfAnotherKindAreIgnored() throws {
        let config = try SAMConfig.parse("version = 0.1\n[default]\nbuild = 1\nglobal = []\n", path: "s.toml")
        #expect(config.values(command: ["build"]) == [:])
    }

    @Test func deepTOMLEndsInAnError() {
        let text = "version = 0.1\nx = " + String(repeating: "[", count: 100_000)
        #expect(throws: TemplateError.self) { try SAMConfig.parse(text, path: "samconfig.toml") }
    }

    @Test func filesAreFound() throws {
        let fixture = try TemplateFixture()
        #expect(SAMConfig.find(inDirectory: fixture.directory) == nil)
        try fixture.write("samconfig.yaml", Self.yaml)
        #expect(SAMConfig.find(inDirectory: fixture.directory) == fixture.path("samconfig.yaml"))
        let path = try fixture.write("samconfig.toml", Self.toml)
        #expect(SAMConfig.find(inDirectory: fixture.directory) == path)
        #expect(try SAMConfig.load(path: path).values(command: ["x"])["region"] == .string("eu-central-1"))
    }
}
