import LambdaModel
import SAMTemplate
import Testing

@Suite struct FunctionPropertyTests {
    @Test func everythingAtOnce() throws {
        let text = """
            Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
            Resources:
              Hello:
                Type: AWS::Serverless::Function
                Metadata:
                  BuildMethod: makefile
                  WorkingDirectory: ./w
                  ContextPath: c
                  BuildProperties: {target: x, flags: [a, b]}
                Properties:
                  FunctionName: my-hello
                  CodeUri: ./
                  Handler: bin/app
                  Runtime: provided.al2
                  Architectures: [arm64]
                  Timeout: "30"
                  MemorySize: 256.0
                  EphemeralStorage: {Size: 1024}
                  ReservedConcurrentExecutions: 7
                  Environment:
                    Variables: {A1: yes, B1: 1.10, C1: 010, D1: text, E1: "", F1: 2012-10-17, G1: 0x1F, H1: "010"}
                  LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: DEBUG, SystemLogLevel: WARN, LogGroup: /x/y}
            """
        let template = try parse(text, .init(region: "eu-west-1", accountID: "111122223333"))
        let function = try template.function()
        let configuration = function.configuration
        #expect(template.warnings == [])
        #expect(configuration.name == "my-hello")
        #expect(configuration.arn.description == "arn:aws:lambda:eu-west-1:111122223333:function:my-hello")
        #expect(configuration.handler == "bin/app")
        #expect(configuration.runtime == .providedAL2)
        #expect(configuration.architecture == .arm64)
        #expect(configuration.timeout == 30)
        #expect(configuration.memorySize == 256)
        #expect(configuration.ephemeralStorage == 1024)
        #expect(configuration.reservedConcurrency == 7)
        #expect(
            configuration.environment == [
                "A1": "true", "B1": "1.1", "C1": "8", "D1": "text", "E1": "", "F1": "2012-10-17", "G1": "31",
                "H1": "010",
            ]
        )
        #expect(
            configuration.logging
                == LoggingConfiguration(format: .json, applicationLevel: .debug, systemLevel: .warn, logGroup: "/x/y")
        )
        #expect(
            function.build
                == BuildSettings(
                    method: "makefile",
                    workingDirectory: "./w",
                    contextPath: "c",
                    properties: ["target": "x", "flags": #"["a","b"]"#]
                )
        )
        #expect(function.code == .directory(path: "."))
        #expect(function.obstacle == nil)
        #expect(function.location.description == "template.yaml:3:3")
    }

    @Test func defaultsAreLambdas() throws {
        let configuration = try parse(functionTemplate("")).function().configuration
        #expect(configuration == FunctionConfiguration(name: "F", handler: "bootstrap"))
    }

    /// Properties of `functionTemplate` begin in line 10, column 7.
    @Test(arguments: [
        ("Architectures: arm64", "10:22", "Architectures is a list, not a string", "Write Architectures: [arm64]"),
        ("Architectures: amd64", "10:22", "is a list", "Write Architectures: [x86_64]"),
        ("Architectures: [aarch64]", "10:23", "x86_64 or arm64, not 'aarch64'", "Write Architectures: [arm64]"),
        ("Architectures: [arm64, x86_64]", "10:22", "exactly one architecture", nil),
        ("Timeout: 0", "10:16", "from 1 to 900; '0' is outside", nil),
        ("Timeout: 901", "10:16", "from 1 to 900", nil),
        ("Timeout: 30s", "10:16", "a whole number of seconds from 1 to 900, not '30s'", nil),
        ("Timeout: 1.5", "10:16", "a whole number", nil),
        ("Timeout:", "10:15", "Timeout has no value", nil),
        ("Timeout: [3]", "10:16", "not a list", nil),
        ("MemorySize: 127", "10:19", "from 128 to 10240", nil),
        ("EphemeralStorage: 512", "10:25", "a mapping, not a number", "Write EphemeralStorage: {Size: 1024}"),
        ("EphemeralStorage: {Size: 100}", "10:32", "from 512 to 10240", nil),
        ("EphemeralStorage: {}", "10:25", "needs a Size", nil),
        ("ReservedConcurrentExecutions: -1", "10:37", "from 0 to 100000; '-1' is outside", nil),
        ("ReservedConcurrentExecutions: all", "10:37", "a whole number of invocations", nil),
        ("FunctionName: a b", "10:21", "unlike 'a b'", nil),
        ("FunctionName: [a]", "10:21", "FunctionName is a string, not a list", nil),
        ("Environment: {A: b}", "10:21", "only the key Variables", nil),
        ("Environment: {Variables: [a]}", "10:32", "a mapping, not a list", nil),
        ("Environment: {Variables: {AWS_REGION: x}}", "10:33", "reserves the key AWS_REGION", nil),
        ("Environment: {Variables: {1A: x}}", "10:33", "'1A' is not a name", nil),
        ("Environment: {Variables: {KEY: [x]}}", "10:38", "a string, not a list", nil),
        ("Environment: {Variables: {KEY: }}", "10:33", "has no value", "Write \"\" for an empty one."),
        ("LoggingConfig: {LogFormat: json}", "10:34", "Text or JSON, not 'json'", "Did you mean JSON?"),
        ("LoggingConfig: {SystemLogLevel: INFO}", "10:23", "only with LogFormat: JSON", nil),
        ("LoggingConfig: {LogFormt: JSON}", "10:23", "no key LogFormt", "Did you mean LogFormat?"),
        ("LoggingConfig: {LogGroup: 'a b'}", "10:33", "not the name of a log group", nil),
        ("Layers: arn:aws:lambda:x", "10:15", "Layers is a list", nil),
        ("Layers: [a, b, c, d, e, f]", "10:15", "at most 5 layers", nil),
        ("Layers: [!Ref F]", "10:16", "F is not a layer", nil),
    ])
    func errorsNameTheirPlace(line: String, place: String, message: String, hint: String?) throws {
        let found = errors(functionTemplate(line))
        let error = try #require(found.first)
        #expect(error.description.hasPrefix("template.yaml:\(place): error: Resources.F.Properties."), "\(error)")
        #expect(error.message.contains(message), "\(error)")
        if let hint { #expect(error.hint == hint) }
        #expect(found.count == 1)
        #expect(error.resource == "F")
        #expect(error.property?.hasPrefix(String(line.prefix { $0 != ":" })) == true)
    }

    @Test(arguments: [
        ("Runtime: provided.al2024", "no runtime 'provided.al2024'", "Did you mean provided.al2023?"),
        ("Runtime: python3.31", "no runtime", "Did you mean python3.11?"),
        ("Handler: x", "Runtime is missing", "Add Runtime: provided.al2023."),
    ])
    func runtimeErrors(line: String, message: String, hint: String) throws {
        let text = """
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties: {CodeUri: ., \(line)}
            Transform: AWS::Serverless-2016-10-31
            """
        let error = try #require(errors(text).first)
        #expect(error.message.contains(message))
        #expect(error.hint == hint)
        #expect(error.property == "Runtime")
    }

    @Test(arguments: [
        ("Timeot: 3", "10:7", "Timeot is not a property of a function", "Did you mean Timeout?"),
        ("Enviroment: {}", "10:7", "Enviroment is not", "Did you mean Environment?"),
        ("Timeout: !ImportValue t", "10:16", "the export t exists only in the cloud", nil),
        ("Architectures: [!ImportValue t]", "10:23", "uses the default of Architectures", nil),
        ("Zzz: 1", "10:7", "Zzz is not a property", nil),
    ])
    func warnings(line: String, place: String, message: String, hint: String?) throws {
        let template = try parse(functionTemplate(line))
        let warning = try #require(template.warnings.first)
        #expect(warning.description.hasPrefix("template.yaml:\(place): warning: Resources.F.Properties."), "\(warning)")
        #expect(warning.message.contains(message), "\(warning)")
        if let hint { #expect(warning.hint == hint) }
        #expect(template.warnings.count == 1)
    }

    @Test func environmentSizeIsBounded() throws {
        let value = String(repeating: "x", count: 4_093)
        #expect(errors(functionTemplate("Environment: {Variables: {KEY: \(value)}}")) == [])
        let error = try #require(errors(functionTemplate("Environment: {Variables: {KEY: \(value)y}}")).first)
        #expect(error.message.contains("4097 bytes, and Lambda allows 4096"))
    }

    @Test func allErrorsAtOnceInTheirOrder() throws {
        let found = errors(functionTemplate("Timeout: 0\nMemorySize: x\nArchitectures: arm64"))
        #expect(found.map(\.location?.line) == [10, 11, 12])
    }

    @Test func diagnosticsHaveJSON() throws {
        let error = try #require(errors(functionTemplate("Timeout: \"0\"")).first)
        #expect(
            error.json
                == #"{"severity":"error","file":"template.yaml","line":10,"column":16,"resource":"F","#
                + #""property":"Timeout","path":"Resources.F.Properties.Timeout","#
                + #""message":"Timeout must be a whole number of seconds from 1 to 900; '0' is outside"}"#
        )
    }

    @Test func sameNameTwiceIsAnError() throws {
        let tail = """
              G:
                Type: AWS::Serverless::Function
                Properties: {CodeUri: ., Handler: h, Runtime: provided, FunctionName: F}
            """
        #expect(errors(functionTemplate("", tail: tail)).first?.message == "the name F is already that of F")
    }
}
