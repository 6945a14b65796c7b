/// An external extension in Python: somebody else's idea of the Extensions API and the Telemetry API, on the standard
/// library alone. What it does is told by the functions that a test's `body` calls.
enum ExtensionScript {
    /// A program whose last lines are `body`.
    static func source(_ body: String) -> String {
        prelude + "\n" + body + "\n"
    }

    /// Registers for both events, subscribes by HTTP or TCP, and writes every record into the file `RECORDS`, in the order
    /// of their coming.
    static func recorder(protocol name: String, schema: String = "2025-01-29") -> String {
        source(
            """
            register()
            subscribe("\(name)", "\(schema)")
            print("the extension is ready", flush=True)
            while next_event()["eventType"] != "SHUTDOWN": print("the extension works", flush=True)
            finish()
            """
        )
    }

    private static let prelude = #"""
        #!/usr/bin/env python3
        import http.client, http.server, json, os, signal, socket, sys, threading, time

        api = os.environ["AWS_LAMBDA_RUNTIME_API"]
        name = os.path.basename(sys.argv[0])
        identifier = None
        delivered = []

        def call(method, path, body=None, headers={}):
            connection = http.client.HTTPConnection(api)
            connection.request(method, path, body, dict(headers, **({"Lambda-Extension-Identifier": identifier} if identifier else {})))
            response = connection.getresponse()
            return response, response.read().decode()

        def register(events=["INVOKE", "SHUTDOWN"]):
            global identifier
            response, body = call("POST", "/2020-01-01/extension/register", json.dumps({"events": events}), {"Lambda-Extension-Name": name})
            assert response.status == 200, body
            identifier = response.headers["Lambda-Extension-Identifier"]
            return json.loads(body)

        def next_event():
            response, body = call("GET", "/2020-01-01/extension/event/next")
            assert response.status == 200, body
            assert response.headers["Lambda-Extension-Event-Identifier"]
            return json.loads(body)

        def report(phase, error_type):
            return call("POST", "/2020-01-01/extension/%s/error" % phase, "{}", {"Lambda-Extension-Function-Error-Type": error_type})

        def take(records):
            delivered.extend(records)
            with open(os.environ["RECORDS"], "a") as file:
                for record in records: file.write(json.dumps(record) + "\n")

        class Listener(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_POST(self):
                assert self.headers["host"].startswith("sandbox.localdomain:"), self.headers
                take(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()
            def log_message(self, *ignored): pass

        def accept_lines(server):
            connection, _ = server.accept()
            for line in connection.makefile(): take([json.loads(line)])

        def subscribe(protocol, schema):
            if protocol == "HTTP":
                server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
                threading.Thread(target=server.serve_forever, daemon=True).start()
                destination = {"protocol": "HTTP", "URI": "http://sandbox.localdomain:%d/telemetry" % server.server_port}
            else:
                server = socket.create_server(("127.0.0.1", 0))
                threading.Thread(target=accept_lines, args=(server,), daemon=True).start()
                destination = {"protocol": "TCP", "port": server.getsockname()[1]}
            response, body = call("PUT", "/2022-07-01/telemetry", json.dumps({
                "schemaVersion": schema, "types": ["platform", "function", "extension"],
                "buffering": {"timeoutMs": 25, "maxBytes": 262144, "maxItems": 1000}, "destination": destination}))
            assert response.status == 200 and body == '"OK"', body

        def finish():
            """At the shutdown everything is there already; the listener's thread may still be busy with it."""
            end = time.monotonic() + 1
            while time.monotonic() < end and not any(r["type"] == "platform.report" for r in delivered): time.sleep(0.01)
        """#
}
