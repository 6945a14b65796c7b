"""Many callers, many functions, many environments: what a server is asked for when tests run side by side."""

import os
import time
from pathlib import Path

from servers import CannotMeasure, StartLambda, free_port, wait_for_listener

CONNECTIONS = (1, 8, 64, 256)
KB = 1024


def run_connections(load, add, skip, quick: bool) -> None:
    """Throughput and latency by the number of callers, warm: each connection has had its first answers before."""
    for count in CONNECTIONS:
        try:
            load(size=KB, requests=8 * count, connections=count)
            result = load(size=KB, requests=2000 if quick else 10000, connections=count)
        except CannotMeasure as reason:
            skip(f"{count} at once", reason)
            continue
        add(f"{count} at once, per second", result["per_second"])
        add(f"{count} at once, p50, ms", result["p50_us"] / 1000)
        add(f"{count} at once, p99, ms", result["p99_us"] / 1000)


def run_crowd(bench) -> None:
    """What only a server with many functions and environments can do."""
    server = bench.server("start-lambda")
    if not server:
        return
    for run in (run_endurance, run_functions, run_environments):
        log = bench.work / f"{run.__name__}.log"
        print(run.__name__, flush=True)
        try:
            run(bench, server.apus, log)
        except CannotMeasure as reason:
            bench.figures.skip(run.__name__, reason)
        finally:
            bench.processes.end_all()
            bench.processes.functions_left()


def run_endurance(bench, apus: Path, log: Path) -> None:
    """Whether memory grows with the number of invocations."""
    count = 20000 if bench.options.quick else 100000
    server = StartLambda(apus, bench.work, bench.task)
    process, port = server.start(bench.processes, log, free_port())
    bench.load(port, path=server.path, size=KB, requests=2000, connections=4, wait=10)
    before = status_kb(process.pid, "RssAnon")
    bench.load(port, path=server.path, size=KB, requests=count, connections=4)
    growth = (status_kb(process.pid, "RssAnon") - before) / 1024
    bench.figures.add(f"memory of {count} more invocations, RssAnon, MB", "start-lambda", growth)


def run_functions(bench, apus: Path, log: Path, count: int = 100) -> None:
    """Functions of one template, each asked once, and then all of them in turn by eight callers."""
    server = StartLambda(apus, bench.work, bench.task, functions=count)
    process, port = server.start(bench.processes, log, free_port())
    add = lambda metric, value: bench.figures.add(f"{count} functions, {metric}", "start-lambda", value)
    options = {"path": server.path, "functions": count, "size": KB}
    first = bench.load(port, requests=count, wait=30, **options)
    add("first invocation of each, p50, ms", first["p50_us"] / 1000)
    second = bench.load(port, requests=5000, connections=8, **options)
    add("8 at once, per second", second["per_second"])
    add("memory, RssAnon, MB", status_kb(process.pid, "RssAnon") / 1024)


def run_environments(bench, apus: Path, log: Path, seconds: int = 12) -> None:
    """Callers of a function that sleeps, each of whom needs an environment: how fast they start, what they cost."""
    count = 200 if bench.options.quick else 1000
    server = StartLambda(apus, bench.work, bench.sleeper_task, variables={"SLEEP_SECONDS": str(seconds)})
    process, port = server.start(bench.processes, log, free_port())
    add = lambda metric, value: bench.figures.add(f"{count} environments, {metric}", "start-lambda", value)
    wait_for_listener(port, process)
    before, available = status_kb(process.pid, "RssAnon"), available_kb()
    began = time.monotonic()
    client = bench.start_client(port, path=server.path, size=64, requests=count, connections=count)
    sleepers = wait_for_sleepers(log, count, began + 60)
    started = time.monotonic() - began
    if sleepers < count:
        raise CannotMeasure(f"{sleepers} environments within a minute, where {count} were asked for")
    add("cold starts per second", count / started)
    add("server's RssAnon for each, kB", (status_kb(process.pid, "RssAnon") - before) / count)
    processes = descendants(process.pid)
    add("Pss of the processes of each, kB", sum(map(pss_kb, processes)) / count)
    add("the machine's memory for each, callers included, kB", (available - available_kb()) / count)
    bench.result_of(client)


# The machine


def wait_for_sleepers(log: Path, count: int, deadline: float) -> int:
    """Until that many functions have told the log that they have an event."""
    while True:
        found = log.read_bytes().count(b"sleeping\n")
        if found >= count or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def descendants(pid: int) -> list[int]:
    """All processes below a process, by their parents."""
    children: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            parent = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(name))
    found, waiting = [], [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def status_kb(pid: int, field: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    raise CannotMeasure(f"the kernel does not tell {field}")


def pss_kb(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def available_kb() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1])
    raise CannotMeasure("the kernel does not tell MemAvailable")
