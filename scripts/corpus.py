#!/usr/bin/env python3
"""Measures `apus inspect` on programs whose fate is known (Tests/Corpus), and prints a table for each CPU.

Exit status: 0 all bars are kept, 1 one is broken, 2 the corpus could not be built or run.
"""

import argparse
import json
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Corpus"
CPUS = ["Nehalem", "Westmere", "qemu64", "SandyBridge", "Haswell"]
# Not about CPU features.
LEFT_OUT = {"nasm-int80"}
# Bars on Nehalem, for the whole corpus of 66 that die and 83 that run; in proportion where not all could be built.
LEAST_WILL = 60 / 66
MOST_ALARMS = 9


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--apus", required=True, help="the apus to measure")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="where the programs are kept")
    parser.add_argument("--rebuild", action="store_true", help="build and run them again though they are there")
    return parser.parse_args()


def prepare(out, rebuild):
    """Builds the programs and runs them, once."""
    programs, truth = out / "bin", out / "truth.tsv"
    if rebuild or not programs.is_dir():
        subprocess.run([CORPUS / "build.sh", programs], check=True)
        truth.unlink(missing_ok=True)
    if not truth.exists():
        print("running every program under five emulated CPUs, which takes some minutes", flush=True)
        fates = subprocess.run([CORPUS / "truth.sh", programs], check=True, capture_output=True, text=True).stdout
        truth.write_text(fates)
    rows = (line.split("\t") for line in truth.read_text().splitlines())
    return programs, {row[0]: [int(status) for status in row[1:]] for row in rows}


def judge(apus, program):
    """The verdict for each CPU, by name."""
    command = [apus, "inspect", str(program), "--format", "json", "--no-cached"]
    for cpu in CPUS:
        command += ["--cpu", "qemu:" + cpu]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode not in (0, 1, 3):
        raise RuntimeError(f"{program.name}: {done.stderr.strip()}")
    return {cpu["name"].removeprefix("qemu:"): cpu["verdict"] for cpu in json.loads(done.stdout)["cpus"]}


def table(cpu, index, fates, verdicts):
    """Prints one CPU's table; returns the programs by (dies, verdict)."""
    cells = {(dies, level): [] for dies in (True, False) for level in ("will", "may", "none")}
    for name, statuses in sorted(fates.items()):
        # A program that fails natively, too, tells nothing.
        if name in LEFT_OUT or statuses[-1] != 0:
            continue
        cells[(statuses[index] != 0, verdicts[name][cpu])].append(name)
    counts = {key: len(names) for key, names in cells.items()}
    print(f"{cpu:12} {counts[True, 'will']:6} {counts[True, 'may']:5} {counts[True, 'none']:7}"
          f" {counts[False, 'will']:9} {counts[False, 'may']:5} {counts[False, 'none']:6}")
    return cells


def broken_bars(tables):
    bars = []
    for cpu, cells in tables.items():
        for name in cells[True, "none"]:
            bars.append(f"missed on {cpu}: {name}")
    nehalem = tables["Nehalem"]
    dying = sum(len(nehalem[True, level]) for level in ("will", "may", "none"))
    if len(nehalem[True, "will"]) < LEAST_WILL * dying:
        bars.append(f"only {len(nehalem[True, 'will'])} of {dying} that die on Nehalem are called will")
    alarms = nehalem[False, "will"] + nehalem[False, "may"]
    if len(alarms) > MOST_ALARMS:
        bars.append(f"{len(alarms)} that run on Nehalem are called will or may: {', '.join(alarms)}")
    return bars


def main():
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        programs, fates = prepare(options.out, options.rebuild)
        names = sorted(fates)
        with ThreadPoolExecutor(2) as pool:
            verdicts = dict(zip(names, pool.map(lambda name: judge(options.apus, programs / name), names)))
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        print(f"corpus: {error}", file=sys.stderr)
        return 2
    print(f"{'':12} those that die     those that run")
    print(f"{'CPU':12} {'will':>6} {'may':>5} {'missed':>7} {'will':>9} {'may':>5} {'quiet':>6}")
    tables = {cpu: table(cpu, index, fates, verdicts) for index, cpu in enumerate(CPUS)}
    nehalem = tables["Nehalem"]
    print("alarms on Nehalem for programs that run there:", ", ".join(nehalem[False, "will"] + nehalem[False, "may"]) or "none")
    bars = broken_bars(tables)
    for bar in bars:
        print("broken:", bar)
    return 1 if bars else 0


if __name__ == "__main__":
    sys.exit(main())
