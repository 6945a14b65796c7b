import LambdaModel
import SAMTemplate
import Testing

@Suite struct EnvironmentOverridesTests {
    private func function() throws -> TemplateFunction {
        try parse(functionTemplate("FunctionName: name\nEnvironment: {Variables: {AA: t, BB: t, CC: t}}")).function()
    }

    @Test(arguments: [
        (#"{"F": {"AA": "1"}}"#, ["AA": "1", "BB": "t", "CC": "t"]),
        (#"{"name": {"AA": "1"}}"#, ["AA": "1", "BB": "t", "CC": "t"]),
        (#"{"Parameters": {"AA": "1", "BB": 2}}"#, ["AA": "1", "BB": "2", "CC": "t"]),
        (#"{"Parameters": {"AA": "1", "BB": "1"}, "F": {"BB": true}}"#, ["AA": "1", "BB": "true", "CC": "t"]),
        (#"{"F": {"AA": null, "NEW": "x"}}"#, ["AA": "", "BB": "t", "CC": "t"]),
        (#"{"Other": {"AA": "1"}}"#, ["AA": "t", "BB": "t", "CC": "t"]),
        ("Parameters:\n  CC: yaml\n", ["AA": "t", "BB": "t", "CC": "yaml"]),
        ("", ["AA": "t", "BB": "t", "CC": "t"]),
    ])
    func bothForms(text: String, expected: [String: String]) throws {
        let overrides = try EnvironmentOverrides(text: text, path: "env.json")
        let (result, _) = try overrides.apply(to: function())
        #expect(result.configuration.environment == expected)
    }

    @Test func undeclaredVariablesOfTheFunctionAreNamed() throws {
        let text = #"{"F": {"NEW": "x", "AWS_REGION": "y"}, "Parameters": {"ALSO": "x"}, "Gone": {}}"#
        let overrides = try EnvironmentOverrides(text: text, path: "env.json")
        #expect(try overrides.apply(to: function()).ignored == ["AWS_REGION", "NEW"])
        #expect(try overrides.unknownFunctions(in: parse(functionTemplate(""))) == ["Gone"])
    }

    @Test func withoutATemplateAllAreSet() throws {
        let overrides = try EnvironmentOverrides(text: #"{"Parameters": {"AA": "1"}, "f": {"BB": "2"}}"#, path: "e")
        let result = try overrides.apply(to: FunctionConfiguration(name: "f", environment: ["CC": "3"]))
        #expect(result.environment == ["AA": "1", "BB": "2", "CC": "3"])
        let reserved = try EnvironmentOverrides(text: #"{"Parameters": {"AWS_REGION": "1"}}"#, path: "e")
        #expect(throws: ApusError.self) { try reserved.apply(to: FunctionConfiguration(name: "f")) }
    }

    @Test func valuesAreBoundedTogether() throws {
        let text = #"{"F": {"AA": "\#(String(repeating: "x", count: 4_100))"}}"#
        let overrides = try EnvironmentOverrides(text: text, path: "e")
        let error = #expect(throws: ApusError.self) { try overrides.apply(to: function()) }
        #expect(error?.code == "environment.refused")
    }

    @Test(arguments: [
        ("[1]", "1:1", "an environment file is a mapping, not a list"),
        (#"{"F": "x"}"#, "1:7", "a mapping of names to values"),
        (#"{"F": {"AA": [1]}}"#, "1:14", "a string, not a list"),
        (#"{"F": {"AA": "1""#, "2:1", "comma or } is missing"),
        ("F: {AA: !Ref x}", "1:9", "a variable's value is a string"),
    ])
    func errorsNameTheirPlace(text: String, place: String, message: String) {
        let error = #expect(throws: TemplateError.self) { try EnvironmentOverrides(text: text, path: "env.json") }
        #expect(error?.description.hasPrefix("env.json:\(place): error: ") == true, "\(String(describing: error))")
        #expect(error?.description.contains(message) == true)
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: TemplateError.self) { try EnvironmentOverrides(path: "/nonexistent/env.json") }
        #expect(
            error?.description == "error: cannot read the environment file /nonexistent/env.json: it does not exist"
        )
    }
}
