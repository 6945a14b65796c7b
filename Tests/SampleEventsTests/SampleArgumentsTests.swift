import LambdaModel
import SampleEvents
import Testing

/// What the words of a command line mean.
@Suite struct SampleArgumentsTests {
    private func read(_ line: String) throws -> SampleRequest {
        try SampleArguments.read(line.split(separator: " ", omittingEmptySubsequences: false).map(String.init))
    }

    private func values(_ line: String) throws -> SampleArguments {
        guard case .event(_, _, let arguments) = try read(line) else { throw Unexpected() }
        return arguments
    }

    struct Unexpected: Error {}

    @Test(
        arguments: [
            ("s3 put", [:]), ("s3 put --bucket b", ["bucket": "b"]),
            ("s3 put --bucket=b --key=", ["bucket": "b", "key": ""]),
            ("s3 put --key --bucket", ["key": "--bucket"]), ("s3 put --key a=b --key=c=d", ["key": "c=d"]),
            ("apigateway authorizer --restApiId 1", ["restApiId": "1"]), ("s3 put --debug --key k", ["key": "k"]),
        ] as [(String, [String: String])]
    )
    func options(_ line: String, _ expected: [String: String]) throws {
        #expect(try values(line).values == expected)
    }

    @Test func configuration() throws {
        let arguments = try values("s3 put --config-env ci --config-file=c.toml --save-params")
        #expect(arguments.configEnvironment == "ci")
        #expect(arguments.configFile == "c.toml")
        #expect(arguments.unused == ["--save-params"])
    }

    @Test func help() throws {
        for line in ["--help", "-h"] { guard case .help = try read(line) else { throw Unexpected() } }
        guard case .serviceHelp(let service) = try read("s3 --help") else { throw Unexpected() }
        #expect(service.name == "s3")
        guard case .eventHelp(_, let event) = try read("s3 put --bucket b -h") else { throw Unexpected() }
        #expect(event.name == "put")
    }

    @Test(
        arguments: [
            ("s4", "there is no service 's4'; did you mean s3?"), ("sss put", "there is no service 'sss'"),
            ("clodwatch logs", "did you mean cloudwatch?"),
            ("s3 putt", "there is no event of s3 'putt'; did you mean put?"),
            ("s3", "name an event of s3: batch-invocation, delete, put"),
            ("s3 put --buket b", "there is no option of put '--buket'; did you mean --bucket?"),
            ("s3 put --bucket", "--bucket needs a value"), ("s3 put stray", "unexpected argument 'stray'"),
            ("s3 put --", "unexpected argument '--'"), ("appsync resolver --x 1", "It has none."),
            ("\u{1B}[2J", #"'\u{1b}[2J'"#),
        ]
    )
    func wrongUsage(_ line: String, _ message: String) throws {
        let error = try #require(throws: ApusError.self) { try read(line) }
        #expect(error.description.contains(message), "\(error)")
    }

    @Test(
        arguments: [
            ([], "sns"), (["s3"], "put"), (["s3", "put"], "--key"), (["s3", "put", "--key", "k"], "--bucket"),
            (["s3", "put", "--key=k"], "--bucket"),
        ] as [([String], String)]
    )
    func completion(_ words: [String], _ candidate: String) {
        #expect(SampleCompletion.candidates(after: words).contains(candidate))
    }

    @Test(arguments: [["s4"], ["s3", "pu"], ["s3", "put", "--key"]]) func noCompletion(_ words: [String]) {
        #expect(SampleCompletion.candidates(after: words) == [])
    }
}
