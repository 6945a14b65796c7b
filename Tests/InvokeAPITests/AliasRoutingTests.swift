import LambdaModel
import Testing

@testable import InvokeAPI

struct AliasRoutingTests {
    private func routing(_ json: String) throws -> AliasRouting {
        AliasRouting(try JSONValue(json: Array(json.utf8)))
    }

    @Test func oneVersionGetsEverything() throws {
        let routing = try routing(#"{"FunctionVersion": "3"}"#)
        #expect([0, 0.5, 0.999].map(routing.version(chance:)) == ["3", "3", "3"])
    }

    /// The weight is the share of the additional version.
    @Test(arguments: [(0.0, "2"), (0.0999, "2"), (0.1, "1"), (0.5, "1"), (0.9999, "1")])
    func weights(chance: Double, version: String) throws {
        let routing = try routing(
            #"{"FunctionVersion": "1", "RoutingConfig": {"AdditionalVersionWeights": {"2": 0.1}}}"#
        )
        #expect(routing.version(chance: chance) == version)
    }

    @Test func theWholeAndNothing() throws {
        let all = try routing(#"{"FunctionVersion": "1", "RoutingConfig": {"AdditionalVersionWeights": {"2": 1.0}}}"#)
        #expect(all.version(chance: 0.999_999) == "2")
        let none = try routing(#"{"FunctionVersion": "1", "RoutingConfig": {"AdditionalVersionWeights": {"2": 0.0}}}"#)
        #expect(none.version(chance: 0) == "1")
    }
}
