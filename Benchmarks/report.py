"""The figures as a table and as a chart."""

from pathlib import Path
from xml.sax.saxutils import escape

# metric: what Apus must reach, as (text, predicate over the medians of one metric). A ratio compares within one run.
TARGETS = {
    "1 KB, p50, µs": (
        ("≤ 2× relay", lambda row: row["apus"] <= 2 * row["relay"]),
        ("≤ 1/3 rie", lambda row: row["apus"] <= row["rie"] / 3),
        ("≤ 1/2.5 cargo-lambda", lambda row: row["apus"] <= row["cargo-lambda"] / 2.5),
    ),
    "1 KB, p50 of the best round, µs": (
        ("≤ 2× relay", lambda row: row["apus"] <= 2 * row["relay"]),
        ("≤ 1/3 rie", lambda row: row["apus"] <= row["rie"] / 3),
    ),
    "sequential, per second": (("≥ 2.5× cargo-lambda", lambda row: row["apus"] >= 2.5 * row["cargo-lambda"]),),
    "1 MB, p50, ms": (("≤ 2× relay", lambda row: row["apus"] <= 2 * row["relay"]),),
    "6 MB, p50, ms": (("≤ 1.3× relay", lambda row: row["apus"] <= 1.3 * row["relay"]),),
    "server start to first answer, ms": (("≤ rie", lambda row: row["apus"] <= row["rie"]),),
    "one invocation, whole command, ms": (
        ("≤ 25 ms", lambda row: row["apus"] <= 25),
        ("≤ rie", lambda row: row["apus"] <= row["rie"]),
    ),
    "cold start, init, ms": (("sandbox ≤ process + 5 ms", lambda row: row["sandbox"] <= row["process"] + 5),),
    "--help, ms": (("≤ 10 ms over hello", lambda row: row["apus"] <= row["swift-hello"] + 10),),
    "memory idle, RssAnon, MB": (("≤ 15 MB", lambda row: row["apus"] <= 15),),
    "memory idle, RSS, MB": (("≤ 30 MB", lambda row: row["apus"] <= 30),),
    "memory of 100000 more invocations, RssAnon, MB": (("≤ 1 MB", lambda row: row["apus"] <= 1),),
    "peak memory with 6 MB events, RSS, MB": (("≤ 64 MB", lambda row: row["apus"] <= 64),),
    "build, nothing changed, ms": (("≤ 200 ms", lambda row: row["apus"] <= 200),),
}
COLOURS = {
    "relay": "#8a8f98", "apus": "#d9480f", "start-lambda": "#f08c00", "rie": "#2f6fab", "cargo-lambda": "#6b4c9a", "ministack": "#2b8a3e", "sam": "#b08900",
    "swift-hello": "#8a8f98", "process": "#8a8f98", "sandbox": "#d9480f",
}
ORDER = tuple(COLOURS)


def number(value: float) -> str:
    decimals = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{decimals}f}"


def verdict(metric: str, row: dict) -> str:
    """What holds for `apus rie`, and for `apus start-lambda`, which has the same targets."""
    words = []
    for subject, prefix in (("apus", ""), ("start-lambda", "start-lambda ")):
        if subject not in row:
            continue
        for text, holds in TARGETS.get(metric, ()):
            try:
                words.append(f"{prefix}{text}: {'yes' if holds({**row, 'apus': row[subject]}) else 'NO'}")
            except KeyError:  # one side of the comparison was not measured
                continue
    return ", ".join(words)


def cell(name: str, row: dict) -> str:
    """A figure and, for the others than the floor, its ratio to the floor."""
    if name not in row:
        return "–"
    floor = row.get("relay", row.get("swift-hello", row.get("process")))
    ratio = f" ({row[name] / floor:.2f}×)" if floor and name not in ("relay", "swift-hello", "process") else ""
    return number(row[name]) + ratio


def print_report(medians: dict, skipped: list, names: tuple) -> None:
    present = [name for name in ORDER if any(name in row for row in medians.values())]
    rows = [["median of rounds", *present, "target"]]
    for metric, row in medians.items():
        rows.append([metric, *(cell(name, row) for name in present), verdict(metric, row)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print()
    for index, row in enumerate(rows):
        cells = [row[0].ljust(widths[0]), *(text.rjust(width) for text, width in zip(row[1:-1], widths[1:-1])), row[-1]]
        print("  ".join(cells).rstrip())
        if index == 0:
            print("  ".join("-" * width for width in widths))
    if any(name in present for name in ("relay", "swift-hello")):
        print("\n(n×): ratio to the relay, the floor; for --help to a hello-world in Swift.")
    for text in skipped:
        print(f"skipped: {text}")


def write_svg(path: Path, medians: dict) -> None:
    """One group of bars a metric, each group with a scale of its own."""
    left, right, bar, gap = 390, 740, 16, 16
    parts, y = [], 34
    for metric, row in medians.items():
        names = [name for name in ORDER if name in row]
        largest = max(row.values()) or 1
        parts.append(f'<text x="12" y="{y + 12}" class="metric">{escape(metric)}</text>')
        for name in names:
            width = max(1.0, (right - left) * row[name] / largest)
            parts.append(f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{escape(name)}</text>')
            parts.append(f'<rect x="{left}" y="{y}" width="{width:.1f}" height="{bar - 3}" fill="{COLOURS[name]}"/>')
            parts.append(f'<text x="{left + width + 6:.1f}" y="{y + 12}">{escape(cell(name, row))}</text>')
            y += bar
        y += gap
    style = "text{font:12px sans-serif;fill:#222}.metric{font-weight:bold}"
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="{y + 10}" viewBox="0 0 900 {y + 10}">\n'
        f'<style>{style}</style>\n<rect width="100%" height="100%" fill="#fff"/>\n'
        f'<text x="12" y="20">Median of rounds; in brackets the ratio to the C relay, the floor.</text>\n'
        + "\n".join(parts) + "\n</svg>\n")
