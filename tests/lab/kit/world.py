"""The worlds that scenarios start from, and changes of what the fake Azure knows."""

import json
import re
import time

from fake import data_plane, state

MAIN, FAR = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-aaaaaaaaaaaa"
TENANT = "99999999-8888-7777-6666-555555555555"
APP = "0a0b0c0d-1111-2222-3333-444444444444"
ABAC, RBAC = "AbacRepositoryPermissions", "LegacyRegistryPermissions"
KUBELET = "aaaaaaaa-0000-4000-8000-000000000001"
DAY = 86400
# Everything late, as in Azure.
LATE = {
    "graph": 6,
    "slot": 15,
    "secret": 3,
    "role": 12,
    "assignmentList": 3,
    "lro": 2,
    "principal": 20,
    "tokenList": 3,
}


def registry(name, mode=RBAC, sub=MAIN, rg="rg-registry", server=None, suffix="azurecr.io", **more):
    host = server or f"{name}.{suffix}"
    found = {"sub": sub, "rg": rg, "name": name, "mode": mode, "loginServer": host}
    return found | {"scopeMaps": {}, "tokens": {}} | more


def aks(name, rg, kubelet, apiserver, sub=MAIN, **more):
    found = {"sub": sub, "rg": rg, "name": name, "client": "msi", "kubelet": kubelet, "apiserver": apiserver}
    return found | more


def kubeconfig(port):
    """What `az aks get-credentials` gives."""
    cluster = {"server": f"https://127.0.0.1:{port}", "insecure-skip-tls-verify": True}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "c", "cluster": cluster}],
            "users": [{"name": "u", "user": {"token": "tok-admin"}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "c",
        }
    )


def world(**changes):
    """A tenant with two subscriptions, five registries and three clusters, but for the changes."""
    near = {"rg-registry": "westeurope", "rg-prod": "westeurope", "rg-prod-weu": "westeurope"}
    near |= {"rg-prod-neu": "northeurope"}
    far = {"rg-far": "westeurope", "rg-prod": "westeurope", "rg-registry": "westeurope"}
    found = {
        "tenant": TENANT,
        "subscriptions": {MAIN: {"name": "main", "groups": near}, FAR: {"name": "far", "groups": far}},
        "registries": [
            registry("youruniquename"),
            registry("contosoprod", ABAC, alsoAt=["contosoprod.westeurope.geo.azurecr.io"]),
            registry("contosotools", server="contosotools-a1b2c3d4e5f6a7b8.azurecr.io"),
            registry("secondreg"),
            registry("otherregistry"),
        ],
        "clusters": [
            aks("prod", "rg-prod", KUBELET, 1),
            aks("prod-weu", "rg-prod-weu", "aaaaaaaa-0000-4000-8000-000000000002", 2),
            aks("prod-neu", "rg-prod-neu", "aaaaaaaa-0000-4000-8000-000000000003", 0),
        ],
        "kubeconfig": kubeconfig(16443),
    }
    state.reset(found | changes)


def merge(**changes):
    """Changes parts of the state; `delays` are added to those that are set."""
    with state.LOCK:
        for key, value in changes.items():
            if key == "delays":
                state.STATE["delays"].update(value)
            else:
                state.STATE[key] = value


def edit(change):
    """Lets a function change the state."""
    with state.LOCK:
        change(state.STATE)


def find_registry(name, found=None):
    """A registry of the state itself; hold the lock (`edit`) to change it."""
    for one in (found or state.STATE)["registries"]:
        if one["name"] == name:
            return one
    raise KeyError(name)


def add_principal(app_id=APP, name="tools", object_id="5b5b5b5b-0000-4000-8000-000000000001", passwords=()):
    """An app registration with its service principal that others created."""

    def change(found):
        key = "a" + str(len(found["apps"]) + 1)
        found["apps"].append({"id": key, "appId": app_id, "displayName": name, "passwords": []})
        sp = {"id": object_id, "appId": app_id, "displayName": name, "passwords": list(passwords)}
        found["sps"].append(sp)

    edit(change)


def foreign_password():
    """A password of a service principal that nobody here created."""
    return {
        "keyId": "11111111-0000-4000-8000-000000000001",
        "displayName": "of another team",
        "startDateTime": "2026-01-01T00:00:00Z",
        "endDateTime": "2030-01-01T00:00:00Z",
        "secret": "of-another-team",
        "hint": "of-",
        "customKeyIdentifier": None,
    }


def expire(days=1):
    """As if every password had been created long ago and ended in a day."""

    def change(found):
        ends = time.time() + days * DAY
        for one in found["registries"]:
            for token in one["tokens"].values():
                for password in token["passwords"].values():
                    password["expiry"] = state.iso(ends)
        for sp in found["sps"]:
            for password in sp["passwords"]:
                password["endDateTime"] = state.iso_seconds(ends)

    edit(change)


AZURE = ("registries", "clusters", "assignments", "apps", "sps")


def changed(before, after):
    """The parts of Azure that are not as they were."""
    return [key for key in AZURE if before[key] != after[key]]


def pulls(secret, image):
    """Would the registry let this pull secret pull this image now? Its token service's answer, without a request."""
    host, rest = image.split("/", 1)
    entry = secret.auths.get(host) if secret else None
    if not entry:
        return False
    return data_plane.may_pull(host, entry["username"], entry["password"], rest.partition(":")[0])


def requested(pattern, method=None):
    """The requests to the fake whose path matches."""
    return [
        one
        for one in state.requests()
        if re.search(pattern, one["path"]) and (method is None or one["method"] == method)
    ]


def minted():
    """The requests that created a secret."""
    return requested("generateCredentials|addPassword|regenerateCredential", "POST")
