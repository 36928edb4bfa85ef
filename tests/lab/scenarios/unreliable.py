"""Azure as it is: throttled, late, with connections that end, and with registries that nobody reaches."""

from fake import state
from kit import scripts, world
from kit.checks import check, scenario
from kit.entries import IMAGE, attach, fails, principal, remove_secret, token
from kit.lives import PullSecret, idle, repairs
from kit.scripts import cluster, script
from kit.world import LATE

BUSY = {
    "code": 429,
    "headers": {"Retry-After": "1", "x-ms-failure-cause": "gateway"},
    "body": {"error": {"code": "TooManyRequests", "message": "The request is being throttled."}},
}


@scenario
def everything_late_with_a_token():
    world.world(delays=dict(LATE))
    PullSecret(token(), ["default"], [IMAGE]).live()


@scenario
def everything_late_with_a_new_service_principal():
    world.world(delays=dict(LATE))
    PullSecret(principal(), ["default"], [IMAGE]).live()


@scenario
def throttled_resource_manager():
    world.world(faults=[{"path": "/providers/", "host": "management", "times": 2, **BUSY}])
    check("twice: exit 0", script(token(), "--apply").code == 0)
    remove_secret()
    world.world(faults=[{"path": "/generateCredentials", "host": "management", "times": 99999, **BUSY}])
    # az tries for long by itself, and the script tries again.
    fails("for ever, at the minting", token(), "--apply", words=[("too many requests", "throttled")], timeout=400)
    repairs(token(), IMAGE)


@scenario
def throttled_graph():
    world.world(faults=[{"path": "/v1.0/", "host": "graph", "times": 1, **BUSY}])
    run = script(principal(), "--apply")
    # The kit expected a failure of the first run; the scripts now wait and try again themselves.
    check("once: exit 0", run.code == 0)
    repairs(principal(), IMAGE)


@scenario
def throttled_registry():
    check("apply: exit 0", script(token(), "--apply").code == 0)
    fault = {"path": "/oauth2/token", "host": "azurecr", "code": 429, "body": {"errors": [{"code": "TOOMANYREQUESTS"}]}}
    world.merge(faults=[fault | {"headers": {"Retry-After": "1"}, "times": 1}])
    run = script(token(), "--verify")
    # Waiting and trying again is right; so is exit 1 that says so. Calling the credential rejected is not.
    said = "429" in run.text or "too many" in run.text.lower()
    check("once, at --verify: passes, or says why not", run.code == 0 or (run.code == 1 and said))


FAULTS = {
    "scope map": (token, {"path": "/scopeMaps/[^/]+$", "methods": ["PUT"]}),
    "token": (token, {"path": "/tokens/[^/]+$", "methods": ["PUT"]}),
    "password of a token": (token, {"path": "/generateCredentials"}),
    "app": (principal, {"path": "/applications$", "methods": ["POST"], "host": "graph"}),
    "service principal": (principal, {"path": "/servicePrincipals$", "methods": ["POST"], "host": "graph"}),
    "role": (principal, {"path": "/roleAssignments/", "methods": ["PUT"]}),
    "password of a service principal": (principal, {"path": "/addPassword", "host": "graph"}),
}


def hung_up(name):
    """The work is done, and the connection ends before the answer."""
    path, fault = FAULTS[name]
    world.world(faults=[{**fault, "do": "workThenHangUp", "times": 9}])
    run = script(path(), "--apply")
    check(f"{name}: ends with 0 or 1", run.code in (0, 1))
    check(f"{name}: leaks nothing", not scripts.leaks(run))
    repairs(path(), IMAGE)
    found = state.snapshot()
    counts = [len(found[kind]) for kind in ("apps", "sps", "assignments")]
    check(f"{name}: nothing is there twice", max(counts) <= 1, counts)


@scenario
def hung_up_with_a_token():
    for name in ("scope map", "token", "password of a token"):
        hung_up(name)
        remove_secret()


@scenario
def hung_up_with_a_service_principal():
    for name in ("app", "service principal", "role", "password of a service principal"):
        hung_up(name)
        remove_secret()


@scenario
def registry_out_of_reach():
    """Azure answers, the registry does not (private endpoint, firewall): found before a credential is created."""
    for path in (token(), principal()):
        world.world(faults=[{"host": "azurecr", "do": "hangUp", "times": 9999}])
        fails("apply", path, "--apply", words=["cannot be reached"])
        check("no password was created", not world.minted(), world.minted())
        repairs(path, IMAGE)
        remove_secret()


@scenario
def role_is_very_late():
    """A new role reaches the registry only after five minutes (Azure says: up to ten)."""
    world.world(delays={"role": 300})
    run = script(principal(), "--apply")
    check(
        "apply waits long enough, or says that the role may still be on its way", run.code == 0 or "minutes" in run.text
    )
    if run.code:
        runs = [script(principal(), "--apply") for _ in range(2)]
        check("a later run repairs", runs[-1].code == 0)
    check("what is stored pulls", world.pulls(cluster().secret("default"), IMAGE))


@scenario
def application_is_late():
    """Entra ID shows a new application after ten seconds."""
    world.world(delays={"graph": 10})
    check("the first run: exit 0", script(principal(), "--apply").code == 0)
    repairs(principal(), IMAGE)
    found = state.snapshot()
    check("one app, one principal", [len(found["apps"]), len(found["sps"])] == [1, 1])


@scenario
def application_is_late_and_run_again_at_once():
    world.world(delays={"graph": 25})
    for _ in range(2):
        script(principal(), "--apply")
    scripts.wait_for(lambda: False, 3)
    check("later: exit 0", script(principal(), "--apply").code == 0)
    apps = state.snapshot()["apps"]
    check("one app in the end", len(apps) == 1, apps)


@scenario
def assignment_list_is_late():
    world.world(delays={"assignmentList": 60})
    check("first run: exit 0", script(attach(), "--apply").code == 0)
    check("a second run while the list is behind: exit 0", script(attach(), "--apply").code == 0)
    check("one assignment", len(state.snapshot()["assignments"]) == 1)


@scenario
def token_list_is_late():
    """A run right after a rotation must not use the slot that is in use."""
    world.world(delays={"tokenList": 60, "slot": 60})
    check("apply: exit 0", script(token(), "--apply").code == 0)
    for turn in (1, 2, 3):
        held = cluster().secret("default")
        run = script(token(), "--apply", "--rotate")
        check(f"rotation {turn}: exit 0", run.code == 0)
        check(f"rotation {turn}: what was stored before still pulls", world.pulls(held, IMAGE))
        check(f"rotation {turn}: what is stored now pulls", world.pulls(cluster().secret("default"), IMAGE))
    check("then nothing to do", idle(script(token(), "--apply")))
