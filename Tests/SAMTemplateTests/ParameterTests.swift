import LambdaModel
import SAMTemplate
import Testing

@Suite struct ParameterTests {
    @Test(arguments: [
        (["A=1"], ["A": "1"]),
        (["A=1 B=two"], ["A": "1", "B": "two"]),
        (["A=1", "B=two"], ["A": "1", "B": "two"]),
        (["ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=2"], ["A": "1", "B": "2"]),
        (["ParameterKey=A,ParameterValue=\"x y\""], ["A": "x y"]),
        (["A='x y' B=\"p q\""], ["A": "x y", "B": "p q"]),
        (["A=x\\ y B=1"], ["A": "x y", "B": "1"]),
        (["A=\"say \\\"hi\\\"\""], ["A": "say \"hi\""]),
        (["A=a,b,c"], ["A": "a,b,c"]),
        (["A=k=v"], ["A": "k=v"]),
        (["A=C:\\dir"], ["A": "C:\\dir"]),
        (["A="], ["A": ""]),
        (["A= B=1"], ["A": "", "B": "1"]),
        (["A=1 A=2"], ["A": "2"]),
        (["  "], [:]),
        ([], [:]),
    ])
    func overridesParse(arguments: [String], expected: [String: String]) throws {
        #expect(try ParameterOverrides(arguments).values == expected)
    }

    @Test(arguments: [
        "A", "A=1 B", "=x", "A=\"open", "A=\"x\"y", "ParameterKey=A", "ParameterKey=A,Value=1", "a-b=1",
        "file://x.yaml",
    ])
    func brokenOverridesAreRefused(argument: String) {
        let error = #expect(throws: ApusError.self) { try ParameterOverrides([argument]) }
        #expect(error?.code == "parameters.syntax")
    }

    @Test func overridesOfSamconfig() throws {
        #expect(try ParameterOverrides(.string("A=1 B=2")).values == ["A": "1", "B": "2"])
        #expect(try ParameterOverrides(.list([.string("A=1"), .string("B=2")])).values == ["A": "1", "B": "2"])
        #expect(try ParameterOverrides(.table(["A": .int(1), "B": .bool(true)])).values == ["A": "1", "B": "true"])
        #expect(throws: ApusError.self) { try ParameterOverrides(.table(["A": .table([:])])) }
    }

    private static let head = """
        Parameters:
          Seconds: {Type: Number, Default: 5, MinValue: 2, MaxValue: 60}
          Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
          Name: {Type: String, MinLength: 2, MaxLength: 4, Default: abc}
          Needed: {Type: String}
        """

    @Test func overridesWinOverDefaults() throws {
        let options = SAMTemplate.Options(parameterOverrides: ["Seconds": "7"])
        let template = try parse(functionTemplate("Timeout: !Ref Seconds", head: Self.head), options)
        #expect(try template.function().configuration.timeout == 7)
        #expect(
            try parse(functionTemplate("Timeout: !Ref Seconds", head: Self.head)).functions[0].configuration.timeout
                == 5
        )
    }

    @Test(arguments: [
        (["Seconds": "x"], "3:3", "the value 'x' is not a number"),
        (["Seconds": "1"], "3:3", "below MinValue"),
        (["Seconds": "61"], "3:3", "above MaxValue"),
        (["Stage": "qa"], "4:3", "not among AllowedValues"),
        (["Name": "a"], "5:3", "shorter than MinLength, 2"),
        (["Name": "abcde"], "5:3", "longer than MaxLength, 4"),
    ])
    func valuesAreChecked(overrides: [String: String], place: String, message: String) throws {
        let found = errors(functionTemplate("", head: Self.head), .init(parameterOverrides: overrides))
        let error = try #require(found.first)
        #expect(error.description.hasPrefix("template.yaml:\(place): error: Parameters."), "\(error)")
        #expect(error.message.contains(message))
    }

    @Test func unknownOverridesAreWarnings() throws {
        let options = SAMTemplate.Options(parameterOverrides: ["Stge": "dev"])
        let warning = try #require(parse(functionTemplate("", head: Self.head), options).warnings.first)
        #expect(warning.message == "the override Stge names no parameter of this template")
        #expect(warning.hint == "Did you mean Stage?")
    }

    /// Unused: fine. In the environment: a warning. In another property: an error.
    @Test func missingValues() throws {
        #expect(try parse(functionTemplate("", head: Self.head)).warnings == [])
        let lenient = try parse(functionTemplate("Environment: {Variables: {KEY: !Ref Needed}}", head: Self.head))
        #expect(lenient.warnings.count == 1)
        #expect(lenient.functions[0].configuration.environment == ["KEY": "Needed"])
        let error = try #require(errors(functionTemplate("FunctionName: !Ref Needed", head: Self.head)).first)
        #expect(error.message == "the parameter Needed has no default and was given no value")
        #expect(error.hint == "Pass one with --parameter-overrides Needed=VALUE.")
    }
}
