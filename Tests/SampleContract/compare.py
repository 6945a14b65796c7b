#!/usr/bin/env python3
"""Holds `apus generate-event` against AWS SAM CLI: the same services, events, options and defaults; JSON of the same
structure; and every value of an option wherever SAM puts it.

    compare.py APUS     (with a Python that has aws-sam-cli)

Prints each difference; exit 1 when there is one.
"""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from samcli.lib.generated_sample_events.events import Events

# Where SAM CLI's sample contradicts what AWS documents, Apus keeps to AWS.
CORRECTIONS = {
    # The key is misspelt: deliverySteamArn.
    ("kinesis", "streams-as-source"): {"rename": {"deliverySteamArn": "deliveryStreamArn"}},
    # A string in the second record, a number in the first.
    ("kinesis", "syslog"): {"types": {"/records/1/approximateArrivalTimestamp": "number"}},
    # A zone has a letter behind its region.
    ("config", "item-change-notification"): {"longer": ["/invokingEvent#/configurationItem/availabilityZone"]},
    ("config", "oversized-item-change-notification"): {
        "longer": ["/invokingEvent#/configurationItemSummary/availabilityZone"]
    },
    # The values of slots are strings or null.
    ("lex", "book-car"): {"types": {"/currentIntent/slots/DriverAge": "string"}},
    ("lex", "book-hotel"): {"types": {"/currentIntent/slots/Nights": "string"}},
}


def apus(*words):
    done = subprocess.run([sys.argv[1], "generate-event", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}: {done.stderr}")
    return done.stdout


def leaves(value, path=""):
    """(path, type, value) of everything in a document, documents inside strings included."""
    if isinstance(value, dict):
        yield path, "object", None
        for key, member in value.items():
            yield from leaves(member, f"{path}/{key}")
    elif isinstance(value, list):
        yield path, "array", None
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}/{index}")
    elif isinstance(value, str):
        yield path, "string", value
        if value.startswith("{"):
            try:
                nested = json.loads(value)
            except ValueError:
                return
            # What a rule's owner has written is nobody's structure, and neither are a resource's own settings.
            if not path.endswith("ruleParameters"):
                yield from leaves(nested, f"{path}#")
    elif isinstance(value, bool):
        yield path, "bool", value
    elif value is None:
        yield path, "null", None
    else:
        yield path, "number", value


OF_THE_RESOURCE = re.compile(r"#/configurationItem/(tags|configuration)/")


def structure(document, correction=None):
    result = {path: kind for path, kind, _ in leaves(document) if not OF_THE_RESOURCE.search(path)}
    for old, new in (correction or {}).get("rename", {}).items():
        result = {path.replace(old, new): kind for path, kind in result.items()}
    result.update((correction or {}).get("types", {}))
    return result


def sam(service, event, values):
    """What SAM CLI prints, click's way of naming parameters included."""
    named = {name.lower().replace("-", "_"): value for name, value in values.items()}
    return json.loads(Events().generate_event(service, event, named))


def compare(service, event, tags):
    title, correction = f"{service} {event}", CORRECTIONS.get((service, event))
    defaults = {name: properties["default"] for name, properties in tags.items()}
    help_text = apus(service, event, "--help")
    options = dict(re.findall(r"^  --(\S+) <value> +\(default: (.*)\)$", help_text, re.MULTILINE))
    if options != defaults:
        yield f"{title}: options {options} where SAM has {defaults}"
    text = apus(service, event)
    if text != json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n":
        yield f"{title}: not JSON with an indentation of two spaces"
    wanted, actual = structure(sam(service, event, defaults), correction), structure(json.loads(text))
    for path in sorted(wanted.keys() | actual.keys()):
        if wanted.get(path) != actual.get(path):
            yield f"{title}: {path} is {actual.get(path)} where SAM has {wanted.get(path)}"
    for name in tags:
        yield from compare_value(service, event, name, defaults, correction)


def compare_value(service, event, name, defaults, correction):
    chosen = f"é {name}/~+&"
    values = {**defaults, name: chosen}
    plain = {path: value for path, kind, value in leaves(sam(service, event, defaults)) if kind == "string"}
    theirs = {path: value for path, kind, value in leaves(sam(service, event, values)) if kind == "string"}
    ours = {path: value for path, kind, value in leaves(json.loads(apus(service, event, f"--{name}", chosen)))}
    default = {path: value for path, kind, value in leaves(json.loads(apus(service, event)))}
    for path, value in theirs.items():
        if value == plain.get(path):
            continue
        place = path
        for old, new in (correction or {}).get("rename", {}).items():
            place = place.replace(old, new)
        if ours.get(place) == default.get(place):
            yield f"{service} {event}: --{name} does not change {place}"
        if place in (correction or {}).get("longer", []):
            continue
        # A string that is the value and nothing else must be the same, encoding included.
        if defaults[name] in (plain.get(path), plain.get(path, "")[1:]) and ours.get(place) != value:
            yield f"{service} {event}: --{name} makes {place} {ours.get(place)!r} where SAM has {value!r}"
        if "#" not in place and chosen not in value and ours.get(place) != value:
            yield f"{service} {event}: --{name} is encoded as {ours.get(place)!r} in {place} where SAM has {value!r}"


def main():
    mapping = Events().event_mapping
    events = [(service, event, properties["tags"]) for service, of in mapping.items() for event, properties in of.items()]
    listed = {}
    for line in re.sub(r",\n +", ", ", apus("--help")).splitlines():
        if match := re.fullmatch(r"  ([a-z0-9-]+)  +([a-z0-9-]+(?:, [a-z0-9-]+)*)", line):
            listed[match[1]] = match[2].split(", ")
    problems = []
    if listed != {service: sorted(of) for service, of in sorted(mapping.items())}:
        problems.append(f"--help lists {listed}")
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda arguments: list(compare(*arguments)), events):
            problems += found
    print("\n".join(problems) if problems else f"{len(mapping)} services, {len(events)} events: the same as SAM's")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
