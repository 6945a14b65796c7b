"""Calls every operation that a server has, well and badly, and holds each answer against AWS's description.

    python scenario.py ADDRESS ZIP

ZIP is the code of a function that answers what it gets. Prints what is wrong; ends with 1 then.
"""

import collections
import http.client
import json
import os
import sys
import time
import urllib.parse

import boto3
import botocore.config
import botocore.serialize

import contract

ROLE = "arn:aws:iam::123456789012:role/lambda"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"


def main(address, archive):
    config = botocore.config.Config(retries={"max_attempts": 0})
    client = boto3.client(
        "lambda", endpoint_url=address, region_name="us-east-1", config=config, aws_access_key_id="x", aws_secret_access_key="y"
    )
    watcher = contract.watch(client)
    calls = Calls(client)
    with open(archive, "rb") as file:
        good_calls(calls, file.read())
    missing = served(client, address) - watcher.succeeded
    if missing:
        watcher.problems.append(f"no good call of {sorted(missing)}")
    bad = BadCalls(client, watcher, address)
    for operation, arguments in calls.examples.items():
        bad.make(operation, arguments)
    print(f"{watcher.answers} answers of {len(watcher.succeeded)} operations, {bad.count} to bad calls")
    print("\n".join(watcher.problems))
    return 1 if watcher.problems else 0


class Calls:
    """Makes calls and keeps the arguments of each operation's first one."""

    def __init__(self, client):
        self.client = client
        self.examples = {}

    def __getattr__(self, method):
        operation = self.client.meta.method_to_api_mapping[method]

        def call(**arguments):
            self.examples.setdefault(operation, arguments)
            return getattr(self.client, method)(**arguments)

        return call


def good_calls(call, code):
    call.create_function(
        FunctionName="f", Runtime="provided.al2023", Role=ROLE, Handler="app", Code={"ZipFile": code}, Description="a bird",
        Timeout=5, MemorySize=256, Publish=True, PackageType="Zip", Environment={"Variables": {"A1": "1"}}, Tags={"a": "b"},
        Architectures=["x86_64"], EphemeralStorage={"Size": 512}, LoggingConfig={"LogFormat": "Text", "LogGroup": "/a/b"},
        DeadLetterConfig={"TargetArn": ""}, TracingConfig={"Mode": "PassThrough"}, SnapStart={"ApplyOn": "None"},
    )
    layers(call, code)
    functions(call, code)
    concurrency(call)
    events(call)
    permissions(call)
    call.delete_function(FunctionName="f", Qualifier="1")
    call.delete_function(FunctionName="f")
    # What bad calls are made to.
    call.create_function(FunctionName="f", Runtime="provided.al2023", Role=ROLE, Handler="app", Code={"ZipFile": code}, Publish=True)
    call.create_alias(FunctionName="f", Name="live", FunctionVersion="1")


def functions(call, code):
    call.get_function(FunctionName="f", Qualifier="1")
    call.get_function(FunctionName="f")
    call.get_function_configuration(FunctionName="f", Qualifier="$LATEST")
    call.list_functions(FunctionVersion="ALL", MaxItems=10)
    call.update_function_code(FunctionName="f", ZipFile=code, Publish=False, Architectures=["x86_64"])
    layer = call.client.publish_layer_version(LayerName="used", Content={"ZipFile": code})["LayerVersionArn"]
    call.update_function_configuration(
        FunctionName="f", Role=ROLE, Handler="app", Description="another", Timeout=7, MemorySize=512, Layers=[layer],
        Environment={"Variables": {"B1": "2"}}, EphemeralStorage={"Size": 1024},
        LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN"},
        DeadLetterConfig={"TargetArn": FUNCTION}, TracingConfig={"Mode": "Active"},
        VpcConfig={"SubnetIds": [], "SecurityGroupIds": []}, KMSKeyArn="",
    )
    call.get_function(FunctionName="f")
    call.publish_version(FunctionName="f", Description="the second")
    call.list_versions_by_function(FunctionName="f", MaxItems=10)
    call.create_alias(FunctionName="f", Name="live", FunctionVersion="1", Description="now",
                      RoutingConfig={"AdditionalVersionWeights": {"2": 0.1}})
    call.get_alias(FunctionName="f", Name="live")
    call.list_aliases(FunctionName="f", FunctionVersion="1", MaxItems=10)
    call.update_alias(FunctionName="f", Name="live", FunctionVersion="2", Description="later", RoutingConfig={})
    call.invoke(FunctionName="f", InvocationType="RequestResponse", LogType="Tail", Payload=b"{}", Qualifier="live")
    call.invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")
    call.invoke(FunctionName="f", InvocationType="DryRun", Payload=b"{}")
    call.invoke_async(FunctionName="f", InvokeArgs=b"{}")
    list(call.invoke_with_response_stream(FunctionName="f", Payload=b"{}", LogType="None", Qualifier="1")["EventStream"])
    call.delete_alias(FunctionName="f", Name="live")


def concurrency(call):
    call.get_account_settings()
    call.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=5)
    call.get_function_concurrency(FunctionName="f")
    call.put_provisioned_concurrency_config(FunctionName="f", Qualifier="2", ProvisionedConcurrentExecutions=1)
    for _ in range(100):
        config = call.get_provisioned_concurrency_config(FunctionName="f", Qualifier="2")
        if config["Status"] == "READY":
            break
        time.sleep(0.1)
    assert config["Status"] == "READY", config
    call.list_provisioned_concurrency_configs(FunctionName="f", MaxItems=10)
    call.delete_provisioned_concurrency_config(FunctionName="f", Qualifier="2")
    call.delete_function_concurrency(FunctionName="f")
    call.put_function_recursion_config(FunctionName="f", RecursiveLoop="Allow")
    call.get_function_recursion_config(FunctionName="f")
    call.put_runtime_management_config(FunctionName="f", UpdateRuntimeOn="Auto")
    call.get_runtime_management_config(FunctionName="f", Qualifier="$LATEST")


def events(call):
    destinations = {"OnSuccess": {"Destination": FUNCTION}, "OnFailure": {"Destination": FUNCTION}}
    call.put_function_event_invoke_config(
        FunctionName="f", MaximumRetryAttempts=1, MaximumEventAgeInSeconds=60, DestinationConfig=destinations
    )
    call.update_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0)
    call.get_function_event_invoke_config(FunctionName="f")
    call.list_function_event_invoke_configs(FunctionName="f", MaxItems=10)
    call.delete_function_event_invoke_config(FunctionName="f")


def permissions(call):
    call.add_permission(
        FunctionName="f", StatementId="one", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::birds", SourceAccount="123456789012",
    )
    call.get_policy(FunctionName="f")
    call.remove_permission(FunctionName="f", StatementId="one")
    call.tag_resource(Resource=FUNCTION, Tags={"c": "d"})
    call.list_tags(Resource=FUNCTION)
    call.untag_resource(Resource=FUNCTION, TagKeys=["a", "c"])
    cors = {"AllowCredentials": True, "AllowMethods": ["GET"], "AllowOrigins": ["*"], "AllowHeaders": ["x"], "MaxAge": 60}
    call.create_function_url_config(FunctionName="f", AuthType="NONE", InvokeMode="BUFFERED", Cors=cors)
    call.get_function_url_config(FunctionName="f")
    call.list_function_url_configs(FunctionName="f", MaxItems=10)
    call.update_function_url_config(FunctionName="f", AuthType="AWS_IAM", Cors=cors, InvokeMode="RESPONSE_STREAM")
    call.delete_function_url_config(FunctionName="f")


def layers(call, code):
    layer = call.publish_layer_version(
        LayerName="words", Description="some", Content={"ZipFile": code}, CompatibleRuntimes=["provided.al2023"],
        CompatibleArchitectures=["x86_64"], LicenseInfo="MIT",
    )
    call.get_layer_version(LayerName="words", VersionNumber=1)
    call.get_layer_version_by_arn(Arn=layer["LayerVersionArn"])
    call.list_layers(CompatibleRuntime="provided.al2023", CompatibleArchitecture="x86_64", MaxItems=10)
    call.list_layer_versions(LayerName="words", CompatibleRuntime="provided.al2023", MaxItems=10)
    call.add_layer_version_permission(
        LayerName="words", VersionNumber=1, StatementId="all", Action="lambda:GetLayerVersion", Principal="*",
        OrganizationId="o-0123456789",
    )
    call.get_layer_version_policy(LayerName="words", VersionNumber=1)
    call.remove_layer_version_permission(LayerName="words", VersionNumber=1, StatementId="all")
    call.delete_layer_version(LayerName="words", VersionNumber=1)


def served(client, address):
    """The operations that the server does not refuse as missing."""
    result = set()
    for name in client.meta.service_model.operation_names:
        uri = client.meta.service_model.operation_model(name).http["requestUri"]
        path = "".join(part.split("}")[-1] if index == 0 else "none" + part.split("}", 1)[1] for index, part in enumerate(uri.split("{")))
        status, _, _ = request(address, client.meta.service_model.operation_model(name).http["method"], path, b"{}")
        if status != 501:
            result.add(name)
    return result


def request(address, method, target, body, headers={}):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=30)
    try:
        headers = {name: value.encode() for name, value in headers.items()}
        connection.request(method, target, body, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


class BadCalls:
    """Of a good call, every call with one member missing, of a wrong type, or out of its bounds."""

    def __init__(self, client, watcher, address):
        self.model = client.meta.service_model
        self.serializer = botocore.serialize.create_serializer("rest-json", include_validation=False)
        self.watcher = watcher
        self.address = address
        self.count = 0

    def make(self, name, arguments):
        operation = self.model.operation_model(name)
        shape = operation.input_shape
        for member, kind in shape.members.items():
            where = kind.serialization.get("location", "body")
            if shape.serialization.get("payload") == member or kind.type_name == "blob":
                continue
            if where == "body" and member in shape.required_members:
                self.send(operation, without(arguments, member), f"without {member}")
            key = kind.serialization.get("name", member)
            if where == "body":
                for value in WRONG_TYPES[kind.type_name]:
                    self.send(operation, arguments, f"{member} as {value!r}", {key: value})
            for value in out_of_bounds(name, member, kind):
                what = f"{member} = {str(value)[:40]!r}"
                if where == "body":
                    self.send(operation, arguments, what, {key: value})
                else:
                    self.send(operation, {**arguments, member: value}, what)

    def send(self, operation, arguments, what, replaced={}):
        parts = self.serializer.serialize_to_request(arguments, operation)
        body = parts["body"] or b""
        if replaced:
            body = json.dumps({**json.loads(body or b"{}"), **replaced}).encode()
        query = urllib.parse.urlencode(parts["query_string"], doseq=True)
        target = parts["url_path"] + ("&" if "?" in parts["url_path"] else "?") * bool(query) + query
        status, headers, answer = request(self.address, parts["method"], target, body, parts["headers"])
        self.count += 1
        self.watcher.check(operation, status, headers, answer)
        if not 400 <= status < 500:
            self.watcher.problems.append(f"{operation.name} {what}: taken with {status} {answer[:200]!r}")


def without(arguments, member):
    return {name: value for name, value in arguments.items() if name != member}


WRONG_TYPES = collections.defaultdict(
    lambda: [[1], {"a": 1}],
    {
        "string": [[1], {"a": 1}], "integer": ["x", [1], 1.5], "boolean": [[1], {}], "structure": ["x", 1, [1]],
        "list": [{"a": 1}, "x", 1], "map": [[1], "x", 1],
    },
)

# Members whose bounds in the description are not the ones of functions, and what is out of the real ones.
REAL_BOUNDS = {
    ("Timeout",): [0, 901],
    ("MemorySize",): [127, 10241],
}
# Members that are there for other kinds of functions and have no meaning here.
UNBOUND = {"MasterRegion"}


def out_of_bounds(operation, member, shape):
    """Values that the description does not allow."""
    if (member,) in REAL_BOUNDS:
        yield from REAL_BOUNDS[member,]
        return
    if member in UNBOUND:
        return
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    # Without a value a path is another operation's, and a query as good as none.
    needs_value = shape.serialization.get("location") in ("uri", "querystring")
    match shape.type_name:
        case "integer" | "long":
            if low is not None:
                yield low - 1
            if high is not None:
                yield high + 1
        case "string":
            if shape.enum:
                yield "no such value"
            elif shape.metadata.get("pattern", ".*") not in (".*", "[\\s\\S]*"):
                yield " \t"
                yield "ä b\u2028"
            if high is not None and high <= 10_000:
                yield "a" * (high + 1)
            if low and not needs_value:
                yield ""
        case "list":
            if high is not None and high <= 100:
                yield ["a"] * (high + 1)
            if low:
                yield []


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
