import LambdaModel
import Testing

@testable import InvokeAPI

struct InputValidationTests {
    private static let members: [InputMember] = [
        .required(
            "Name",
            .string(length: 2...5, pattern: ConstraintPattern(text: "[a-z]+") { $0.allSatisfy(\.isLowercase) })
        ),
        .optional("Size", .integer(128...256)),
        .optional("Weight", .number(0...1)),
        .optional("Kind", .choice(["A", "B"])),
        .optional("On", .boolean),
        .optional("Items", .list(of: .string(length: 1...3), count: 0...2)),
        .optional("Labels", .map(values: .string(length: 0...4))),
        .optional("Inner", .structure([.required("Deep", .integer(0...9))])),
        .optional("Later", .refused("has no such thing")),
    ]

    private func check(_ json: String) throws -> JSONValue {
        let document = try JSONValue(json: Array(json.utf8))
        return try InputValidation.check(Self.members) { document[$0.name] }
    }

    private func refusal(_ json: String) throws -> LambdaAPIError? {
        do {
            _ = try check(json)
            return nil
        } catch let error as LambdaAPIError {
            return error
        }
    }

    @Test func whatIsKnownIsKept() throws {
        let result = try check(
            #"{"Name": "bird", "Size": 128, "Unknown": 1, "On": null, "Inner": {"Deep": 3, "More": 4}}"#
        )
        #expect(result.text == #"{"Name":"bird","Size":128,"Inner":{"Deep":3}}"#)
    }

    /// The constraint as the service words it.
    @Test(arguments: [
        (#"{}"#, "Value null at 'name' failed to satisfy constraint: Member must not be null"),
        (#"{"Name": null}"#, "Value null at 'name' failed to satisfy constraint: Member must not be null"),
        (
            #"{"Name": "a"}"#,
            "Value 'a' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 2"
        ),
        (
            #"{"Name": "abcdef"}"#,
            "Value 'abcdef' at 'name' failed to satisfy constraint: Member must have length less than or equal to 5"
        ),
        (
            #"{"Name": "AB"}"#,
            "Value 'AB' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+"
        ),
        (
            #"{"Name": "ab", "Size": 64}"#,
            "Value '64' at 'size' failed to satisfy constraint: Member must have value greater than or equal to 128"
        ),
        (
            #"{"Name": "ab", "Size": 257}"#,
            "Value '257' at 'size' failed to satisfy constraint: Member must have value less than or equal to 256"
        ),
        (
            #"{"Name": "ab", "Weight": 1.5}"#,
            "Value '1.5' at 'weight' failed to satisfy constraint: Member must have value less than or equal to 1.0"
        ),
        (
            #"{"Name": "ab", "Kind": "C"}"#,
            "Value 'C' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [A, B]"
        ),
        (
            #"{"Name": "ab", "Items": ["abcd"]}"#,
            "Value 'abcd' at 'items.1.member' failed to satisfy constraint: Member must have length less than or equal to 3"
        ),
        (
            #"{"Name": "ab", "Items": ["a", "b", "c"]}"#,
            "Value '[a, b, c]' at 'items' failed to satisfy constraint: Member must have length less than or equal to 2"
        ),
        (
            #"{"Name": "ab", "Labels": {"k": "abcde"}}"#,
            "Value 'abcde' at 'labels.k.member' failed to satisfy constraint: Member must have length less than or equal to 4"
        ),
        (
            #"{"Name": "ab", "Inner": {}}"#,
            "Value null at 'inner.deep' failed to satisfy constraint: Member must not be null"
        ),
    ])
    func constraints(json: String, problem: String) throws {
        let error = try #require(try refusal(json))
        #expect(error.message == "1 validation error detected: " + problem)
        #expect((error.status, error.type) == (400, "ValidationException"))
    }

    @Test func allProblemsAreTold() throws {
        let error = try #require(try refusal(#"{"Size": 1, "Kind": "x"}"#))
        #expect(error.message.hasPrefix("3 validation errors detected: Value null at 'name'"))
    }

    /// A request cannot make its answer as large as itself.
    @Test func theAnswerIsBounded() throws {
        let items = (0..<1_000).map { "\"\(String(repeating: "x", count: 50))\($0)\"" }.joined(separator: ",")
        let error = try #require(try refusal(#"{"Name": "ab", "Items": [\#(items)]}"#))
        #expect(error.message.utf8.count < 5_000)
    }

    @Test(arguments: [
        (#"{"Name": 1}"#, "NUMBER_VALUE can not be converted to a String"),
        (#"{"Name": "ab", "Size": "128"}"#, "STRING_VALUE can not be converted to an Integer"),
        (#"{"Name": "ab", "Size": 1.5}"#, "DECIMAL_VALUE can not be converted to an Integer"),
        (#"{"Name": "ab", "Size": 99999999999999999999}"#, "DECIMAL_VALUE can not be converted to an Integer"),
        (#"{"Name": "ab", "On": "true"}"#, "STRING_VALUE can not be converted to a Boolean"),
        (#"{"Name": "ab", "Items": {}}"#, "STRUCTURE_VALUE can not be converted to a List"),
        (#"{"Name": "ab", "Labels": []}"#, "LIST_VALUE can not be converted to a Map"),
        (#"{"Name": "ab", "Inner": true}"#, "BOOLEAN_VALUE can not be converted to a Structure"),
    ])
    func wrongTypes(json: String, message: String) throws {
        let error = try #require(try refusal(json))
        #expect((error.type, error.message) == ("SerializationException", message))
    }

    @Test func whatApusDoesNotHaveIsRefusedByName() throws {
        let error = try #require(try refusal(#"{"Name": "ab", "Later": {"x": 1}}"#))
        #expect(
            (error.type, error.message) == (
                "InvalidParameterValueException", "Apus has no such thing, which later asks for"
            )
        )
    }
}
