#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Testing

/// Streamed responses through `apus rie`, between a runtime and a caller in Python.
@Suite(.serialized, Prerequisite.python, Prerequisite.curl) struct StreamTests {
    /// A runtime that streams what `body` writes with `chunk(bytes)`; `event` is the event's text.
    private static func function(_ body: String) -> String {
        #"""
        #!/usr/bin/env python3
        import http.client, os, socket, sys, time
        api = os.environ["AWS_LAMBDA_RUNTIME_API"]
        host, port = api.rsplit(":", 1)

        def wait_for(path):
            end = time.monotonic() + 20
            while not os.path.exists(path):
                if time.monotonic() > end: sys.exit("waited in vain for " + path)
                time.sleep(0.005)

        while True:
            connection = http.client.HTTPConnection(api)
            connection.request("GET", "/2018-06-01/runtime/invocation/next")
            response = connection.getresponse()
            event, request = response.read().decode(), response.headers["Lambda-Runtime-Aws-Request-Id"]
            stream = socket.create_connection((host, int(port)))
            stream.sendall(("POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: %s\r\n"
                "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\r\n" % (request, api)).encode())
            def chunk(data): stream.sendall(b"%x\r\n%s\r\n" % (len(data), data))
            try:
        """# + body.split(separator: "\n").map { "\n        " + $0 }.joined() + #"""

                    stream.sendall(b"0\r\n\r\n")
                    assert b" 202 " in stream.recv(4096)
                except (BrokenPipeError, ConnectionResetError):
                    print("nobody reads", flush=True)
            """#
    }

    /// A caller: invokes with the event `{}` and hands the socket, past the head of the answer, to `body`.
    private func call(_ emulator: RunningEmulator, _ body: String, event: String = "{}") async throws -> ProgramOutcome
    {
        let script =
            """
            import os, socket, sys, time
            host, port = sys.argv[1].split(":")
            caller = socket.socket()
            if len(sys.argv) > 3: caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, int(sys.argv[3]))
            caller.connect((host, int(port)))
            caller.settimeout(30)
            event = sys.argv[2].encode()
            caller.sendall(b"POST \(RunningEmulator.path) HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(event), event))
            answer = caller.makefile("rb")
            assert b" 200 " in answer.readline()
            while answer.readline() != b"\\r\\n": pass
            def chunk():
                data = answer.read(int(answer.readline(), 16))
                answer.readline()
                return data

            """ + body
        return try await emulator.fixture.run(
            Paths.program("python3") ?? "",
            ["-c", script, emulator.address, event]
        )
    }

    private func withStream(
        _ body: String,
        environment: [String: String] = [:],
        _ test: @escaping @Sendable (RunningEmulator) async throws -> Void
    ) async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(script: Self.function(body))
            var variables = environment
            variables["MARKS"] = fixture.root + "/home"
            try await RunningEmulator.with(["task/bootstrap"], in: fixture, environment: variables, test)
        }
    }

    /// Ten chunks, 100 ms apart, the next of which is written only when the caller has seen the one before.
    @Test func theCallerSeesEachChunkBeforeTheNextIsWritten() async throws {
        try await withStream(
            """
            for number in range(10):
                chunk(b"chunk %d" % number)
                wait_for(os.environ["MARKS"] + "/seen-%d" % number)
                time.sleep(0.1)
            """
        ) { emulator in
            let outcome = try await call(
                emulator,
                """
                for number in range(10):
                    assert chunk() == b"chunk %d" % number
                    open("\(emulator.fixture.root)/home/seen-%d" % number, "w").close()
                assert chunk() == b""
                print("all seen")
                """
            )
            #expect(outcome.text == "all seen\n", "\(outcome) \(emulator.running.errorText)")
        }
    }

    /// 100 MB, the first of them for a caller that is in no hurry.
    @Test(Prerequisite.procFileSystem) func aLargeStreamTakesLittleMemory() async throws {
        try await withStream("for number in range(1600): chunk(bytes([65 + number % 26]) * 65536)") { emulator in
            let outcome = try await call(
                emulator,
                """
                time.sleep(1)
                total = 0
                number = 0
                while True:
                    data = chunk()
                    if not data: break
                    # Apus may cut a chunk in two; its bytes stay in order.
                    for start in range(0, len(data), 4096):
                        piece = data[start:start + 4096]
                        assert piece[:1] == bytes([65 + (total + start) // 65536 % 26]), (total, start)
                    total += len(data)
                print(total)
                """
            )
            #expect(outcome.text == "104857600\n", "\(outcome) \(emulator.running.errorText)")
            let peak = try #require(try Self.peakMegabytes(of: emulator.running.processID))
            let limit = try Paths.isSanitized ? 1024 : Paths.apus().contains("/release/") ? 32 : 64
            #expect(peak < limit, "\(peak) MB at the peak, \(limit) MB allowed")
        }
    }

    private static func peakMegabytes(of process: Int32) throws -> Int? {
        let text = String(decoding: try Files.read("/proc/\(process)/status"), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first.map { $0 / 1024 }
    }

    /// A caller that goes away stops the stream; the runtime goes on to the next invocation.
    @Test func aCallerThatGoesAwayFreesTheEnvironment() async throws {
        try await withStream(
            """
            if event == "1": chunk(b"one")
            while event != "1": chunk(b"x" * 65536)
            """,
            environment: ["AWS_LAMBDA_FUNCTION_TIMEOUT": "60"]
        ) { emulator in
            let outcome = try await call(emulator, "chunk(); caller.close(); answer.close(); print('gone')")
            #expect(outcome.text == "gone\n", "\(outcome)")
            try await emulator.expect("1", body: "one")
            #expect(emulator.running.errorText.contains("nobody reads"), "\(emulator.running.errorText)")
            let log = PlatformLog(text: emulator.running.errorText)
            // The same environment: one init.
            #expect(log.lines(startingWith: "INIT_START").count == 1)
            #expect(log.lines.contains { $0.hasPrefix("REPORT ") && $0.contains("Sandbox.ClientDisconnected") })
        }
    }

    /// A runtime that does not let go is replaced, long before its time-out.
    @Test func aRuntimeThatGoesOnWithoutItsCallerIsEnded() async throws {
        try await withStream(
            """
            chunk(b"one")
            while event != "1": time.sleep(1)
            """,
            environment: ["AWS_LAMBDA_FUNCTION_TIMEOUT": "60"]
        ) { emulator in
            let outcome = try await call(emulator, "chunk(); caller.close(); answer.close(); print('gone')")
            #expect(outcome.text == "gone\n", "\(outcome)")
            let start = ContinuousClock.now
            try await emulator.expect("1", body: "one")
            #expect(ContinuousClock.now - start < .seconds(20))
            let log = PlatformLog(text: emulator.running.errorText)
            #expect(log.lines(startingWith: "INIT_START").count == 2, "\(emulator.running.errorText)")
        }
    }

    /// `apus invoke` writes a stream as it comes.
    @Test func invokeStreamsToItsOutput() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(
                script: Self.function("for number in range(200): chunk(b'y' * 65536)")
            )
            let outcome = try await fixture.invokeCode(event: "{}", ["--timeout", "30"])
            #expect(outcome.status == .exited(0), "\(outcome.status)")
            #expect(outcome.standardOutput.count == 200 * 65_536 + 1)
        }
    }

    /// Whoever reads the output goes away: the command ends long before the time-out.
    @Test(Prerequisite.program("bash")) func invokeEndsWithItsReader() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(script: Self.function("while True: chunk(b'y' * 65536)"))
            let script =
                #""$0" invoke --code task --handler app --timeout 600 | head -c 100000 | wc -c; echo "${PIPESTATUS[0]}""#
            let outcome = try await fixture.run(Paths.program("bash") ?? "", ["-c", script, Paths.apus()])
            let words = outcome.text.split(whereSeparator: \.isWhitespace)
            #expect(words.first == "100000", "\(outcome)")
            #expect(words.last != "0", "\(outcome)")
            try await eventually("no process") { fixture.processes().isEmpty }
        }
    }
}
