#!/usr/bin/env python3
"""Checks the documentation against the product: links lead to files that exist, and every `apus …` and `make …` that is
shown in code names commands, options and targets that exist.

    scripts/check-docs.py APUS
"""

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = ("*.md", "docs/**/*.md", "Examples/*/README.md", "Benchmarks/*.md")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
INLINE_CODE = re.compile(r"(`+)(.+?)\1")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
COMMAND_END = re.compile(r"&&|\|\||[|;#>]")
# `--name`, `-n`; not the dash inside a word. Placeholders in brackets are options too.
OPTION = re.compile(r"(?<![\w/.-])(--[a-z][a-z-]*|-[A-Za-z])(?![\w-])")


class Command:
    """One (sub)command of the tool, from what its argument parser says about itself."""

    def __init__(self, description: dict):
        self.name = description["commandName"]
        self.subcommands = {sub["commandName"]: Command(sub) for sub in description.get("subcommands", [])}
        self.options = {"-h", "--help", "--version", "--experimental-dump-help", "--generate-completion-script"}
        for argument in description.get("arguments", []):
            for name in argument.get("names") or []:
                self.options.add(("--" if name["kind"] == "long" else "-") + name["name"])

    def problem(self, words: list[str]) -> str | None:
        """What is wrong with a command line, the tool's name aside."""
        if self.name == "generate-event":
            return self.event_problem(words)
        if self.subcommands and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
            if words[0] == "help":
                return None
            if words[0] not in self.subcommands:
                return f"`{self.name}` has no command `{words[0]}`"
            return self.subcommands[words[0]].problem(words[1:])
        text = " ".join(words[:words.index("--")] if "--" in words else words)
        unknown = [option for option in OPTION.findall(text) if option not in self.options]
        return f"`{self.name}` has no option `{unknown[0]}`" if unknown else None


    def event_problem(self, words: list[str]) -> str | None:
        """Each event has options of its own, which only the help of the event knows."""
        names = list(itertools.takewhile(re.compile(r"[a-z][a-z0-9-]*").fullmatch, words))[:2]
        asked = subprocess.run([sys.argv[1], self.name, *names, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if asked.returncode != 0:
            return f"`{self.name}` has no event `{' '.join(names)}`"
        known = set(OPTION.findall(asked.stdout.decode())) | self.options
        unknown = [option for option in OPTION.findall(" ".join(words)) if option not in known]
        return f"`{self.name} {' '.join(names)}` has no option `{unknown[0]}`" if unknown else None


def code_of(text: str):
    """(line number, code) of fenced blocks, indented blocks and inline code."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            yield number, line.strip().removeprefix("$ ")
        else:
            for _, code in INLINE_CODE.findall(line):
                yield number, code.strip()


def check_code(code: str, apus: Command, targets: set[str]) -> str | None:
    for part in COMMAND_END.split(QUOTED.sub("''", code)):
        words = part.split()
        if words[:1] == ["apus"]:
            if problem := apus.problem(words[1:]):
                return problem
        elif words[:1] == ["make"]:
            for word in words[1:]:
                if re.fullmatch(r"[a-z][a-z-]*", word) and word not in targets:
                    return f"the Makefile has no target `{word}`"
    return None


def check_page(page: Path, apus: Command, targets: set[str]) -> list[str]:
    text, problems = page.read_text(), []
    for number, code in code_of(text):
        if problem := check_code(code, apus, targets):
            problems.append(f"{page.relative_to(REPOSITORY)}:{number}: {problem}")
    for number, line in enumerate(text.splitlines(), 1):
        for link in LINK.findall(line):
            path = link.split("#")[0]
            if path and not re.match(r"[a-z]+:", path) and not (page.parent / path).exists():
                problems.append(f"{page.relative_to(REPOSITORY)}:{number}: the link {link} leads nowhere")
    return problems


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: scripts/check-docs.py APUS", file=sys.stderr)
        return 64
    dump = subprocess.run([sys.argv[1], "--experimental-dump-help"], check=True, stdout=subprocess.PIPE).stdout
    apus = Command(json.loads(dump)["command"])
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    pages = sorted({page for pattern in PAGES for page in REPOSITORY.glob(pattern)})
    problems = [problem for page in pages for problem in check_page(page, apus, targets)]
    print("\n".join(problems) if problems else f"documentation: {len(pages)} pages, every command and link is right")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
