#!/usr/bin/env python3
"""Make the Kubernetes schemas in this folder again.

usage: extract.py VERSION PACKAGE_FOLDER
VERSION is one that the PyPI package `kubernetes-validate` carries, e.g. 1.37.0; PACKAGE_FOLDER is
where pip put it (its folder `kubernetes_validate`). Each kind becomes one self-contained, gzipped
draft 2020-12 schema with the definitions it needs and without descriptions. What a config passes on to
Kubernetes (`fields.json.gz`) has the definitions of containers, pods and the specs of workloads, with the
first sentence of each description, which editors show. The same input gives the same bytes.
"""
import gzip
import io
import json
import pathlib
import sys

KINDS = ["ConfigMap", "CronJob", "DaemonSet", "Deployment", "Job", "Pod", "Secret", "ServiceAccount", "StatefulSet"]
VERSIONS = {"CronJob": "batch-v1", "Job": "batch-v1", "DaemonSet": "apps-v1", "Deployment": "apps-v1", "StatefulSet": "apps-v1"}
PREFIX = "/api/_definitions.json#/$defs/"
FIELDS = ["Container", "PodSpec", "DeploymentSpec", "StatefulSetSpec", "DaemonSetSpec", "JobSpec", "CronJobSpec"]
# What only a cluster sets, and what a config has in a form of its own.
LEFT_OUT = ["managedFields", "ephemeralContainers", "containers", "initContainers", "template", "jobTemplate"]


def lean(node):
    """A copy without prose, with references into this very file."""
    if isinstance(node, list):
        return [lean(one) for one in node]
    if not isinstance(node, dict):
        return node
    copy = {}
    for key, value in node.items():
        if key == "description" and isinstance(value, str):
            continue
        if key.startswith("x-kubernetes-") or key in ("$schema", "$id"):
            continue
        if key == "properties":
            copy[key] = {name: lean(one) for name, one in value.items()}
        elif key == "$ref" and PREFIX in value:
            copy[key] = "#/$defs/" + value.split("#/$defs/", 1)[1]
        else:
            copy[key] = lean(value)
    return copy


def references(node, found):
    """All names behind `$ref` in a schema."""
    if isinstance(node, list):
        for one in node:
            references(one, found)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                found.add(value.rsplit("/", 1)[1])
            else:
                references(value, found)
    return found


def short(name):
    """`io.k8s.api.core.v1.EnvVar` without its group: no two of them share a name."""
    return name.rsplit(".", 1)[1]


def sentence(text):
    """The first sentence of a description, on one line."""
    text = " ".join(text.split("\n\n")[0].split())
    for end in range(len(text)):
        if text[end:end + 2] == ". " and not text[:end].endswith(("e.g", "i.e", "etc")):
            return text[:end + 1]
    return text


def field(node):
    """A copy for editors: with descriptions, without null, which says nothing in a config."""
    if isinstance(node, list):
        return [field(one) for one in node]
    if not isinstance(node, dict):
        return node
    copy = {}
    for key, value in node.items():
        if key == "description" and isinstance(value, str):
            copy[key] = sentence(value)
        elif key.startswith("x-kubernetes-") or key in ("$schema", "$id", "additionalProperties") and value is False:
            continue
        elif key == "properties":
            copy[key] = {name: field(one) for name, one in value.items()}
        elif key == "$ref":
            copy[key] = "#/$defs/kubernetes." + short(value)
        elif key == "type" and isinstance(value, list):
            copy[key] = [one for one in value if one != "null"][0]
        elif key == "format":
            if value == "int32":
                copy["minimum"], copy["maximum"] = -(2**31), 2**31 - 1
        elif key == "oneOf":
            copy["type"] = [one for branch in value for one in branch["type"] if one != "null"]
        else:
            copy[key] = field(value)
    return copy


def fields(definitions):
    """The definitions behind FIELDS."""
    needed, todo = {}, {name for name in definitions if short(name) in FIELDS and ".api." in name}
    while todo:
        name = todo.pop()
        if name not in needed:
            definition = dict(definitions[name])
            if "properties" in definition:
                # A `status` of an object is what the cluster sets; elsewhere it is a field like others.
                is_object = "metadata" in definition["properties"]
                kept = {key: one for key, one in definition["properties"].items() if key not in LEFT_OUT and (key != "status" or not is_object)}
                required = [key for key in definition.get("required", []) if key in kept]
                definition.update(properties=kept, required=required)
            needed[name] = field(definition)
            todo |= references(definition, set()) - needed.keys()
    assert len({short(name) for name in needed}) == len(needed)
    return {short(name): needed[name] for name in sorted(needed, key=short)}


def write(name, value):
    """Writes gzipped JSON with the same bytes at any time."""
    text = json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0, filename="") as out:
        out.write(text)
    (pathlib.Path(__file__).parent / f"{name}.json.gz").write_bytes(buffer.getvalue())
    return f"{len(text)} bytes, {len(buffer.getvalue())} gzipped"


def main(version, package):
    folder = pathlib.Path(package) / "kubernetes-json-schema" / f"v{version}-local-strict"
    definitions = json.loads((folder / "_definitions.json").read_text())["$defs"]
    for kind in KINDS:
        schema = lean(json.loads((folder / f"{kind.lower()}-{VERSIONS.get(kind, 'v1')}.json").read_text()))
        needed, todo = {}, references(schema, set())
        while todo:
            name = todo.pop()
            if name not in needed:
                needed[name] = lean(definitions[name])
                todo |= references(needed[name], set()) - needed.keys()
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["$defs"] = {name: needed[name] for name in sorted(needed)}
        print(f"{kind}: {len(needed)} definitions, {write(kind, schema)}")
    named = fields(definitions)
    print(f"fields: {len(named)} definitions, {write('fields', named)}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
