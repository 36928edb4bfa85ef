"""Environments in which something is missing or wrong: az without a session, kubeconfigs, users without rights."""

import json

from kit.scripts import HERE, cluster


def empty_azure():
    """az that nobody has signed in."""
    folder = HERE.lane.tmp / "azure-empty"
    folder.mkdir(exist_ok=True)
    return {"AZURE_CONFIG_DIR": str(folder)}


def own_azure(name):
    """A folder for a session of its own."""
    return {"AZURE_CONFIG_DIR": str(HERE.lane.home / f"azure-{name}")}


def kubeconfig(name, change):
    """The lane's kubeconfig after a change."""
    config = json.loads((HERE.lane.run / "kubeconfig").read_text())
    change(config)
    path = HERE.lane.tmp / f"kubeconfig-{name}"
    path.write_text(json.dumps(config))
    return {"KUBECONFIG": str(path)}


def without_context(name):
    def change(config):
        config["contexts"] = [one for one in config["contexts"] if one["name"] != name]

    return kubeconfig("without-" + name, change)


def wrong_port():
    """The API server does not answer."""

    def change(config):
        for one in config["clusters"]:
            one["cluster"]["server"] = "https://127.0.0.1:16449"

    return kubeconfig("port", change)


def unknown_user():
    """The API server does not accept the login."""

    def change(config):
        for one in config["users"]:
            one["user"]["token"] = "tok-none"

    return kubeconfig("user", change)


def developer(*rules, namespace="default"):
    """The contexts, as a user who has these rights in one namespace alone."""
    base = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
    cluster().delete(f"{base}/roles/dev")
    cluster().delete(f"{base}/rolebindings/dev")
    group = {"apiGroup": "rbac.authorization.k8s.io"}
    cluster().create(base + "/roles", {"metadata": {"name": "dev"}, "rules": list(rules)})
    cluster().create(
        base + "/rolebindings",
        {
            "metadata": {"name": "dev"},
            "subjects": [{"kind": "User", "name": "dev", **group}],
            "roleRef": {"kind": "Role", "name": "dev", **group},
        },
    )

    def change(config):
        for one in config["contexts"]:
            one["context"]["user"] = "dev"

    return kubeconfig("dev", change)


def may(resource, *verbs):
    return {"apiGroups": [""], "resources": [resource], "verbs": list(verbs)}


def path_without(program):
    """A PATH on which one program is missing."""
    folder = HERE.lane.tmp / f"path-without-{program}"
    folder.mkdir(exist_ok=True)
    for name in (
        "bash",
        "cat",
        "env",
        "dirname",
        "awk",
        "sed",
        "sort",
        "mktemp",
        "date",
        "rm",
        "grep",
        "uname",
        "head",
    ):
        link(folder, "/usr/bin/" + name, name)
    for name in ("az", "kubectl", "jq", "curl", "tr", "sleep"):
        if name != program:
            link(folder, HERE.lane.bin / name, name)
    return {"PATH": str(folder)}


def link(folder, target, name):
    path = folder / name
    if not path.is_symlink():
        path.symlink_to(target)
