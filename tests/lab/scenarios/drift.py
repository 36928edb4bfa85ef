"""Changes that others made since the last run: seen by the plan, put right by `--apply`, and then nothing to do."""

import base64
import json

from kit import world
from kit.checks import check, must, scenario
from kit.entries import IMAGE, admin, attach, fails, principal, token
from kit.lives import idle, repairs
from kit.scripts import cluster, script

REJECTED = ("reject", "refus", "does not accept")


def put_right(what):
    check(f"{what}: plan exit 3", script(token()).code == 3)
    run = script(token(), "--apply")
    one = world.find_registry("youruniquename")
    actions = one["scopeMaps"]["sample-pull-scope-map"]["actions"]
    enabled = one["tokens"]["sample-pull"]["status"] == "enabled"
    right = run.code == 0 and enabled and actions == ["repositories/sample-container/content/read"]
    check(f"{what}: put right", right, actions)
    check(f"{what}: then nothing to do", idle(script(token(), "--apply")))
    check(f"{what}: the Secret pulls", world.pulls(cluster().secret("default"), IMAGE))


def scope_map(found):
    return world.find_registry("youruniquename", found)["scopeMaps"]["sample-pull-scope-map"]


@scenario
def drift_of_a_token():
    must("apply: exit 0", script(token(), "--apply").code == 0)
    world.edit(
        lambda found: world.find_registry("youruniquename", found)["tokens"]["sample-pull"].update(status="disabled")
    )
    put_right("disabled token")
    world.edit(lambda found: scope_map(found).update(actions=["repositories/other/content/read"]))
    put_right("another repository")


@scenario
def drift_of_scope_map_actions():
    must("apply: exit 0", script(token(), "--apply").code == 0)
    extra = {
        "metadata": ["repositories/sample-container/metadata/read"],
        "push": ["repositories/sample-container/content/write", "repositories/a/b/content/write"],
        "gateway": ["gateway/x/config/read", "gateway/x/message/read"],
        "all of them": [
            "repositories/a/b/content/read",
            "repositories/a/b/content/delete",
            "repositories/a/b/metadata/write",
            "gateway/x/config/write",
        ],
    }
    for what, actions in extra.items():
        world.edit(lambda found, actions=actions: scope_map(found)["actions"].extend(actions))
        put_right(what)


@scenario
def an_expired_password():
    must("apply: exit 0", script(token(), "--apply").code == 0)
    world.expire(days=-1)
    fails("verify", token(), "--verify", words=[REJECTED])
    repairs(token(), IMAGE)


@scenario
def a_secret_changed_by_hand():
    must("apply: exit 0", script(token(), "--apply").code == 0)
    entry = {"youruniquename.azurecr.io": {"username": "sample-pull", "password": "wrong"}}
    value = base64.b64encode(json.dumps({"auths": entry}).encode()).decode()
    cluster().patch("/api/v1/namespaces/default/secrets/acr-secret", {"data": {".dockerconfigjson": value}})
    fails("verify", token(), "--verify", words=[REJECTED])
    run = script(token())
    check("the plan sees it: exit 3", run.code == 3)
    repairs(token(), IMAGE)


@scenario
def an_entry_that_others_added_to_our_secret():
    """Kept by a rotation, and not copied to a new namespace."""
    must("apply: exit 0", script(token(), "--apply").code == 0)
    auths = dict(cluster().secret("default").auths)
    theirs = {"username": "u", "password": "of-another-team", "auth": "dTpv"}
    auths["x.example.com"] = theirs
    value = base64.b64encode(json.dumps({"auths": auths}).encode()).decode()
    cluster().patch("/api/v1/namespaces/default/secrets/acr-secret", {"data": {".dockerconfigjson": value}})
    check("nothing to do", idle(script(token(), "--apply")))
    check("rotation: exit 0", script(token(), "--apply", "--rotate").code == 0)
    found = cluster().secret("default")
    check("it is kept", found.auths.get("x.example.com") == theirs, list(found.auths))
    check("and the Secret pulls", world.pulls(found, IMAGE))
    ours = found.auths["youruniquename.azurecr.io"]["password"]
    check("with a new password", ours != auths["youruniquename.azurecr.io"]["password"])


@scenario
def an_admin_password_that_was_renewed():
    must("apply: exit 0", script(admin(), "--apply").code == 0)
    renewed = ["renewed-one", "renewed-two"]
    world.edit(lambda found: world.find_registry("youruniquename", found).update(adminPasswords=renewed))
    fails("verify", admin(), "--verify", words=[REJECTED])
    check("the plan sees it: exit 3", script(admin()).code == 3)
    repairs(admin(), IMAGE)


@scenario
def check_acr_fails_for_its_own_reasons():
    """`az aks check-acr` that fails by itself is said to fail, and is no answer of the registry."""
    must("apply: exit 0", script(attach(), "--apply").code == 0)
    world.merge(denied=["Microsoft.ContainerService/managedClusters/listClusterUserCredential/action"])
    run = script(attach(), "--verify")
    blames = "reject" in run.text.lower() or "cannot pull" in run.text.lower()
    check(
        "no right to read the kubeconfig: names check-acr, does not blame the registry",
        "check-acr" in run.text and not blames,
    )
    check("and shows no stack trace", "Traceback" not in run.text)
    world.merge(denied=[])
    world.edit(lambda found: found["assignments"].clear())
    check("without the role: exit 1", script(attach(), "--verify").code == 1)


@scenario
def verify_of_a_missing_role_of_the_principal():
    """The registry knows the principal, and it has no role any more."""
    must("apply: exit 0", script(principal(), "--apply").code == 0)
    world.edit(lambda found: found["assignments"].clear())
    fails("verify", principal(), "--verify")
    repairs(principal(), IMAGE)
