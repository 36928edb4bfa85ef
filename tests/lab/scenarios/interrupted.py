"""Ctrl-C, and rotations: whatever a Secret holds pulls at every moment, and the next run repairs."""

import signal
import threading
import time

from fake import state
from kit import scripts, world
from kit.checks import check, must, scenario
from kit.entries import IMAGE, principal, remove_secret, token
from kit.lives import idle, repairs, safe
from kit.rendered import entry, rendered
from kit.scripts import cluster, script
from kit.watch import Watch
from kit.world import FAR, registry

SECOND = "secondreg.azurecr.io/sample-container:0.0.1"
# Seconds after a request at which Ctrl-C comes: while az waits for the answer, as it ends, and in the calls after it.
MOMENTS = (0.0, 0.1, 0.2, 0.4)


def soon_after(pattern, method, seconds, already):
    """Asks whether a new request of this kind came so long ago."""
    first = []

    def wanted():
        if not first and len(world.requested(pattern, method)) > already:
            first.append(time.time())
        return bool(first) and time.time() - first[0] >= seconds

    return wanted


def interrupt(path, pattern, method, seconds, *arguments):
    """One run that Ctrl-C ends this long after a request. With 0 s, az still waits for the answer."""
    already = len(world.requested(pattern, method))
    if seconds == 0.0:
        fault = {"path": pattern, "methods": [method], "do": "workThenPause", "seconds": 1, "times": 1}
        world.merge(faults=[fault])
    run = script(path, "--apply", *arguments, interrupt=soon_after(pattern, method, seconds, already))
    world.merge(faults=[])
    safe(f"a run that ends {seconds} s after {pattern}", run)
    return run


def first_runs(path, pattern, method):
    """Interrupted before there is a Secret."""
    for seconds in MOMENTS:
        world.world()
        remove_secret()
        run = interrupt(path, pattern, method, seconds)
        found = cluster().secret("default")
        what = f"{seconds} s after {pattern}"
        if run.code == 0:
            check(f"{what}: too late for Ctrl-C, so the Secret pulls", world.pulls(found, IMAGE))
        else:
            check(f"{what}: says what to do", "run again" in run.text.lower() or "left" in run.text.lower())
        if seconds == 0.0:
            check(f"{what}: not a success, no Secret", run.code not in (0, 3) and not found)
        repairs(path, IMAGE)


@scenario
def interrupted_after_the_scope_map():
    first_runs(token(), "/scopeMaps/[^/]+$", "PUT")


@scenario
def interrupted_after_the_token():
    first_runs(token(), "/tokens/[^/]+$", "PUT")


@scenario
def interrupted_after_the_password_of_a_token():
    first_runs(token(), "/generateCredentials", "POST")


@scenario
def interrupted_after_the_application():
    first_runs(principal(), "/applications$", "POST")


@scenario
def interrupted_after_the_role():
    first_runs(principal(), "/roleAssignments/", "PUT")


@scenario
def interrupted_after_the_password_of_a_principal():
    first_runs(principal(), "/addPassword", "POST")


def rotations(path, pattern):
    """Rotations that are interrupted again and again: what the Secret holds pulls all the time."""
    must("apply: exit 0", script(path, "--apply").code == 0)
    with Watch([IMAGE]) as watch:
        for seconds in MOMENTS:
            run = interrupt(path, pattern, "POST", seconds, "--rotate")
            check(f"rotation interrupted {seconds} s after the password: ends with 0 or 1", run.code in (0, 1))
        repairs(path, IMAGE)
    check("at every moment what the Secret holds pulls", not watch.gaps, watch.length())


@scenario
def interrupted_rotations_of_a_token():
    world.world(delays={"slot": 10})
    rotations(token(), "/generateCredentials")


@scenario
def interrupted_rotations_of_a_principal():
    rotations(principal(), "/addPassword")
    kept = state.snapshot()["sps"][0]["passwords"]
    check("passwords of interrupted runs do not pile up", len(kept) <= 2, [one["displayName"] for one in kept])


@scenario
def terminated_between_creating_and_writing():
    """SIGTERM, as a CI system sends it."""
    world.merge(faults=[{"path": "/generateCredentials", "do": "workThenPause", "seconds": 1, "times": 1}])
    run = script(token(), "--apply", interrupt=lambda: bool(world.minted()), signals=signal.SIGTERM)
    check("not a success", run.code not in (0, 3))
    safe("terminated", run)
    repairs(token(), IMAGE)


@scenario
def interrupted_among_namespaces():
    """Two namespaces; the run ends after the first Secret was written."""
    path = entry(rendered("sa-merge-token"), "pull-secret-prod.sh")
    must("apply: exit 0", script(path, "--apply").code == 0)
    old = {one: cluster().secret(one) for one in ("default", "web")}
    world.merge(delays={"slot": 10})
    with Watch([IMAGE], ("default", "web")) as watch:
        changed = lambda: cluster().secret("default").raw != old["default"].raw  # noqa: E731
        run = script(path, "--apply", "--rotate", interrupt=changed)
        web = cluster().secret("web")
        if web.raw == old["web"].raw:
            check("one written, the other not: exit 1, says which", run.code == 1 and "default" in run.text)
        run = script(path, "--apply")
        check("the repairing run: exit 0", run.code == 0)
        safe("the repairing run", run)
    check("at every moment both Secrets pull", not watch.gaps, watch.length())
    same = cluster().secret("default").raw == cluster().secret("web").raw
    check("both hold the same in the end", same)
    check("then nothing to do", idle(script(path, "--apply")))


@scenario
def one_namespace_refuses_the_write():
    """The API server takes the first Secret and refuses the second: said, with names; repaired by the next run."""
    path = entry(rendered("sa-merge-token"), "pull-secret-prod.sh")
    must("apply: exit 0", script(path, "--apply").code == 0)
    with Watch([IMAGE], ("default", "web")) as watch:

        def freeze():
            """Makes the second Secret immutable as soon as the password exists, after all checks."""
            if world.minted():
                cluster().patch("/api/v1/namespaces/web/secrets/acr-secret", {"immutable": True})
                return True
            return False

        # The function never presses Ctrl-C: signal 0 only asks whether the process lives.
        state.LOG.clear()
        world.merge(faults=[{"path": "/generateCredentials", "do": "workThenPause", "seconds": 0.5, "times": 1}])
        run = script(path, "--apply", "--rotate", interrupt=freeze, signals=0)
        check("exit 1, names both namespaces", run.code == 1 and "web" in run.text and "default" in run.text)
        safe("the refused write", run)
        cluster().delete("/api/v1/namespaces/web/secrets/acr-secret")
        stored = cluster().secret("default")
        check("what is stored pulls", world.pulls(stored, IMAGE))
    before = [gap for gap in watch.gaps if gap[1] == "default"]
    check("the first namespace pulls all the time", not before, watch.length())
    repairs(path, IMAGE, ("default", "web"))


def without_gap(path, images):
    must("apply: exit 0", script(path, "--apply").code == 0)
    world.merge(delays={"slot": 15})
    with Watch(images) as watch:
        for turn in (1, 2, 3):
            check(f"rotation {turn}: exit 0", script(path, "--apply", "--rotate").code == 0)
    check("at every moment what the Secret holds pulls", not watch.gaps, watch.length())


@scenario
def rotation_without_a_gap_in_two_subscriptions():
    world.world(registries=[registry("youruniquename"), registry("secondreg", sub=FAR, rg="rg-far")])
    without_gap(entry(rendered("two-subscriptions")), [IMAGE, SECOND])


@scenario
def rotation_without_a_gap_with_one_token_name():
    without_gap(entry(rendered("same-token")), [IMAGE, SECOND])


@scenario
def rotation_without_a_gap_with_one_principal():
    path = entry(rendered("one-principal"))
    must("apply: exit 0", script(path, "--apply").code == 0)
    with Watch([IMAGE, SECOND], ("web",), "both-pull") as watch:
        for turn in (1, 2):
            check(f"rotation {turn}: exit 0", script(path, "--apply", "--rotate").code == 0)
    check("at every moment what the Secret holds pulls", not watch.gaps, watch.length())


@scenario
def a_refused_write_overwrites_no_slot_in_use():
    """One token name at two registries; the API server refuses the Secret that a rotation writes."""
    path = entry(rendered("same-token"))
    must("apply: exit 0", script(path, "--apply").code == 0)
    held = cluster().secret("default")
    cluster().patch("/api/v1/namespaces/default/secrets/acr-secret", {"immutable": True})
    run = script(path, "--apply", "--rotate")
    check("the rotation fails: exit 1", run.code == 1 and "immutable" in run.text)
    for image in (IMAGE, SECOND):
        check(f"what the Secret holds still pulls {image}", world.pulls(held, image))


@scenario
def interrupted_check_on_a_node():
    """Ctrl-C while `--verify --in-cluster` waits for a node: its pod is removed."""
    must("apply: exit 0", script(token(), "--apply").code == 0)
    cluster().patch("/api/v1/nodes/lab-node", {"spec": {"unschedulable": True}})
    ours = lambda: [one for one in cluster().pods() if "pullwright" in one]  # noqa: E731
    run = script(token(), "--verify", "--in-cluster", interrupt=lambda: bool(ours()))
    gone = scripts.wait_for(lambda: not ours(), 5)
    cluster().patch("/api/v1/nodes/lab-node", {"spec": {"unschedulable": None}})
    check("not a success", run.code not in (0, 3))
    check("the pod is removed", gone, ours())


@scenario
def two_runs_at_once():
    runs = []
    threads = [threading.Thread(target=lambda: runs.append(script(token(), "--apply"))) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    check("each ends with 0 or 1", all(one.code in (0, 1) for one in runs), [one.text for one in runs])
    found = cluster().secret("default")
    pulls = bool(found) and world.pulls(found, IMAGE)
    check("not both say that it is done with a dead password", pulls or any(one.code for one in runs))
    script(token(), "--apply")
    found = cluster().secret("default")
    check("after the next run the Secret pulls", world.pulls(found, IMAGE))
