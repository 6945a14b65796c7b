/// A client in Python that sends what no SDK would: bytes on sockets of its own.
enum RawLambdaClient {
    /// To follow the prelude of ``Fixture/python(_:against:_:)``.
    static let python = #"""
        import resource, socket, stat, struct, zlib
        host, port = sys.argv[1][len("http://"):].rsplit(":", 1)
        ECHO = "/2015-03-31/functions/Echo/invocations"
        # A client may have as many sockets as the system lets it.
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

        def connect():
            return socket.create_connection((host, int(port)), timeout=30)

        def request(path=ECHO, body=b"{}", method="POST", length=None, **fields):
            head = f"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\n"
            for name, value in fields.items():
                head += f"{name.replace('_', '-')}: {value}\r\n"
            if "Transfer_Encoding" not in fields:
                head += f"Content-Length: {len(body) if length is None else length}\r\n"
            return head.encode("latin-1") + b"\r\n" + body

        def read_answer(connection, rest=b""):
            # (status, fields, body, bytes behind it)
            while b"\r\n\r\n" not in rest:
                piece = connection.recv(65536)
                if not piece: raise EOFError(rest)
                rest += piece
            head, rest = rest.split(b"\r\n\r\n", 1)
            lines = head.decode("latin-1").split("\r\n")
            fields = {}
            for line in lines[1:]:
                name, value = line.split(":", 1)
                fields[name.lower()] = value.strip()
            length = int(fields.get("content-length", 0))
            while len(rest) < length:
                piece = connection.recv(65536)
                if not piece: raise EOFError(rest)
                rest += piece
            return int(lines[0].split()[1]), fields, rest[:length], rest[length:]

        def ask(raw):
            with connect() as connection:
                connection.sendall(raw)
                return read_answer(connection)[:3]

        def refused(raw, status, kind, text=""):
            # AWS's form of an error: the status, the type in a field, whose fault and why in the body.
            got, fields, body = ask(raw)
            shown = raw[:300], got, fields, body[:500]
            assert (got, fields.get("x-amzn-errortype")) == (status, kind), shown
            assert fields["content-type"] == "application/json" and fields["x-amzn-requestid"], shown
            body = json.loads(body)
            assert body["Type"] == "User" and text in body.get("message", body.get("Message")), shown

        def is_alive():
            body = json.dumps({"time": time.time()}).encode()
            expect(ask(request(body=body))[::2], (200, body))

        def zip_of(*entries, method=zipfile.ZIP_STORED):
            # Of (name, contents) or (name, contents, mode).
            result = io.BytesIO()
            with zipfile.ZipFile(result, "w", method) as zip:
                for name, contents, *mode in entries:
                    entry = zipfile.ZipInfo(name)
                    entry.create_system, entry.compress_type = 3, method
                    entry.external_attr = (mode[0] if mode else stat.S_IFREG | 0o755) << 16
                    zip.writestr(entry, contents)
            return result.getvalue()

        """#
}
