"""Callers without a right in Azure: exit 1, the right is named, nothing half done that the next run does not repair."""

import re

from fake import state
from kit import world
from kit.checks import check, scenario
from kit.entries import IMAGE, admin, attach, attach_acr, fails, no_secret, principal, remove_secret, token
from kit.lives import repairs
from kit.scripts import script

REGISTRY = "Microsoft.ContainerRegistry/registries"
ROLE = "Microsoft.Authorization/roleAssignments"


def deny(action):
    world.world(denied=[re.escape(action)])
    remove_secret()


@scenario
def no_rights_for_a_token():
    rights = ("/read", "/scopeMaps/read", "/tokens/read", "/scopeMaps/write", "/tokens/write")
    for right in (*rights, "/generateCredentials/action"):
        deny(REGISTRY + right)
        fails(right, token(), "--apply", words=[REGISTRY + right])
        no_secret(right)
        repairs(token(), IMAGE)


@scenario
def no_rights_for_a_service_principal():
    # The roles of a principal that does not exist yet are not read: that right is of the next scenario.
    for right in ("graph/apps/read", "graph/sps/read", "graph/apps/write", "graph/sps/write", ROLE + "/write"):
        deny(right)
        words = ["entra", "graph", "privileges"] if right.startswith("graph") else [ROLE, "assign roles"]
        fails(right, principal(), "--apply", words=[tuple(words)])
        no_secret(right)
        repairs(principal(), IMAGE)
        found = state.snapshot()
        counts = [len(found["apps"]), len(found["sps"]), len(found["assignments"]), len(found["sps"][0]["passwords"])]
        check(f"{right}: one app, one principal, one role, one password in the end", counts == [1, 1, 1, 1], counts)


@scenario
def no_right_to_read_the_roles_of_a_service_principal():
    check("apply: exit 0", script(principal(), "--apply").code == 0)
    world.edit(lambda found: found["assignments"].clear())
    world.merge(denied=[re.escape(ROLE + "/read")])
    fails("plan", principal(), words=[(ROLE, "assign roles")])
    repairs(principal(), IMAGE)


@scenario
def no_rights_for_the_admin_user():
    for right in ("/write", "/listCredentials/action"):
        deny(REGISTRY + right)
        fails(right, admin(), "--apply", words=[REGISTRY + right])
        no_secret(right)
        repairs(admin(), IMAGE)


@scenario
def no_rights_to_attach():
    for right in ("Microsoft.ContainerService/managedClusters/read", ROLE + "/read", ROLE + "/write"):
        deny(right)
        fails(right, attach(), "--apply", words=[(right, "assign roles")])
        repairs(attach(), None)
    world.world()
    script(attach(), "--apply")
    world.merge(denied=[ROLE + "/delete"])
    fails("undo", attach(), "--undo", "--apply", words=[(ROLE, "assign roles")])
    world.merge(denied=[])
    run = script(attach(), "--undo", "--apply")
    check("undo with the right: exit 0", run.code == 0 and not state.snapshot()["assignments"])


@scenario
def no_rights_for_attach_acr():
    """az itself tries ten times, with growing pauses."""
    deny(ROLE + "/write")
    fails("attachAcr", attach_acr(), "--apply")
    repairs(attach_acr(), None)


@scenario
def quota_of_a_registry():
    for kind, limits in (("tokens", {"tokens": 0, "scopeMaps": 100}), ("scope maps", {"tokens": 100, "scopeMaps": 0})):
        world.world(limits=limits)
        remove_secret()
        fails(kind, token(), "--apply", words=["maximum number"])
        no_secret(kind)
        world.merge(limits={"tokens": 100, "scopeMaps": 100})
        repairs(token(), IMAGE)
