import Testing

extension Fixture {
    /// Starts `apus start-lambda` in the project's directory, hands its address to `body`, and ends it: with SIGTERM, and
    /// then nothing may be left of it.
    func withLambdaServer(
        _ options: [String] = [],
        environment: [String: String] = [:],
        _ body: @escaping @Sendable (_ address: String, RunningProgram) async throws -> Void
    ) async throws {
        let outcome = try await apus(
            ["start-lambda", "--port", "0"] + options,
            environment: environment,
            // The clients have limits of their own.
            timeLimit: .seconds(600)
        ) { running in
            defer { running.signal(.terminate) }
            try await running.waitForErrorText("http://127.0.0.1:")
            let words = running.errorText.split(whereSeparator: \.isWhitespace)
            let address = try #require(words.last { $0.hasPrefix("http://127.0.0.1:") })
            try await body(String(address), running)
        }
        #expect(outcome.status == .exited(143), "\(outcome)")
        try await eventually("no process") { self.processes().isEmpty }
        #expect(try temporaryFiles() == [])
    }

    /// Runs statements of Python with `client`, boto3's of Lambda without retries, and expects that none of them fails, and
    /// that each answer is as AWS describes it.
    func python(_ statements: String, against address: String, _ running: RunningProgram) async throws {
        try write("client.py", Self.prelude + statements + Self.ending)
        let client = try await program(
            Prerequisite.venvPython ?? "",
            ["client.py", address],
            // A proxy of the machine's is not for this one.
            environment: ["NO_PROXY": "*", "PYTHONPATH": Paths.lambdaContract, "PYTHONDONTWRITEBYTECODE": "1"]
        ).run()
        #expect(client.status == .exited(0), "\(client)\n\(running.errorText)")
    }

    /// Both of it, once.
    func lambda(_ options: [String] = [], python statements: String) async throws {
        try await withLambdaServer(options) { address, running in
            try await self.python(statements, against: address, running)
        }
    }

    private static let prelude = """
        import base64, boto3, botocore, contract, hashlib, io, json, os, sys, threading, time, urllib.request, zipfile
        # What is wrong is for the server to find.
        config = botocore.config.Config(retries={"max_attempts": 0}, max_pool_connections=64, parameter_validation=False)
        client = boto3.client("lambda", endpoint_url=sys.argv[1], region_name="us-east-1", config=config,
                              aws_access_key_id="x", aws_secret_access_key="y")
        watcher = contract.watch(client)
        role = "arn:aws:iam::123456789012:role/lambda"

        def expect(actual, wanted):
            assert actual == wanted, f"{actual!r} where {wanted!r} was expected"

        def error(call, **arguments):
            try:
                call(**arguments)
            except botocore.exceptions.ClientError as error:
                return type(error).__name__, error.response["ResponseMetadata"]["HTTPStatusCode"]
            return None

        def message(call, **arguments):
            try:
                call(**arguments)
            except botocore.exceptions.ClientError as error:
                return error.response["Error"]["Message"]
            return None

        def archive(directory):
            # A zip of a directory, with its permissions.
            result = io.BytesIO()
            with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as zip:
                for root, _, files in os.walk(directory):
                    for file in files:
                        path = os.path.join(root, file)
                        zip.write(path, os.path.relpath(path, directory))
            return result.getvalue()

        def create(name, code, **more):
            more = {"Runtime": "provided.al2023", "Role": role, "Handler": "app", "Timeout": 20, "Code": {"ZipFile": code}, **more}
            return client.create_function(FunctionName=name, **more)

        def answer(name, payload=b"{}", **more):
            return client.invoke(FunctionName=name, Payload=payload, **more)["Payload"].read()

        """

    private static let ending = """

        assert not watcher.problems, "\\n".join(watcher.problems)
        """
}
