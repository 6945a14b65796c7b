import FunctionStore
import LambdaModel
import Testing

@testable import InvokeAPI

struct PublishedAliasTests {
    private func merge(_ alias: String?, _ provisioned: Int? = nil, into function: inout StoredFunction) {
        var configuration = FunctionConfiguration(name: "f")
        configuration.publishedAlias = alias
        configuration.provisionedConcurrency = provisioned
        PublishedAlias(configuration).merge(into: &function, revisions: { "r" }, epochMilliseconds: { 7 })
    }

    private func function() -> StoredFunction {
        StoredFunction(
            name: "f",
            latest: StoredVersion(settings: .object([]), code: .template, lastModified: 1, revisionID: "r")
        )
    }

    @Test func theAliasStandsForTheNewestCode() {
        var function = function()
        merge("live", 2, into: &function)
        #expect(function[.alias, "live"]?["FunctionVersion"] == .string("$LATEST"))
        #expect(function[.provisionedConcurrency, "live"]?["count"]?.intValue == 2)
        let before = function
        merge("live", 2, into: &function)
        #expect(function == before)
    }

    @Test func whatTheTemplateHasNoMoreGoes() {
        var function = function()
        merge("live", 2, into: &function)
        merge("next", into: &function)
        #expect(function.documents(.alias).map(\.qualifier) == ["next"])
        #expect(function.documents(.provisionedConcurrency).isEmpty)
        merge(nil, into: &function)
        #expect(function.documents.isEmpty)
    }

    @Test func whatSomebodyElseMadeStays() {
        var function = function()
        function[.alias, "own"] = .members(["Name": .string("own"), "FunctionVersion": .string("1")])
        function[.provisionedConcurrency, "1"] = .members(["count": .integer(1)])
        let before = function
        merge("live", into: &function)
        merge(nil, into: &function)
        #expect(function == before)
    }

    /// An alias that was moved through the API is the template's again when a server starts.
    @Test func theTemplateWins() {
        var function = function()
        merge("live", into: &function)
        function[.alias, "live"] = function[.alias, "live"]?.setting("FunctionVersion", .string("1"))
        merge("live", into: &function)
        #expect(function[.alias, "live"]?["FunctionVersion"] == .string("$LATEST"))
    }
}
