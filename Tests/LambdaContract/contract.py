"""Holds what a server of the Lambda API answers against AWS's own description of it, as botocore has it.

`watch(client)` looks at every answer that a client of boto3's gets; `Watcher.problems` says what is wrong with them.
"""

import base64
import datetime
import json
import re

# What the front of any AWS service answers, besides the errors that an operation declares.
COMMON_ERRORS = {
    "ValidationException": 400,
    "SerializationException": 400,
    "InvalidRequestContentException": 400,
    "UnknownOperationException": 404,
    "RequestEntityTooLargeException": 413,
    "NotImplementedException": 501,
}

# Where the service does not do what its description says.
STATUS = {"DeleteFunction": 204, "PublishVersion": 201}
INVOCATIONS = {"Invoke", "InvokeAsync", "InvokeWithResponseStream"}


class Watcher:
    def __init__(self, client):
        self.model = client.meta.service_model
        self.problems = []
        # Names of operations that have been answered with success.
        self.succeeded = set()
        self.answers = 0
        client.meta.events.register("response-received.lambda", self._received)

    def _received(self, event_name, response_dict=None, **_):
        if response_dict is None:
            return
        operation = self.model.operation_model(event_name.rsplit(".", 1)[-1])
        streams = operation.name in INVOCATIONS and response_dict["status_code"] < 300
        body = b"" if streams else response_dict["body"]
        self.check(operation, response_dict["status_code"], response_dict["headers"], body)

    def check(self, operation, status, headers, body):
        """Looks at one answer; `operation` is botocore's model of it."""
        self.answers += 1
        found = list(answer_problems(operation, status, {k.lower(): v for k, v in headers.items()}, body))
        if status < 300:
            self.succeeded.add(operation.name)
        self.problems += [f"{operation.name} {status}: {problem} in {body[:300]!r}" for problem in found]
        return found


def answer_problems(operation, status, headers, body):
    if not headers.get("x-amzn-requestid"):
        yield "no X-Amzn-RequestId"
    if status < 300:
        yield from success_problems(operation, status, headers, body)
    else:
        yield from error_problems(operation, status, headers, body)


def success_problems(operation, status, headers, body):
    if operation.name in INVOCATIONS:
        if status not in (200, 202, 204):
            yield "the status"
        return
    wanted = STATUS.get(operation.name, operation.http.get("responseCode", 200))
    if status != wanted:
        yield f"the status where {wanted} is described"
    shape = operation.output_shape
    in_body = shape is not None and any("location" not in m.serialization for m in shape.members.values())
    if not in_body:
        if body:
            yield "a body where none is described"
        return
    if headers.get("content-type") != "application/json":
        yield f"the content type {headers.get('content-type')!r}"
    try:
        document = json.loads(body)
    except ValueError as error:
        yield f"no JSON ({error})"
        return
    yield from value_problems(shape, document, "")


def error_problems(operation, status, headers, body):
    name = headers.get("x-amzn-errortype", "")
    shapes = {shape.name: shape for shape in operation.error_shapes}
    if name in shapes:
        wanted = shapes[name].metadata["error"]["httpStatusCode"]
    elif name in COMMON_ERRORS:
        wanted = COMMON_ERRORS[name]
    else:
        yield f"the error {name!r}, which the operation does not have"
        return
    if status != wanted:
        yield f"the status of {name}, which is {wanted}"
    try:
        document = json.loads(body)
    except ValueError as error:
        yield f"no JSON ({error})"
        return
    message = document.get("message", document.get("Message"))
    if not message or not isinstance(message, str):
        yield "no message"
    if name in shapes:
        yield from value_problems(shapes[name], document, "")
        if name == "TooManyRequestsException" and not headers.get("retry-after"):
            yield "no Retry-After"


def value_problems(shape, value, path):
    """What is wrong with a value of an answer."""
    kinds = {
        "structure": dict, "map": dict, "list": list, "string": str, "boolean": bool, "blob": str, "timestamp": (int, float),
        "integer": int, "long": int, "float": (int, float), "double": (int, float),
    }
    place = path or "the answer"
    kind = kinds[shape.type_name]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        yield f"{place} is no {shape.type_name}"
        return
    match shape.type_name:
        case "structure":
            names = {m.serialization.get("name", n): (n, m) for n, m in shape.members.items() if "location" not in m.serialization}
            for name, item in value.items():
                if name not in names:
                    yield f"{place} has {name}, which is not described"
                else:
                    yield from value_problems(names[name][1], item, f"{path}.{name}")
            for name in shape.required_members:
                if shape.members[name].serialization.get("name", name) not in value:
                    yield f"{place} has no {name}"
        case "list":
            for index, item in enumerate(value):
                yield from value_problems(shape.member, item, f"{path}[{index}]")
        case "map":
            for key, item in value.items():
                yield from value_problems(shape.key, key, f"{path} key")
                yield from value_problems(shape.value, item, f"{path}.{key}")
        case "string":
            if shape.enum and value not in shape.enum:
                yield f"{place} is {value!r}, none of {shape.enum}"
            if shape.name.endswith("Timestamp") or shape.name == "Timestamp":
                try:
                    datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%f%z")
                except ValueError:
                    yield f"{place} is {value!r}, no time"
            pattern = shape.metadata.get("pattern")
            if pattern and not re.fullmatch(python_pattern(pattern), value):
                yield f"{place} is {value!r}, which does not match {pattern}"
        case "blob":
            try:
                base64.b64decode(value, validate=True)
            except ValueError:
                yield f"{place} is no base64"


def python_pattern(pattern):
    """Of Java's pattern one that Python takes."""
    # A hyphen after a range, as in [a-zA-Z0-9-_], stands for itself in both.
    return re.sub(r"\\p\{([A-Za-z]+)\}", r"\\w", pattern)


def watch(client):
    return Watcher(client)
