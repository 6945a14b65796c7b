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

    @Test(arguments: ["? *a29\n: x", "*a29 : x", "{*a29 : x}", "x: {? [*a29] : y}", "[*a29]: x", "\"k\": {[*a29] : 1}"])
    func aliasBombsAsKeys(last: String) {
        let found = errors(bomb(levels: 30, last: last))
        #expect(found.first?.message.contains("used as a key") == true)
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
        let found = errors(
            functionTemplate(
                "Handler: x\nDescription: x\nFunctionName: !Sub '\(text)'"
                    .replacing("Handler: x\n", with: ""),
                head: head
            )
        )
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
        for end in text.indices { _ = errors(String(text[..<end])) }
        for index in text.indices { _ = errors(String(text[index...])) }
        #expect(errors("") != [])
    }

    @Test(arguments: [
        "", "${", "${}", "${!", "${!}", "${.}", "${a.}", "${.a}", "${a..b}", "$", "$$", "${${a}}", "${a", "${ }", "}${",
        "${a\nb}",
    ])
    func oddSubstitutions(text: String) {
        // Whatever the verdict, there is one.
        _ = errors(functionTemplate("Environment: {Variables: {KEY: !Sub \"\(text.replacing("\n", with: "\\n"))\"}}"))
    }
}
