import LambdaModel
import SAMTemplate
import Testing

/// `AutoPublishAlias` and `ProvisionedConcurrencyConfig`.
@Suite struct AliasTests {
    private func configuration(_ lines: String) throws -> FunctionConfiguration {
        try parse(functionTemplate(lines)).function(named: "F").configuration
    }

    @Test func anAliasWithReadyEnvironments() throws {
        let found = try configuration(
            """
            AutoPublishAlias: live
            ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: "3"}
            """
        )
        #expect(found.publishedAlias == "live")
        #expect(found.provisionedConcurrency == 3)
        #expect(try configuration("Timeout: 3").publishedAlias == nil)
    }

    @Test(arguments: [
        ("AutoPublishAlias: 12", "an alias has 1 to 128 letters"),
        ("AutoPublishAlias: a b", "an alias has 1 to 128 letters"),
        ("AutoPublishAlias: [a]", "AutoPublishAlias is a string"),
        ("ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}", "needs an alias"),
        ("AutoPublishAlias: a\nProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 0}", "is outside"),
        (
            "AutoPublishAlias: a\nProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: x}",
            "must be a whole number"
        ),
        ("AutoPublishAlias: a\nProvisionedConcurrencyConfig: {}", "needs ProvisionedConcurrentExecutions"),
        ("AutoPublishAlias: a\nProvisionedConcurrencyConfig: 5", "is a mapping"),
    ])
    func errorsSayWhatIsMeant(lines: String, message: String) throws {
        let found = errors(functionTemplate(lines))
        #expect(found.count == 1, "\(found)")
        #expect(try #require(found.first).message.contains(message), "\(found)")
    }
}
