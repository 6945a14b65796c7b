import Testing

/// The AWS CLI against `apus start-lambda`: the first example from its zip to its end.
@Suite(Prerequisite.awsCLI, Prerequisite.program("nasm"), Prerequisite.program("make"), Prerequisite.program("zip"))
struct AWSCommandLineTests {
    private static let script = #"""
        set -eu
        lambda() { "$AWS" lambda "$@"; }
        fail() { echo "$1" >&2; exit 1; }
        echo '{"name": "bird"}' > event.json

        lambda create-function --function-name hello --zip-file fileb://function.zip --handler bin/app \
            --runtime provided.al2023 --role arn:aws:iam::123456789012:role/lambda --timeout 5 --tags team=birds
        lambda wait function-active-v2 --function-name hello
        lambda invoke --function-name hello --payload fileb://event.json --log-type Tail \
            --query LogResult --output text answer.json | base64 -d > tail.txt
        grep -qx '早めのパブロン' answer.json || fail "the answer: $(cat answer.json)"
        grep -q '^REPORT RequestId' tail.txt || fail "the log: $(cat tail.txt)"

        one=$(lambda publish-version --function-name hello --query Version --output text)
        lambda create-alias --function-name hello --name live --function-version "$one"
        lambda update-function-code --function-name hello --zip-file fileb://echo.zip
        lambda wait function-updated-v2 --function-name hello
        lambda invoke --function-name hello --payload fileb://event.json answer.json
        grep -q '"name": "bird"' answer.json || fail "the new code's answer: $(cat answer.json)"
        lambda invoke --function-name hello:live --payload fileb://event.json answer.json
        grep -qx '早めのパブロン' answer.json || fail "the alias's answer: $(cat answer.json)"
        test "$(lambda list-versions-by-function --function-name hello --query 'length(Versions)')" = 2
        test "$(lambda invoke --function-name hello --invocation-type Event --payload fileb://event.json \
            --query StatusCode answer.json)" = 202

        lambda delete-alias --function-name hello --name live
        lambda delete-function --function-name hello
        if lambda get-function --function-name hello 2> error.txt; then fail "it is still there"; fi
        grep -q ResourceNotFoundException error.txt || fail "the error: $(cat error.txt)"
        test "$(lambda list-functions --query 'length(Functions)')" = 0
        """#

    /// Leaves no template: the server has none.
    private static let packing = """
        (cd .aws-sam/build/HelloFunction && zip -qr ../../../function.zip .)
        (cd echo && zip -qr ../echo.zip .)
        rm -r .aws-sam template.yaml
        """

    @Test func aFunctionsLife() async throws {
        try await Fixture.with { fixture in
            try fixture.copyFromRepository("Examples/assembly-hello")
            let build = try await fixture.apus(["build"])
            #expect(build.status == .exited(0), "\(build)")
            try await fixture.writeEchoFunction("echo")
            let zip = try await fixture.run("/bin/sh", ["-ec", Self.packing])
            #expect(zip.status == .exited(0), "\(zip)")
            try await fixture.withLambdaServer { address, running in
                let outcome = try await fixture.program(
                    "/bin/sh",
                    ["-c", Self.script],
                    environment: [
                        "AWS": Prerequisite.aws ?? "", "AWS_ENDPOINT_URL_LAMBDA": address, "AWS_ACCESS_KEY_ID": "x",
                        "AWS_SECRET_ACCESS_KEY": "y", "AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1",
                        "AWS_PAGER": "", "NO_PROXY": "*",
                    ],
                    timeLimit: .seconds(300)
                ).run()
                #expect(outcome.status == .exited(0), "\(outcome)\n\(running.errorText)")
            }
        }
    }
}
