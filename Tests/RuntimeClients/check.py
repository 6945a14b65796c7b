#!/usr/bin/env python3
"""Plays Lambda's Runtime API for one program, as servers other than Apus may: chunks, header names in lower case, connections
that end, an answer that is refused, an event that is cut short. Says what the program did wrong.

    check.py [EMULATOR] BOOTSTRAP
"""

import json
import os
import socket
import subprocess
import sys
import threading

LARGE = json.dumps({"name": "x" * 6_200_000}).encode()
# How an event is sent, and the event.
EVENTS = [
    ("length", b'{"name": "a"}\n'), ("chunks", b'{"name": "b"}'), ("chunks", LARGE), ("length", LARGE),
    ("close", b'{"name": "c"}'), ("lower case", b'{"name": "d"}'), ("refused", b'{"name": "e"}'),
    ("length", b'{"name": 5}'), ("length", b'{"name": "f"}'), ("cut", b'{"name": "g"}'),
]
MUST_FAIL_IF_READ = 7  # a name that is no text: the functions that read it report an error
CUT = len(EVENTS) - 1


class RuntimeAPI:
    def __init__(self):
        self.next = 0
        self.answers = {}  # by the number of the event: (path's last part, body, error type)
        self.problems = []
        self.is_http_1_0 = False
        self.server = socket.create_server(("127.0.0.1", 0))
        self.authority = "127.0.0.1:%d" % self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.server.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        reader = connection.makefile("rb")
        while line := reader.readline():
            method, path, version = line.decode().split()
            headers = {}
            while field := reader.readline().strip():
                name, value = field.decode().split(":", 1)
                headers[name.lower()] = value.strip()
            body = reader.read(int(headers.get("content-length", 0)))
            if headers.get("host") != self.authority:
                self.problems.append(f"Host is {headers.get('host')}")
            self.is_http_1_0 |= version == "HTTP/1.0"
            keeps = self.hand_out(connection, path) if method == "GET" else self.take(connection, path, headers, body)
            if not keeps or version == "HTTP/1.0":
                break
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def hand_out(self, connection, path):
        """Whether the connection stays."""
        if path != "/2018-06-01/runtime/invocation/next":
            self.problems.append(f"GET {path}")
        if self.next == len(EVENTS):
            return False
        way, event = EVENTS[self.next]
        name = "lambda-runtime-aws-request-id" if way == "lower case" else "Lambda-Runtime-Aws-Request-Id"
        head = f"HTTP/1.1 200 OK\r\n{name}: id-{self.next}\r\nLambda-Runtime-Deadline-Ms: 4000000000000\r\n"
        self.next += 1
        if way == "chunks" and not self.is_http_1_0:
            connection.sendall(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n")
            for start in range(0, len(event), 40_000):
                part = event[start:start + 40_000]
                connection.sendall(b"%x;a=b\r\n%s\r\n" % (len(part), part))
            connection.sendall(b"0\r\nTrailer: t\r\n\r\n")
            return True
        if way == "close":
            head += "Connection: close\r\n"
        length = len(event) + (100 if way == "cut" else 0)
        connection.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode() + event)
        return way not in ("close", "cut")

    def take(self, connection, path, headers, body):
        event, outcome = path.rsplit("/", 2)[1:]
        number = int(event.removeprefix("id-"))
        if number in self.answers or number != self.next - 1:
            self.problems.append(f"{path} out of turn")
        self.answers[number] = (outcome, body, headers.get("lambda-runtime-function-error-type"))
        status, answer = "202 Accepted", b'{"status":"OK"}'
        if EVENTS[number][0] == "refused":
            status, answer = "413 Request Entity Too Large", b'{"errorType":"RequestEntityTooLarge"}'
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {len(answer)}\r\n\r\n".encode() + answer)
        return True

    def judge(self):
        for number, (way, event) in enumerate(EVENTS):
            # The end of a connection is all that tells the end of a body in HTTP/1.0.
            if number == CUT and self.is_http_1_0:
                continue
            outcome, body, kind = self.answers.get(number, (None, b"", None))
            what = f"event {number} ({way}): {outcome} {body[:100]!r}"
            if number == CUT:
                if outcome is not None:
                    self.problems.append(what)
            elif outcome == "error" and number == MUST_FAIL_IF_READ:
                error = json.loads(body)
                if not error["errorMessage"] or error["errorType"] != kind:
                    self.problems.append(what)
            elif outcome != "response" or str(json.loads(event)["name"]) not in json.dumps(json.loads(body)):
                self.problems.append(what)
        return self.problems


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__.strip(), file=sys.stderr)
        return 64
    api = RuntimeAPI()
    environment = {
        "AWS_LAMBDA_RUNTIME_API": api.authority, "LAMBDA_TASK_ROOT": os.path.dirname(sys.argv[-1]), "_HANDLER": "bootstrap",
        "PATH": os.environ["PATH"],
    }
    ended = subprocess.run(sys.argv[1:], env=environment, stderr=subprocess.PIPE, timeout=60)
    problems = api.judge()
    if ended.returncode != 1:
        problems.append(f"exit status {ended.returncode} where the Runtime API has hung up")
    print("\n".join(problems) if problems else f"{len(EVENTS)} events: each as it should be")
    sys.stderr.buffer.write(ended.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
