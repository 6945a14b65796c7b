import Testing

/// Every operation that `apus start-lambda` has, against AWS's own description of the Lambda API: members, types, bounds,
/// status codes and errors. See Tests/LambdaContract.
@Suite(Prerequisite.pythonRuntime) struct LambdaContractTests {
    @Test func answersAreAsAWSDescribesThem() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction("echo")
            try await fixture.withLambdaServer { address, running in
                try await fixture.python(
                    """
                    import scenario
                    with open("echo.zip", "wb") as file: file.write(archive("echo"))
                    expect(scenario.main(sys.argv[1], "echo.zip"), 0)
                    """,
                    against: address,
                    running
                )
            }
        }
    }
}
