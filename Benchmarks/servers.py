"""The emulators that are measured: how each is started, what it can do, how it is ended."""

import base64
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
import zipfile
from pathlib import Path

FUNCTION_PATH = "/2015-03-31/functions/function/invocations"


class CannotMeasure(Exception):
    """A peer or a figure that is not to be had; the text says why."""


class Processes:
    """Every process that the benchmark starts for longer than one command. All of them are ended, whatever happens."""

    def __init__(self, bootstraps: tuple):
        self.bootstraps = {str(bootstrap) for bootstrap in bootstraps}
        self.running: list[subprocess.Popen] = []

    def start(self, command: list, log: Path, **options) -> subprocess.Popen:
        with open(log, "ab") as output:
            process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, **options)
        self.running.append(process)
        return process

    def end_all(self) -> None:
        for process in reversed(self.running):
            process.send_signal(signal.SIGTERM)
        for process in reversed(self.running):
            try:
                process.wait(timeout=3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for process in self.running:
            try:
                os.killpg(process.pid, signal.SIGKILL)  # the session's other processes, where some are left
            except ProcessLookupError:
                pass
        self.running.clear()

    def functions_left(self) -> list[int]:
        """The pids of functions that their emulator left behind; they are ended here."""
        for _ in range(100):
            left = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if self._is_function(pid)]
            if not left:
                return []
            time.sleep(0.01)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        return left

    def _is_function(self, pid: int) -> bool:
        try:
            return os.readlink(f"/proc/{pid}/exe") in self.bootstraps
        except OSError:
            return False


def free_port() -> int:
    """A port that nobody listens on, below the range that the kernel takes for outgoing connections."""
    for port in range(20000 + os.getpid() % 5000, 32000):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in _ports_given:
            _ports_given.append(port)
            del _ports_given[:-64]
            return port
    raise CannotMeasure("no free port")


_ports_given: list[int] = []


def wait_for_listener(port: int, process: subprocess.Popen, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise CannotMeasure("it does not listen")


class Server:
    """One emulator. `start` returns its process and the port of its front door, which is the one given."""

    name = ""
    path = FUNCTION_PATH
    overlaps = True  # takes a second invocation while one is running
    starts_function = True
    # Of so many invocations that are wanted, one is made; for servers that take a hundred times as long.
    thinning = 1

    def start(self, processes: Processes, log: Path, port: int) -> tuple[subprocess.Popen, int]:
        return processes.start(self.command(port, free_port()), log, env=clean_environment()), port

    def command(self, front_door: int, runtime_api: int) -> list:
        raise NotImplementedError


class Relay(Server):
    name = "relay"

    def __init__(self, relay: Path, bootstrap: Path):
        self.relay, self.bootstrap = relay, bootstrap

    def command(self, front_door, runtime_api):
        return [self.relay, front_door, runtime_api, self.bootstrap]


class Apus(Server):
    name = "apus"

    def __init__(self, apus: Path, bootstrap: Path):
        self.apus, self.bootstrap = apus, bootstrap

    def command(self, front_door, runtime_api):
        return [self.apus, "rie", "--runtime-api-address", f"127.0.0.1:{runtime_api}",
                "--runtime-interface-emulator-address", f"127.0.0.1:{front_door}", self.bootstrap]


class StartLambda(Server):
    """`apus start-lambda`, whose callers get an environment each."""

    name = "start-lambda"

    def __init__(self, apus: Path, work: Path, task: Path, functions: int = 1, variables: dict | None = None):
        self.apus, self.work, self.functions = apus, work, functions
        self.path = "/2015-03-31/functions/f{}/invocations" if functions > 1 else "/2015-03-31/functions/f0/invocations"
        # 1,769 MB are a whole CPU; with less, the sandbox lets others go first on a machine that has more to do than it can.
        resource = {"Type": "AWS::Serverless::Function", "Properties": {
            "CodeUri": str(task), "Handler": "bootstrap", "Runtime": "provided.al2023", "Timeout": 120, "MemorySize": 1769,
            "Environment": {"Variables": variables or {}}}}
        resources = {f"F{number}": {**resource, "Properties": {**resource["Properties"], "FunctionName": f"f{number}"}}
                     for number in range(functions)}
        self.template = work / f"template-{functions}-{task.name}.json"
        self.template.write_text(json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}))

    def command(self, front_door, runtime_api):
        # A store of its own each time: nothing is taken over from the round before.
        return [self.apus, "start-lambda", "-t", self.template, "-p", front_door, "--state-dir",
                self.work / f"state-{front_door}-{time.monotonic_ns()}"]


class RIE(Server):
    """AWS's own emulator. It panics on a second invocation while one is running."""

    name = "rie"
    overlaps = False

    def __init__(self, peers: "Peers", work: Path, bootstrap: Path):
        found = sorted(peers.path.glob("lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64"))
        if os.uname().machine != "x86_64" or not found:
            raise CannotMeasure("the wheel aws-sam-cli brought no binary of RIE for this machine")
        self.rie = work / "aws-lambda-rie"
        shutil.copyfile(found[0], self.rie)
        self.rie.chmod(0o755)
        self.bootstrap = bootstrap

    def command(self, front_door, runtime_api):
        return [self.rie, "--runtime-api-address", f"127.0.0.1:{runtime_api}",
                "--runtime-interface-emulator-address", f"127.0.0.1:{front_door}", self.bootstrap]


class CargoLambda(Server):
    """`cargo lambda watch` without compiling: the function is started here and finds it by itself."""

    name = "cargo-lambda"
    starts_function = False

    def __init__(self, peers: "Peers", work: Path, bootstrap: Path):
        self.executable = peers.path / "bin/cargo-lambda"
        if not self.executable.exists():
            raise CannotMeasure("it is not installed")
        if shutil.which("cargo") is None:
            raise CannotMeasure("it needs cargo, which is not in PATH")
        self.bootstrap = bootstrap
        self.project = work / "cargo-project"
        (self.project / "src").mkdir(parents=True, exist_ok=True)
        (self.project / "Cargo.toml").write_text('[package]\nname = "function"\nversion = "0.1.0"\nedition = "2021"\n')
        (self.project / "src/main.rs").write_text("fn main() {}\n")

    def start(self, processes, log, port):
        environment = clean_environment() | {"CARGO_NET_OFFLINE": "true"}
        server = processes.start(
            [self.executable, "lambda", "watch", "--only-lambda-apis", "-A", "127.0.0.1", "-P", port],
            log, env=environment, cwd=self.project)
        wait_for_listener(port, server)
        processes.start([self.bootstrap], log,
                        env={"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}/.rt/function"})
        return server, port


class Ministack(Server):
    """An emulator of many services, in Python. It starts the bootstrap anew for each invocation."""

    name = "ministack"
    starts_function = False
    thinning = 100

    def __init__(self, peers: "Peers", bootstrap: Path):
        self.executable = peers.path / "bin/ministack"
        if not self.executable.exists():
            raise CannotMeasure("it is not installed")
        self.archive = io.BytesIO()
        with zipfile.ZipFile(self.archive, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(bootstrap, "bootstrap")

    def start(self, processes, log, port):
        server = processes.start([self.executable], log,
                                 env=clean_environment() | {"GATEWAY_PORT": str(port), "LOG_LEVEL": "WARNING"})
        wait_for_listener(port, server, seconds=60)
        function = {"FunctionName": "function", "Runtime": "provided.al2023", "Handler": "bootstrap", "Timeout": 120,
                    "MemorySize": 1769, "Role": "arn:aws:iam::000000000000:role/lambda",
                    "Code": {"ZipFile": base64.b64encode(self.archive.getvalue()).decode()}}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/2015-03-31/functions", json.dumps(function).encode(),
                                         {"Content-Type": "application/json"})
        try:
            # A proxy of the machine's is not for this one.
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60).close()
        except OSError as error:
            raise CannotMeasure(f"it does not create the function: {error}") from None
        return server, port


def clean_environment() -> dict:
    kept = ("PATH", "HOME", "LANG", "RUSTUP_HOME", "CARGO_HOME")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"SAM_CLI_TELEMETRY": "0"}


class Peers:
    """A venv with the peers' wheels. Of most only the binaries are used, so that nothing is installed that they depend on."""

    packages = {"ministack": (), "aws-sam-cli": ("--no-deps",), "cargo-lambda": ("--no-deps",)}

    def __init__(self, path: Path):
        self.path = path

    def install(self) -> None:
        if not (self.path / "bin/python3").exists():
            print(f"installing the peers into {self.path}", flush=True)
            subprocess.run(["python3", "-m", "venv", self.path], check=True, stdin=subprocess.DEVNULL)
        for package, options in self.packages.items():
            installed = self.path.glob(f"lib/python3*/site-packages/{package.replace('-', '_')}-*.dist-info")
            if any(installed):
                continue
            pip = [self.path / "bin/python3", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                   "--no-input", *options, package]
            if subprocess.run(pip, stdin=subprocess.DEVNULL).returncode != 0:
                print(f"{package} could not be installed: what comes from it is skipped", flush=True)
