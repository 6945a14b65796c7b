import Testing

/// What nobody should send to `apus start-lambda`: it gets Lambda's error, and the server lives on.
@Suite(.serialized, Prerequisite.pythonRuntime, Prerequisite.gcc) struct LambdaAPIHostileTests {
    /// Runs the statements with ``RawLambdaClient``; afterwards an invocation must succeed, and no connection be left.
    private func withServer(python: String) async throws {
        try await Fixture.with { fixture in
            try fixture.write(
                "template.yaml",
                """
                Transform: AWS::Serverless-2016-10-31
                Globals:
                  Function: {Runtime: provided.al2023, Handler: app, Timeout: 10}
                Resources:
                  Echo: {Type: AWS::Serverless::Function, Properties: {CodeUri: echo/}}
                  Slow: {Type: AWS::Serverless::Function, Properties: {CodeUri: slow/}}
                """
            )
            try await fixture.writeEchoFunction("echo")
            try await fixture.writeFunction(
                "slow",
                c: "for (;;) { next(); usleep(200000); respond(event, event_length); }"
            )
            // So that they take few descriptors, whatever is asked of them.
            let options = ["--state-dir", "state", "--concurrency", "4", "--queue"]
            try await fixture.withLambdaServer(options) { address, running in
                let statements = RawLambdaClient.python + "is_alive()\n"
                try await fixture.python(statements, against: address, running)
                let descriptors = running.descriptorCount
                try await fixture.python(statements + python + "\nis_alive()\n", against: address, running)
                // There may be more environments than before, four of them at most.
                try await eventually("no connection left") { running.descriptorCount <= descriptors + 32 }
            }
        }
    }

    @Test func payloadsThatAreNoJSON() async throws {
        try await withServer(
            python: #"""
                for bad in [b"{", b"nul", b'{"a":}', b"[1,]", b"{}}", b"\xff", b'"\xff"', b'"\xed\xa0\x80"', b"01", b"+1", b"1.",
                            b'"\x01"', b"{a:1}", b"'a'", b"\xef\xbb\xbf{}", b"\0", b" ", b"[" * 20000, b"[" * 20000 + b"]" * 20000,
                            b'{"a":' * 20000, b"NaN", b"-", b'"\\u12"', zlib.compress(b"{}")]:
                    refused(request(body=bad), 400, "InvalidRequestContentException", "Could not parse request body into json")
                    refused(request(body=bad, X_Amz_Invocation_Type="Event"), 400, "InvalidRequestContentException")
                for good in [b"[]", b"1", b'"x"', b"null", b"1e999999", b"9" * 5000, b"-0.0", b"[" * 9999 + b"]" * 9999,
                             b' {"a": 1, "a": 2} ', b'"\\ud800"']:
                    expect(ask(request(body=good))[::2], (200, good))
                """#
        )
    }

    @Test func requestsThatAreNoJSON() async throws {
        try await withServer(
            python: #"""
                functions = "/2015-03-31/functions"
                configuration = functions + "/Echo/configuration"
                for bad in [b"{", b"[]", b"1", b'"x"', b"null", b"\xff", b'{"FunctionName":"\xff"}', b"{}}", b"[" * 20000,
                            b'{"FunctionName":' + b"[" * 10000 + b"]" * 10000 + b"}", b'{"a":' * 10000 + b"1" + b"}" * 10000]:
                    refused(request(functions, bad), 400, "InvalidRequestContentException", "Could not parse request body into json")
                    refused(request(configuration, bad, "PUT"), 400, "InvalidRequestContentException")
                for value, kind in [(b"1e999", "SerializationException"), (b"9" * 400, "SerializationException"),
                                    (b"1.5", "SerializationException"), (b'"3"', "SerializationException"), (b"[]", "SerializationException"),
                                    (b"-1", "ValidationException"), (b"0", "ValidationException"), (b"901", "ValidationException")]:
                    refused(request(configuration, b'{"Timeout":' + value + b"}", "PUT"), 400, kind)
                for code in [b"1", b"[]", b'{"ZipFile":1}']:
                    create = b'{"FunctionName":"x","Role":"arn:aws:iam::123456789012:role/r","Handler":"h","Runtime":"provided.al2023","Code":'
                    refused(request(functions, create + code + b"}"), 400, "SerializationException")
                for text in [b"%", b"A", b"AB=C", b"=AAA", b"A===", b"UEsDBA\\n==", "é".encode()]:
                    refused(request(functions, create + b'{"ZipFile":"' + text + b'"}}'), 400, "SerializationException", "base64")
                expect(client.get_function_configuration(FunctionName="Echo")["Timeout"], 10)
                """#
        )
    }

    @Test func namesThatMatchNoPattern() async throws {
        try await withServer(
            python: #"""
                arn = "arn:aws:lambda:us-east-1:123456789012:"
                names = ["a%2Fb", "%2e%2e", "..", "a%20b", "a%00b", "a%0d%0aX-Injected:%201", "%ff", "%C3%A9", "x" * 141, ":Echo", "Echo:",
                         "Echo:a%20b", "function:", "Echo:1:2", "a.b", "Echo%", "$LATEST", "%7B%7D", "arn", "arn:",
                         arn + "layer:Echo", arn + "function:", arn + "function:Echo:1:2", "arn:aws:s3:::bucket",
                         "arn:aws:lambda:us-east-1:123:function:Echo", "arn:aws:lambda:nowhere:123456789012:function:Echo",
                         "arn:aws!:lambda:us-east-1:123456789012:function:Echo"]
                for name in names:
                    if name == "arn": continue
                    path = f"/2015-03-31/functions/{name}"
                    refused(request(path + "/invocations"), 400, "ValidationException", "functionName")
                    expect("x-injected" in ask(request(path + "/invocations"))[1], False)
                    refused(request(path, b"", "GET"), 400, "ValidationException", "functionName")
                    refused(request(path + "/configuration", b"{}", "PUT"), 400, "ValidationException", "functionName")
                for qualifier in ["a%20b", "x" * 129, "%00", "a/b", "%C3%A9", "1:2"]:
                    refused(request(ECHO + "?Qualifier=" + qualifier), 400, "ValidationException", "qualifier")
                for name in ["nobody", "arn", "arn:aws:lambda:us-east-1:123456789012:function:nobody"]:
                    refused(request(f"/2015-03-31/functions/{name}/invocations"), 404, "ResourceNotFoundException", "Function not found: arn:aws")
                for path in ["/", "/2015-03-31/functions//invocations", "/2015-03-31/functions/Echo/invocations/x", "/2099-01-01/functions",
                             "/2015-03-31/functions/../functions/Echo/invocations", "//" + ECHO]:
                    expect(ask(request(path))[0], 404)
                refused(request(X_Amz_Invocation_Type="Later"), 400, "InvalidParameterValueException")
                refused(request(X_Amz_Log_Type="Head"), 400, "InvalidParameterValueException")
                refused(request(X_Amz_Client_Context="%%%"), 400, "InvalidRequestContentException")
                """#
        )
    }

    @Test func framingsAndEncodings() async throws {
        try await withServer(
            python: #"""
                import gzip
                # A payload is taken as it comes, whatever it says of itself.
                refused(request(body=gzip.compress(b"{}"), Content_Encoding="gzip"), 400, "InvalidRequestContentException")
                for coding in ["gzip", "gzip, chunked", "chunked, gzip", "identity", "chunked, chunked", "xchunked"]:
                    raw = request(body=b"2\r\n{}\r\n0\r\n\r\n", Transfer_Encoding=coding)
                    assert ask(raw)[0] in (400, 501), (coding, ask(raw))
                expect(ask(request(body=b"2\r\n{}\r\n0\r\n\r\n", Transfer_Encoding="chunked"))[::2], (200, b"{}"))
                # Large heads and bodies.
                expect(ask(request(X_Large="x" * 80000))[0], 431)
                expect(ask(request("/" + "x" * 80000))[0], 431)
                expect(ask(request(**{f"X-{n}": "x" for n in range(200)}))[0], 431)
                large = request(body=b"", length=6291457, Expect="100-continue")
                refused(large, 413, "RequestTooLargeException", "6291456")
                refused(request(body=b"", length=1048577, Expect="100-continue", X_Amz_Invocation_Type="Event"), 413, "RequestTooLargeException")
                refused(request("/2015-03-31/functions", b"", length=70167212, Expect="100-continue"), 413, "RequestEntityTooLargeException")
                with connect() as connection:
                    connection.sendall(request(body=b"", length=2, Expect="100-continue"))
                    expect(connection.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
                    connection.sendall(b"{}")
                    expect(read_answer(connection)[0], 200)
                # A hundred at once on one connection.
                with connect() as connection:
                    connection.sendall(b"".join(request(body=b"%d" % n) for n in range(100)))
                    rest = b""
                    for n in range(100):
                        status, _, body, rest = read_answer(connection, rest)
                        expect((status, body), (200, b"%d" % n))
                # Pages of others.
                for fields in [{"Origin": "http://evil.example"}, {"Origin": "null"},
                               {"Origin": "http://evil.example", "Content_Type": "text/plain"}]:
                    status, got, _ = ask(request(**fields))
                    expect((status, [name for name in got if name.startswith("access-control")]), (403, []))
                    expect(ask(request(method="OPTIONS", Access_Control_Request_Method="POST", **fields))[0], 403)
                expect(ask(b"POST " + ECHO.encode() + b" HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\n\r\n{}")[0], 403)
                """#
        )
    }

    @Test func connectionsThatEndInTheMiddle() async throws {
        try await withServer(
            python: #"""
                slow = "/2015-03-31/functions/Slow/invocations"
                # Who has said all and closed that half is answered.
                for path in [ECHO, slow]:
                    with connect() as connection:
                        connection.sendall(request(path, b'{"half":1}'))
                        connection.shutdown(socket.SHUT_WR)
                        expect(read_answer(connection)[::2], (200, b'{"half":1}'))
                        expect(connection.recv(1), b"")
                reset = struct.pack("ii", 1, 0)
                for path, body in [(ECHO, b'{"a":'), ("/2015-03-31/functions", b'{"FunctionName":'), (slow, b"")]:
                    for resets in [False, True]:
                        with connect() as connection:
                            connection.sendall(request(path, body, length=1000))
                            if resets: connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                            else:
                                connection.shutdown(socket.SHUT_WR)
                                expect(b"".join(iter(lambda: connection.recv(4096), b""))[:12], b"HTTP/1.1 400")
                # Uploads that never came take no place from others: only four may be under way.
                for _ in range(10):
                    with connect() as connection: connection.sendall(request("/2015-03-31/functions", b"{", length=1000000))
                time.sleep(0.2)
                refused(request("/2015-03-31/functions", b"{"), 400, "InvalidRequestContentException")
                # Callers that have gone: their invocations end all the same.
                for _ in range(20):
                    connection = connect()
                    connection.sendall(request(slow))
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                    connection.close()
                expect(ask(request(slow, b"7"))[::2], (200, b"7"))
                """#
        )
    }

    /// Heads and bodies that come slowly or not at all, readers that do not read.
    @Test func aThousandSlowClientsHinderNobody() async throws {
        try await withServer(
            python: #"""
                starts = [b"", b"POST /2015-03", request(length=1000), request()[:-30], request("/2015-03-31/functions", b"{", length=1000)]
                slow = []
                for number in range(1000):
                    connection = connect()
                    connection.sendall(starts[number % len(starts)])
                    slow.append(connection)
                times = []
                for round in range(20):
                    for connection in slow[round::20]:
                        try: connection.sendall(b"x")
                        except OSError: pass
                    began = time.monotonic()
                    is_alive()
                    times.append(time.monotonic() - began)
                assert sorted(times)[10] < 0.1, times
                for connection in slow: connection.close()
                """#
        )
    }

    @Test(Prerequisite.descriptors(10_500)) func tenThousandIdleConnections() async throws {
        try await withServer(
            python: #"""
                idle = [connect() for _ in range(10000)]
                for connection in idle[::100]:
                    connection.sendall(request(body=b"1"))
                    expect(read_answer(connection)[0], 200)
                times = []
                for _ in range(20):
                    began = time.monotonic()
                    is_alive()
                    times.append(time.monotonic() - began)
                assert sorted(times)[10] < 0.1, times
                # None has been cut.
                for connection in idle:
                    connection.setblocking(False)
                    try: expect(connection.recv(1), "nothing")
                    except BlockingIOError: pass
                """#
        )
    }

    @Test func archivesThatAreNoCode() async throws {
        try await withServer(
            python: #"""
                link = stat.S_IFLNK | 0o777
                def refuses(code, text="Could not unzip uploaded file"):
                    expect(error(create, name="bad", code=code), ("InvalidParameterValueException", 400))
                    words = message(create, name="bad", code=code)
                    assert text in words, words
                    assert "/state/" not in words, words

                good = zip_of(("bootstrap", b"#!/bin/sh\n"))
                for code in [b"no zip", good[:-1], good[:30], good[1:], b"PK\x05\x06" + b"\0" * 18, zip_of(),
                             zip_of(("../evil", b"x")), zip_of(("a/../../evil", b"x")), zip_of((os.getcwd() + "/evil", b"x")),
                             zip_of(("evil", "/etc/passwd", link)), zip_of(("d", "..", link), ("d/evil", b"x")),
                             zip_of(("d", "../../..", link)), zip_of(("a", "b", link), ("b", "../x", link)),
                             zip_of(("evil", b"", stat.S_IFIFO | 0o644)), zip_of(("evil", b"", stat.S_IFCHR | 0o644)),
                             zip_of(("a", b"x"), ("a", b"y"))]:
                    refuses(code)
                refuses(b"", "non-empty zip")

                # 251 MB in a quarter of one: what it declares is enough to refuse it.
                large = zip_of(("zeros", bytes(251 << 20)), method=zipfile.ZIP_DEFLATED)
                assert len(large) < 1 << 20
                refuses(large, "Unzipped size must be smaller than 262144000 bytes")
                # The same, declared as ten bytes in both places.
                lie = large.replace(struct.pack("<I", 251 << 20), struct.pack("<I", 10))
                refuses(lie)
                # The same megabyte five hundred times: entries that share their data.
                entry = zip_of(("a", bytes(1 << 20)), method=zipfile.ZIP_DEFLATED)
                start = struct.unpack("<I", entry[-6:-2])[0]
                central = b"".join(entry[start:-22].replace(b"a", bytes([97 + n % 26]), 1) for n in range(500))
                end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 500, 500, len(central), start, 0)
                refuses(entry[:start] + central + end, "overlaps another one")

                # Whatever came in is gone again, and nothing has been written elsewhere.
                expect(os.listdir("state/code"), [])
                expect([name for _, _, files in os.walk("..") for name in files if "evil" in name], [])
                expect(error(client.get_function, FunctionName="bad"), ("ResourceNotFoundException", 404))
                with open("echo/bootstrap", "rb") as file: code = zip_of(("bootstrap", file.read()), method=zipfile.ZIP_DEFLATED)
                create("good", code)
                client.get_waiter("function_active_v2").wait(FunctionName="good")
                expect(answer("good", b"[1]"), b"[1]")
                """#
        )
    }
}
