import LambdaModel
import SAMTemplate
import Testing

/// Texts that mean harm end in an error, soon, without a crash.
@Suite struct HostileTemplateTests {
    @Test(arguments: ["[", "{a: ", "- ", "!Not [", "? "])
    func deepNesting(unit: String) {
        for depth in [99, 150, 990, 100_000] {
            let found = errors("Resources: {}\nX:\n  " + String(repeating: unit, count: depth))
            #expect(!found.isEmpty)
        }
    }

    @Test func nestingThatParsesIsBounded() {
        let text = "Resources: {}\nX: " + String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        #expect(errors(text).first?.message == "nested more than 100 levels deep")
    }

    private func bomb(levels: Int, last: String) -> String {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1..<levels {
            let alias = "*a\(level - 1)"
            text += "a\(level): &a\(level) [" + Array(repeating: alias, count: 8).joined(separator: ", ") + "]\n"
        }
        return text + last + "\nResources: {}\n"
    }

    @Test func aliasBombs() {
        let found = errors(bomb(levels: 30, last: ""))
        #expect(found.first?.message.contains("when its aliases are expanded") == true)
    }

    @Test(arguments: [
        "? *a29\n: x", "*a29 : x", "x: {*a29 : x}", "x: {? [*a29] : y}", "[*a29]: x", "\"k\": {[*a29] : 1}",
    ])
    func aliasBombsAsKeys(last: String) {
        let found = errors(bomb(levels: 30, last: last))
        #expect(found.first?.message.contains("used as a key") == true)
    }

    @Test func manyAliasesBesideTextsThatLookLikeThemAreFine() throws {
        let variables = (0..<20).map { "K\($0)0: *v" }.joined(separator: ", ")
        let lines =
            "Description: !Sub 'arn:${AWS::Partition}:x *a: *b : [*c]: ${AWS::Region}: b'\n"
            + "Tags: {T: &v value}\nEnvironment: {Variables: {\(variables)}}"
        let environment = try parse(functionTemplate(lines)).functions[0].configuration.environment
        #expect(environment.count == 20)
        #expect(Set(environment.values) == ["value"])
    }

    @Test func messagesHoldNoControlCharacters() throws {
        let error = try #require(errors(functionTemplate("Environment: {Variables: {\"A\\e[31m\\n\": x}}")).first)
        #expect(error.description.contains("Environment.Variables.A\\u{1b}[31m\\u{a}: "), "\(error)")
        #expect(!error.description.unicodeScalars.contains("\u{1B}"))
    }

    @Test func searchesThatTakeLong() {
        let many = String(repeating: "a", count: 300_000)
        let split = errors(functionTemplate("FunctionName: !Select [0, !Split ['\(many)b', '\(many)']]"))
        #expect(split.first?.message == "Split takes a delimiter of 100 bytes at most")
        let sub = errors(functionTemplate("FunctionName: !Sub '\(String(repeating: "${-", count: 200_000))}'"))
        #expect(sub.count == 1)
    }

    @Test func aliasesOfLongTextsAreCounted() {
        let text =
            "s: &s " + String(repeating: "x", count: 500_000) + "\nl: ["
            + Array(repeating: "*s", count: 1_000).joined(separator: ", ") + "]\nResources: {}\n"
        #expect(errors(text).first?.message.contains("when its aliases are expanded") == true)
    }

    @Test func longChainsOfConditions() {
        let conditions = (0..<5_000).map { "  C\($0): !Not [!Condition C\($0 + 1)]" }.joined(separator: "\n")
        let head = "Conditions:\n\(conditions)\n  C5000: !Equals [a, a]"
        let found = errors(functionTemplate("Timeout: !If [C0, 1, 2]", head: head))
        #expect(found.contains { $0.message.contains("levels deep") })
    }

    @Test func doublingNames() {
        let functions = (0..<60).map {
            "  F\($0): {Type: AWS::Lambda::Function, Properties: {Code: ., Handler: h, Runtime: provided, "
                + "FunctionName: !Sub '${F\($0 + 1)}${F\($0 + 1)}'}}"
        }
        let text = "Resources:\n" + functions.joined(separator: "\n") + "\n  F60: {Type: X}\n"
        #expect(errors(text).contains { $0.message.contains("more than Apus is willing to compute") })
    }

    @Test func substitutionsThatGrow() {
        let head = "Parameters: {P: {Type: String, Default: \(String(repeating: "x", count: 200_000))}}"
        let text = String(repeating: "${P}", count: 1_000)
        let found = errors(functionTemplate("FunctionName: !Sub '\(text)'", head: head))
        #expect(found.first?.message.contains("more than Apus is willing to compute") == true)
    }

    @Test func thousandsOfErrorsAreCutOff() {
        let variables = (0..<20_000).map { "KEY\($0): !Ref NoSuchName\($0)" }.joined(separator: ", ")
        let found = errors(functionTemplate("Environment: {Variables: {\(variables)}}"))
        #expect((1...1_000).contains(found.count))
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE], "1:1", "not UTF-8"), ([0x61, 0x0A, 0x62, 0x80], "2:2", "not UTF-8"),
            ([0x61, 0x0A, 0x00], "2:1", "U+0000"), ([0x61, 0x1B], "1:2", "U+001B"),
        ] as [([UInt8], String, String)]
    )
    func bytesThatAreNotText(bytes: [UInt8], place: String, message: String) throws {
        let fixture = try TemplateFixture()
        let path = try fixture.write("t.yaml", bytes)
        let error = #expect(throws: TemplateError.self) { try SAMTemplate.load(path: path) }
        #expect(error?.description.hasPrefix("\(path):\(place): error: ") == true, "\(String(describing: error))")
        #expect(error?.description.contains(message) == true)
    }

    @Test func filesThatAreNoTemplates() throws {
        let fixture = try TemplateFixture()
        let large = try fixture.write("large.yaml", [UInt8](repeating: 0x20, count: 1_048_577))
        for (path, message) in [
            (large, "larger than 1 MB"), (fixture.directory, "is a directory"), ("/dev/zero", "not a regular file"),
            (fixture.path("none.yaml"), "it does not exist"), ("a\0b", "NUL byte"), (large + "/x", "it does not exist"),
            (String(repeating: "x", count: 5_000), "its name is too long"), ("", "it does not exist"),
        ] {
            let error = #expect(throws: TemplateError.self) { try SAMTemplate.load(path: path) }
            #expect(error?.description.contains(message) == true, "\(String(describing: error))")
        }
    }

    /// Every prefix of a template is parsed or refused.
    @Test func truncatedTemplates() throws {
        let text = functionTemplate(
            "Environment: {Variables: {KEY: !Sub '${AWS::Region}', \"Q\\u00e9\": |\n}}",
            head: "Mappings: {A: {b: {c: !Ref x}}}",
            tail: "# é\n  G: &x\n    Type: 'a'\n  H: *x\n"
        )
        let pieces = text.indices.map { String(text[..<$0]) } + text.indices.map { String(text[$0...]) }
        for piece in pieces {
            #expect(errors(piece).allSatisfy { $0.location?.file == "template.yaml" }, "\(piece)")
        }
        #expect(errors("") != [])
    }

    /// `nil`: an error, because it names something that is not there.
    @Test(
        arguments: [
            ("", ""), ("${", "${"), ("${}", "${}"), ("${!", "${!"), ("${!}", "${}"), ("${.}", nil), ("${a.}", nil),
            ("${.a}", nil), ("${a..b}", nil), ("$", "$"), ("$$", "$$"), ("${${a}}", nil), ("${a", "${a"),
            ("${ }", "${ }"),
            ("}${", "}${"), ("${a,b}", "${a,b}"), ("${ AWS::Region }", "us-east-1"),
            ("${!a}${AWS::Region}", "${a}us-east-1"),
        ] as [(String, String?)]
    )
    func oddSubstitutions(text: String, expected: String?) throws {
        let template = functionTemplate("Environment: {Variables: {KEY: !Sub \"\(text)\"}}")
        if let expected {
            #expect(try parse(template).functions[0].configuration.environment == ["KEY": expected])
        } else {
            #expect(errors(template).first?.message.contains("neither a parameter nor a resource") == true)
        }
    }
}
