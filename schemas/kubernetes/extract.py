#!/usr/bin/env python3
"""Make the Kubernetes schemas in this folder again.

usage: extract.py VERSION PACKAGE_FOLDER
VERSION is one that the PyPI package `kubernetes-validate` carries, e.g. 1.37.0; PACKAGE_FOLDER is
where pip put it (its folder `kubernetes_validate`). Each kind becomes one self-contained, gzipped
draft 2020-12 schema with the definitions it needs and without descriptions. The same input gives
the same bytes.
"""
import gzip
import io
import json
import pathlib
import sys

KINDS = ["ConfigMap", "CronJob", "DaemonSet", "Deployment", "Job", "Pod", "Secret", "ServiceAccount", "StatefulSet"]
VERSIONS = {"CronJob": "batch-v1", "Job": "batch-v1", "DaemonSet": "apps-v1", "Deployment": "apps-v1", "StatefulSet": "apps-v1"}
PREFIX = "/api/_definitions.json#/$defs/"


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


def main(version, package):
    folder = pathlib.Path(package) / "kubernetes-json-schema" / f"v{version}-local-strict"
    definitions = json.loads((folder / "_definitions.json").read_text())["$defs"]
    here = pathlib.Path(__file__).parent
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
        text = json.dumps(schema, separators=(",", ":"), sort_keys=True).encode()
        buffer = io.BytesIO()
        with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0, filename="") as out:
            out.write(text)
        (here / f"{kind}.json.gz").write_bytes(buffer.getvalue())
        print(f"{kind}: {len(needed)} definitions, {len(text)} bytes, {len(buffer.getvalue())} gzipped")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
