import LambdaModel
import Testing

@Suite struct LaunchFailureTests {
    @Test(
        arguments: [
            (
                .noEntrypoint, "Runtime.InvalidEntrypoint",
                "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"
            ),
            (
                .exec(code: 13, path: "/var/task/bootstrap"), "Runtime.InvalidEntrypoint",
                "fork/exec /var/task/bootstrap: permission denied"
            ),
            (
                .exec(code: 8, path: "/var/task/bootstrap"), "Runtime.InvalidEntrypoint",
                "fork/exec /var/task/bootstrap: exec format error"
            ),
            (
                .exec(code: 2, path: "/opt/bootstrap"), "Runtime.InvalidEntrypoint",
                "fork/exec /opt/bootstrap: no such file or directory"
            ),
            (
                .exec(code: 9999, path: "/opt/bootstrap"), "Runtime.InvalidEntrypoint",
                "fork/exec /opt/bootstrap: errno 9999"
            ),
            (.host(code: 24, operation: "pipe"), "Runtime.LaunchError", "pipe: too many open files"),
            (.host(code: 12, operation: "fork"), "Runtime.LaunchError", "fork: cannot allocate memory"),
        ] as [(LaunchFailure, String, String)]
    )
    func speaksAsLambdaDoes(_ failure: LaunchFailure, errorType: String, message: String) {
        #expect(failure.errorType == errorType)
        #expect(failure.lambdaMessage == message)
    }

    /// Texts are Go's, in lower case and without a full stop.
    @Test func errnoTextsAreInLowerCase() {
        for code in Int32(1)...133 {
            let text = ErrnoName.lambdaName(of: code)
            #expect(text == text.lowercased())
            #expect(!text.isEmpty && !text.hasSuffix("."))
        }
    }
}
