import LambdaModel
import SAMTemplate
import Testing

@Suite struct GlobalsTests {
    private func template(_ globals: String, _ own: String) -> String {
        """
        Transform: AWS::Serverless-2016-10-31
        Globals:
          Function: \(globals)
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties: \(own)
        """
    }

    @Test func scalarsAreOverriddenAndMappingsMerge() throws {
        let function = try parse(
            template(
                "{CodeUri: ., Handler: g, Runtime: provided, Timeout: 9, MemorySize: 200, "
                    + "Environment: {Variables: {AA: g, BB: g}}, EphemeralStorage: {Size: 600}}",
                "{Handler: own, Timeout: !Ref AWS::NoValue, Environment: {Variables: {BB: own, CC: own}}}"
            )
        ).function()
        let configuration = function.configuration
        #expect(configuration.handler == "own")
        #expect(configuration.runtime == .provided)
        #expect(configuration.timeout == 3)
        #expect(configuration.memorySize == 200)
        #expect(configuration.ephemeralStorage == 600)
        #expect(configuration.environment == ["AA": "g", "BB": "own", "CC": "own"])
        #expect(function.code == .directory(path: "."))
    }

    @Test func intrinsicFunctionsAreNotMerged() throws {
        let text = template(
            "{CodeUri: ., Handler: g, Runtime: provided, Environment: {Variables: {AA: g}}}",
            "{Environment: {Variables: !If [Yes, {BB: own}, {}]}}"
        )
        let function = try parse(text + "\nConditions: {Yes: !Equals [a, a]}").function()
        #expect(function.configuration.environment == ["BB": "own"])
    }

    @Test func listsAddUp() {
        let found = errors(
            template("{CodeUri: ., Handler: g, Runtime: provided, Architectures: [arm64]}", "{Architectures: [x86_64]}")
        )
        #expect(found.first?.message.contains("exactly one architecture, and here are 2") == true)
    }

    @Test func plainLambdaFunctionsHaveNoGlobals() throws {
        let text = """
            Globals: {Function: {Timeout: 9}}
            Resources: {F: {Type: AWS::Lambda::Function, Properties: {Code: ., Handler: h, Runtime: provided}}}
            """
        #expect(try parse(text).function().configuration.timeout == 3)
    }

    @Test func errorsPointIntoGlobals() throws {
        let error = try #require(
            errors(template("{CodeUri: ., Handler: g, Runtime: provided, Timeout: 0}", "{}")).first
        )
        #expect(error.description.hasPrefix("template.yaml:3:66: error: Resources.F.Properties.Timeout: "))
    }

    @Test(arguments: [
        ("{Timout: 3}", "Timout is not a property of a function", "Did you mean Timeout?"),
        ("{FunctionName: x}", "SAM does not take FunctionName from Globals", "Write it in each function."),
    ])
    func unknownKeysAreWarnings(globals: String, message: String, hint: String) throws {
        let template = try parse(template(globals, "{CodeUri: ., Handler: g, Runtime: provided}"))
        let warning = try #require(template.warnings.first)
        #expect(warning.message == message)
        #expect(warning.hint == hint)
        #expect(warning.subject.path.hasPrefix("Globals.Function."))
    }

    @Test func aMissingTransformIsAWarning() throws {
        let text =
            "Resources: {F: {Type: AWS::Serverless::Function, "
            + "Properties: {CodeUri: ., Handler: h, Runtime: provided}}}"
        #expect(try parse(text).warnings.first?.hint?.contains("Transform: AWS::Serverless-2016-10-31") == true)
    }

    @Test(arguments: [
        ("AWS::Serverless::Funktion", "Did you mean AWS::Serverless::Function?"),
        ("AWS::Lambda::Functions", "Did you mean AWS::Lambda::Function?"),
    ])
    func mistypedTypesAreWarnings(type: String, hint: String) throws {
        let template = try parse("Transform: AWS::Serverless-2016-10-31\nResources: {F: {Type: '\(type)'}}")
        #expect(template.warnings.map(\.hint) == [hint])
        #expect(template.functions == [])
    }
}
