"""Rendered manifests on the real API server: twice, client- and server-side; components; what admission does."""

import base64
import json
import re
import shutil
import tempfile

from kit.checks import check, must, scenario
from kit.rendered import CONFIGS, EXAMPLES, example, rendered
from kit.scripts import call, cluster, kubectl

OTHERS = [
    {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "theirs"},
        "spec": {
            "selector": {"matchLabels": {"a": "b"}},
            "template": {
                "metadata": {"labels": {"a": "b"}},
                "spec": {
                    "imagePullSecrets": [{"name": "of-theirs"}],
                    "containers": [{"name": "c", "image": "youruniquename.azurecr.io/x:1"}],
                },
            },
        },
    },
    {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "default"},
        "imagePullSecrets": [{"name": "of-theirs"}],
    },
]


def source(folder):
    """What to give to kubectl: `-k`, as the README says.

    This API server is of 1.20 and has CronJob as v1beta1 alone, without `timeZone`, so folders with a CronJob are built
    by kubectl, and these two words are changed.
    """
    built = call("kubectl", "kustomize", folder).stdout
    if "kind: CronJob" not in built:
        return ["-k", str(folder)], None
    parts = [older(part) if "kind: CronJob\n" in part else part for part in built.split("\n---\n")]
    return ["-f", "-"], "\n---\n".join(parts)


def older(job):
    job = job.replace("apiVersion: batch/v1\n", "apiVersion: batch/v1beta1\n")
    return re.sub(r"\n  timeZone: [^\n]*", "", job)


def folder_applies(name, folder):
    for how in ((), ("--server-side", "--field-manager=lab")):
        what = f"{name}, {'server' if how else 'client'}-side"
        cluster().clean()
        arguments, text = source(folder)
        done = kubectl("apply", *how, *arguments, input=text)
        if not check(f"{what}: accepted", done.returncode == 0, done.stderr):
            continue
        done = kubectl("apply", *how, *arguments, input=text)
        # kubectl calls a StatefulSet with volumeClaimTemplates configured each time, because the API server adds defaults
        # to that list, which is replaced as a whole; kubectl diff, below, shows that nothing differs.
        lines = [line for line in done.stdout.splitlines() if not line.startswith("statefulset.apps/")]
        words = {line.rsplit(" ", 1)[-1] for line in lines}
        same = done.returncode == 0 and (bool(how) or words <= {"unchanged"})
        check(f"{what}: a second time, unchanged", same, done.stdout + done.stderr)
        done = kubectl("diff", *how, *arguments, input=text)
        check(f"{what}: kubectl diff shows nothing", done.returncode == 0, done.stdout + done.stderr)
    first, second = call("kustomize", "build", folder), call("kubectl", "kustomize", folder)
    check(f"{name}: kustomize and kubectl build it alike", first.stdout and first.stdout == second.stdout)
    for component in sorted(folder.rglob("_component")):
        component_adds(f"{name}, {component.relative_to(folder)}", component)


def component_adds(what, component):
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(component, scratch + "/component")
        with open(scratch + "/all.yaml", "w") as file:
            file.write("\n---\n".join(json.dumps(one) for one in OTHERS))
        with open(scratch + "/kustomization.yaml", "w") as file:
            file.write("resources: [all.yaml]\ncomponents: [component]\n")
        done = call("kustomize", "build", scratch)
    built = done.returncode == 0
    check(f"{what}: builds, what is there is kept", built and "of-theirs" in done.stdout, done.stderr)
    check(f"{what}: its ConfigMap is not in the output", "kind: ConfigMap" not in done.stdout)
    check(f"{what}: a pull secret is added", "-secret" in done.stdout or "-pull" in done.stdout, done.stdout)


@scenario
def manifests_of_the_examples():
    for folder in sorted(EXAMPLES.iterdir()):
        if (folder / "expected/kustomization.yaml").exists():
            folder_applies(folder.name, folder / "expected")


@scenario
def manifests_of_the_configs():
    for config in sorted(CONFIGS.glob("*.yaml")):
        folder = rendered(config.stem)
        if (folder / "kustomization.yaml").exists():
            folder_applies(config.stem, folder)


@scenario
def admission_copies_the_list():
    arguments, text = source(rendered("kinds"))
    done = kubectl("apply", "--server-side", *arguments, input=text)
    must("accepted", done.returncode == 0, done.stderr)
    spec = cluster().pod("default", "k-pod")["spec"]
    check("the pod gets the account's list", spec.get("imagePullSecrets") == [{"name": "acr-secret"}], spec)


def fill(namespace):
    """Something else fills a placeholder, as an operator does."""
    value = base64.b64encode(b'{"auths":{"youruniquename.azurecr.io":{"username":"u","password":"filled"}}}').decode()
    body = {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "kubernetes.io/dockerconfigjson",
        "metadata": {"name": "acr-secret", "namespace": namespace},
        "data": {".dockerconfigjson": value},
    }
    options = ("--server-side", "--force-conflicts", "--field-manager=operator", "-f", "-")
    return kubectl("apply", *options, input=json.dumps(body))


@scenario
def a_filled_placeholder_survives():
    """The folder is applied once more, as CI does, after something else has filled the placeholder Secret."""
    folder = example("service-account-default")
    for first in ((), ("--server-side",)):
        for again in ((), ("--server-side",)):
            cluster().clean()
            what = f"{first or 'client-side'}, then {again or 'client-side'}"
            kubectl("apply", *first, "-k", folder)
            done = fill("default")
            must(f"{what}: filled", done.returncode == 0, done.stderr)
            for turn in (1, 2):
                done = kubectl("apply", *again, "-k", folder)
                kept = "filled" in cluster().secret("default").raw
                check(f"{what}: apply -k {turn} leaves the value alone", kept, done.stdout + done.stderr)
