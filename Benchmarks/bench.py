#!/usr/bin/env python3
"""Measures Apus against the C relay (the floor) and other emulators, in one run.

The rounds are interleaved: relay, apus, rie, cargo-lambda, relay, … Each figure is the median of its rounds. Wake-ups
on a shared machine are bimodal, and the start of a server settles which mode it gets: compare ratios of one run, never
absolute figures of two, and look at the best round too.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True  # nothing is left beside the sources

from crowd import run_crowd, run_connections
from report import print_report, write_svg
from servers import (Apus, CannotMeasure, CargoLambda, Ministack, Peers, Processes, RIE, Relay, StartLambda, clean_environment,
                     free_port)

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
KB, MB = 1024, 1024 * 1024
NAMES = ("relay", "apus", "start-lambda", "rie", "cargo-lambda", "ministack")


class Figures:
    """figures[metric][name] is a list with one value a round."""

    def __init__(self):
        self.values: dict[str, dict[str, list[float]]] = {}
        self.skipped: list[str] = []

    def add(self, metric: str, name: str, value: float) -> None:
        self.values.setdefault(metric, {}).setdefault(name, []).append(value)

    def skip(self, what: str, reason) -> None:
        text = f"{what}: {reason}"
        if text not in self.skipped:
            self.skipped.append(text)

    def medians(self) -> dict[str, dict[str, float]]:
        medians = {}
        for metric, row in self.values.items():
            medians[metric] = {name: statistics.median(values) for name, values in row.items()}
            if metric == "1 KB, p50, µs":
                medians["1 KB, p50 of the best round, µs"] = {name: min(values) for name, values in row.items()}
        return medians


class Bench:
    def __init__(self, options: argparse.Namespace, work: Path):
        self.options, self.work = options, work
        self.figures = Figures()
        self.compile()
        self.processes = Processes((self.bootstrap, self.sleeper))
        self.servers = self.find_servers()

    # What is needed

    def compile(self) -> None:
        def c(output: str, source: Path, *flags: str) -> Path:
            command = ["gcc", "-std=c11", "-O2", "-Wall", "-Wextra", *flags, "-o", self.work / output, source]
            subprocess.run(command, check=True)
            return self.work / output

        self.task = self.work / "task"
        self.task.mkdir()
        self.bootstrap = c("task/bootstrap", REPOSITORY / "Examples/c-echo/src/bootstrap.c", "-static", "-s")
        self.relay = c("relay", HERE / "relay/relay.c")
        self.sleeper_task = self.work / "sleeper-task"
        self.sleeper_task.mkdir()
        self.sleeper = c("sleeper-task/bootstrap", HERE / "sleeper/sleeper.c", "-static", "-s")
        self.client = c("client", HERE / "client/client.c", "-pthread")
        self.event = self.work / "event.json"
        self.event.write_text('{"name": "apus"}')

    def find_servers(self) -> list:
        wanted = self.options.only or NAMES
        peers = Peers(self.options.peers_venv)
        if {"rie", "cargo-lambda", "ministack"} & set(wanted):
            peers.install()
        makers = {
            "relay": lambda: Relay(self.relay, self.bootstrap),
            "apus": lambda: Apus(self.apus(), self.bootstrap),
            "start-lambda": lambda: StartLambda(self.apus(), self.work, self.task),
            "rie": lambda: RIE(peers, self.work, self.bootstrap),
            "cargo-lambda": lambda: CargoLambda(peers, self.work, self.bootstrap),
            "ministack": lambda: Ministack(peers, self.bootstrap),
        }
        servers = []
        for name in NAMES:
            if name not in wanted:
                continue
            try:
                servers.append(makers[name]())
            except CannotMeasure as reason:
                self.figures.skip(name, reason)
        return servers

    def apus(self) -> Path:
        if not os.access(self.options.apus, os.X_OK):
            raise CannotMeasure(f"there is no {self.options.apus}: build it with `make release`")
        return self.options.apus

    def server(self, name: str):
        return next((server for server in self.servers if server.name == name), None)

    # Servers, warm

    def run_rounds(self) -> None:
        for number in range(1, self.options.rounds + 1):
            for server in list(self.servers):
                print(f"round {number} of {self.options.rounds}: {server.name}", file=sys.stderr, flush=True)
                log = self.work / f"{server.name}.log"
                try:
                    self.run_server(server, log, last=number == self.options.rounds)
                except CannotMeasure as reason:
                    self.figures.skip(server.name, f"{reason}; its log ends with: {tail(log)}")
                finally:
                    self.processes.end_all()
                    if left := self.processes.functions_left():
                        self.figures.skip(server.name, f"left {len(left)} function processes behind")
            self.run_commands()
        run_crowd(self)

    def run_server(self, server, log: Path, last: bool) -> None:
        quick = self.options.quick
        process, port = self.start(server, log)
        add = lambda metric, value: self.figures.add(metric, server.name, value)
        thin = lambda requests: max(requests // server.thinning, 5)
        load = lambda requests, **options: self.load(port, path=server.path, requests=thin(requests), **options)
        add_memory(add, process.pid, "idle")

        # As many calls as the memory target speaks of, in the last round only.
        calls = (2000 if quick else 9000) if last else (500 if quick else 2000)
        load(size=KB, requests=200)
        before = cpu_seconds(process.pid)
        small = load(size=KB, requests=calls)
        cpu = (cpu_seconds(process.pid) - before) * calls / thin(calls)
        for key in ("p50_us", "p90_us", "p99_us"):
            add(f"1 KB, {key[:3]}, µs", small[key])
        add("sequential, per second", small["per_second"])
        add("CPU per 1 KB invocation, µs", cpu / calls * 1e6)
        if last:
            if server.thinning == 1:
                add_memory(add, process.pid, f"after {calls + 200} calls")

        for size, label, requests in ((MB, "1 MB", 10 if quick else 40), (6 * MB, "6 MB", 5 if quick else 15)):
            try:
                result = load(size=size, requests=requests, warm_up=3)
                add(f"{label}, p50, ms", result["p50_us"] / 1000)
            except CannotMeasure as reason:
                self.figures.skip(f"{server.name}, {label}", reason)
        if server.overlaps:
            result = load(size=KB, requests=calls, connections=2)
            add("two connections, per second", result["per_second"])
        if last:
            add("peak memory with 6 MB events, RSS, MB", status_mb(process.pid, "VmHWM"))
        if server.overlaps:
            skip = lambda what, reason: self.figures.skip(f"{server.name}, {what}", reason)
            run_connections(load, add, skip, quick)

    def start(self, server, log: Path) -> tuple[subprocess.Popen, int]:
        """Starts the server. Where it starts its function too, the time until the first answer is a figure."""
        if not server.starts_function:
            process, port = server.start(self.processes, log, free_port())
            self.load(port, path=server.path, size=KB, requests=1, wait=10)
            return process, port
        # The client is there first and knocks every 0.1 ms, so that its own start is not measured.
        port = free_port()
        client = self.start_client(port, path=server.path, size=KB, requests=1, wait=10)
        try:
            wait_until_asleep(client.pid)
            began = time.monotonic_ns()
            process, port = server.start(self.processes, log, port)
        finally:
            answer = self.result_of(client)
        self.figures.add("server start to first answer, ms", server.name, (answer["first_answer_ns"] - began) / 1e6)
        return process, port

    def load(self, port: int, **options) -> dict:
        return self.result_of(self.start_client(port, **options))

    def start_client(self, port: int, **options) -> subprocess.Popen:
        command = [str(self.client), "--port", str(port)]
        for name, value in options.items():
            command += [f"--{name.replace('_', '-')}", str(value)]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True)

    def result_of(self, client: subprocess.Popen) -> dict:
        try:
            output, errors = client.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            raise CannotMeasure("the client did not end within two minutes") from None
        finally:
            if client.poll() is None:
                client.kill()
                client.wait()
        if client.returncode != 0:
            raise CannotMeasure(errors.strip()[:300])
        return json.loads(output)

    # Whole commands

    def run_commands(self) -> None:
        commands = self.one_shot_commands() + self.help_commands()
        for _ in range(5 if self.options.quick else 15):
            for metric, name, command, options in commands:
                self.time_command(metric, name, command, **options)
            self.run_cold_starts()
        self.run_builds()

    def run_cold_starts(self) -> None:
        """The same function in both backends, in turn: from the launch to the runtime's first request, and all of it."""
        if not self.server("apus"):
            return
        report = self.work / "report.json"
        for backend in ("process", "sandbox"):
            invoke = [self.options.apus, "invoke", "--backend", backend, "--code", self.task, "-e", self.event,
                      "--report", report]
            try:
                began = time.monotonic_ns()
                self.run_command(invoke)
                elapsed = (time.monotonic_ns() - began) / 1e6
                self.figures.add("cold start, init, ms", backend, json.loads(report.read_text())["initDurationMs"])
                self.figures.add("cold start, whole command, ms", backend, elapsed)
            except CannotMeasure as reason:
                self.figures.skip(f"{backend}, cold start", reason)

    def one_shot_commands(self) -> list:
        metric, commands = "one invocation, whole command, ms", []
        for name in ("relay", "rie"):
            if server := self.server(name):
                commands.append((metric, name, lambda server=server: self.start_curl_kill(server), {}))
        if self.server("apus"):
            invoke = [self.options.apus, "invoke", "--code", self.task, "--handler", "bootstrap", "-e", self.event]
            commands.append((metric, "apus", lambda: invoke, {"expected": self.event.read_bytes()}))
        return commands

    def start_curl_kill(self, server) -> list:
        """What people do with an emulator that is a server: start it, ask until it answers, end it."""
        front_door, runtime_api = free_port(), free_port()
        url = f"http://127.0.0.1:{front_door}/2015-03-31/functions/function/invocations"
        script = ('"$@" >/dev/null 2>&1 & until curl -s -o "$answer" --data-binary "@$event" "$url"; do :; done; '
                  'kill $!; wait $! 2>/dev/null; :')
        return ["env", f"event={self.event}", f"url={url}", f"answer={self.work}/answer", "sh", "-c", script, "sh",
                *server.command(front_door, runtime_api)]

    def help_commands(self) -> list:
        if not self.server("apus"):
            return []
        metric, commands = "--help, ms", [("--help, ms", "apus", lambda: [self.options.apus, "--help"], {})]
        hello = self.work / "hello"
        if not hello.exists():
            if shutil.which("swiftc") is None:
                self.figures.skip("hello in Swift", "there is no swiftc")
                return commands
            subprocess.run(["swiftc", "-O", "-static-stdlib", "-o", hello, HERE / "hello/hello.swift"], check=True)
        return commands + [(metric, "swift-hello", lambda: [hello], {})]

    def run_builds(self) -> None:
        if not self.server("apus"):
            return
        self.time_builds("apus", [self.options.apus, "build"], count=3)
        if not self.options.sam.exists():
            self.figures.skip("sam build", f"there is no {self.options.sam}")
        elif not self.options.quick:
            self.time_builds("sam", [self.options.sam, "build", "--cached"], count=1)

    def time_builds(self, name: str, build: list, count: int) -> None:
        project = self.work / f"c-echo-for-{name}"
        try:
            if not project.exists():
                shutil.copytree(REPOSITORY / "Examples/c-echo", project, ignore=shutil.ignore_patterns(".aws-sam"))
                self.run_command(build, cwd=project)
        except CannotMeasure as reason:
            self.figures.skip(f"{name} build", reason)
        else:
            for _ in range(count):
                self.time_command("build, nothing changed, ms", name, lambda: build, cwd=project)

    def time_command(self, metric: str, name: str, command, expected: bytes | None = None, **options) -> None:
        try:
            arguments = command()
            began = time.monotonic_ns()
            output = self.run_command(arguments, **options)
            elapsed = (time.monotonic_ns() - began) / 1e6
            if expected is not None and output.strip() != expected.strip():
                raise CannotMeasure(f"printed {output[:100]!r} where {expected[:100]!r} was expected")
            self.figures.add(metric, name, elapsed)
        except CannotMeasure as reason:
            self.figures.skip(f"{name}, {metric}", reason)

    def run_command(self, arguments: list, **options) -> bytes:
        arguments = [str(argument) for argument in arguments]
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=clean_environment(), start_new_session=True, **options)
        try:
            output, errors = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            raise CannotMeasure("it did not end within a minute") from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode != 0:
            raise CannotMeasure(f"exit status {process.returncode}: {errors.decode(errors='replace').strip()[-300:]}")
        return output


def wait_until_asleep(pid: int) -> None:
    """Until a process that was just started waits for something."""
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "S":
            return


def status_mb(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise CannotMeasure(f"the kernel does not tell {field}")


def add_memory(add, pid: int, when: str) -> None:
    """Of the emulator's own process, its function and its helpers aside."""
    add(f"memory {when}, RSS, MB", status_mb(pid, "VmRSS"))
    add(f"memory {when}, RssAnon, MB", status_mb(pid, "RssAnon"))


def cpu_seconds(pid: int) -> float:
    """Time on a CPU of all threads that the process has now."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def tail(log: Path) -> str:
    return log.read_text(errors="replace").strip()[-300:] if log.exists() else "(nothing)"


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default_out = REPOSITORY / ".build/bench"
    parser.add_argument("--apus", type=Path, default=REPOSITORY / ".build/release/apus", help="the release build")
    parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME",
                        help=f"measure only this one of {', '.join(NAMES)}; repeatable")
    parser.add_argument("--rounds", type=int, help="default: 5, with --quick 2")
    parser.add_argument("--quick", action="store_true", help="fewer requests; rougher figures")
    parser.add_argument("--peers-venv", type=Path,
                        help="a Python venv for the peers (default: OUT/peers, made when missing)")
    parser.add_argument("--sam", type=Path, default=REPOSITORY / ".build/test-venv/bin/sam",
                        help="AWS SAM, for the time of its build")
    parser.add_argument("--out", type=Path, default=default_out, help="where results.json and results.svg go")
    options = parser.parse_args()
    options.rounds = options.rounds or (2 if options.quick else 5)
    if options.rounds < 1:
        parser.error("--rounds must be 1 or more")
    options.apus, options.sam, options.out = (path.absolute() for path in (options.apus, options.sam, options.out))
    options.peers_venv = (options.peers_venv or options.out / "peers").absolute()
    return options


def main() -> int:
    options = parse_options()
    options.out.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="apus-bench-") as work:
        bench = Bench(options, Path(work).resolve())
        try:
            bench.run_rounds()
        except KeyboardInterrupt:
            return 130
        finally:
            bench.processes.end_all()
            bench.processes.functions_left()
    medians = bench.figures.medians()
    print_report(medians, bench.figures.skipped, NAMES)
    results = {
        "rounds": options.rounds, "quick": options.quick, "machine": os.uname().machine, "cpus": os.cpu_count(),
        "medians": medians, "values": bench.figures.values, "skipped": bench.figures.skipped,
    }
    (options.out / "results.json").write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    write_svg(options.out / "results.svg", medians)
    print(f"\n{options.out}/results.json\n{options.out}/results.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
