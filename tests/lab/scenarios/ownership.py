"""What this entry did not create: said, taken over with `--adopt` alone, and kept by `--undo`."""

import json

from fake import state
from kit import world
from kit.checks import check, must, scenario
from kit.entries import IMAGE, attach, attach_acr, fails, principal, token
from kit.lives import example_script, idle, repairs
from kit.rendered import entry, rendered, validate
from kit.scripts import HERE, cluster, script
from kit.world import ABAC, FAR, KUBELET, MAIN, aks, registry

THEIRS = {"x.example.com": {"username": "u", "password": "of-another-team", "auth": "dTpw"}}


@scenario
def a_secret_of_another_team():
    cluster().put_secret("default", "acr-secret", THEIRS)
    run = script(token())
    check("plan: exit 3, says that it was not created here", run.code == 3 and "--adopt" in run.text)
    check("undo keeps it", script(token(), "--undo", "--apply").code == 0 and cluster().secret("default"))
    fails("apply", token(), "--apply", words=["acr-secret", "--adopt"])
    kept = list(cluster().secret("default").auths) == ["x.example.com"]
    check("apply changes nothing", kept and not world.minted())
    check("apply --adopt: exit 0", script(token(), "--apply", "--adopt").code == 0)
    check("and the Secret pulls", world.pulls(cluster().secret("default"), IMAGE))
    check("then it is ours: nothing to do", idle(script(token(), "--apply")))
    check("and undo removes it", script(token(), "--undo", "--apply").code == 0 and not cluster().secret("default"))


@scenario
def a_secret_that_render_wrote():
    """A placeholder of the manifests: it has the label, and no annotation. It is ours."""
    meta = {"name": "acr-secret", "labels": {"app.kubernetes.io/managed-by": "pullwright"}}
    cluster().put_secret("default", "acr-secret", {}, metadata=meta)
    check("plan: exit 3, without --adopt", script(token()).code == 3)
    check("apply: exit 0", script(token(), "--apply").code == 0)
    check("and the Secret pulls", world.pulls(cluster().secret("default"), IMAGE))
    script(token(), "--undo", "--apply")
    cluster().put_secret("default", "acr-secret", {}, metadata=meta)
    check("undo removes it", script(token(), "--undo", "--apply").code == 0 and not cluster().secret("default"))


def foreign_token(found):
    """A token of our name with another scope map, in use by another team."""
    future, past = "2030-01-01T00:00:00.0000000Z", "2026-01-01T00:00:00.0000000Z"
    one = world.find_registry("youruniquename", found)
    base = f"/subscriptions/{MAIN}/resourceGroups/rg-registry/providers/Microsoft.ContainerRegistry"
    one["scopeMaps"] = {
        "theirs": {
            "name": "theirs",
            "creationDate": past,
            "actions": ["repositories/web/shop/content/read", "repositories/web/shop/metadata/read"],
            "description": "of another team",
        }
    }
    passwords = {}
    for slot in ("password1", "password2"):
        shared = {"name": slot, "value": "theirs-" + slot, "creationTime": past, "expiry": future}
        passwords[slot] = shared | {"validAt": 0}
    one["tokens"] = {
        "sample-pull": {
            "name": "sample-pull",
            "creationDate": past,
            "status": "enabled",
            "scopeMapId": f"{base}/registries/youruniquename/scopeMaps/theirs",
            "passwords": passwords,
        }
    }


@scenario
def a_token_of_another_team():
    world.edit(foreign_token)
    before = state.snapshot()
    run = script(token())
    check("plan: exit 3, says that it was not created here", run.code == 3 and "--adopt" in run.text)
    fails("apply", token(), "--apply", words=["sample-pull", "--adopt"])
    check("apply changes nothing", not world.changed(before, state.snapshot()))
    check("undo keeps it", script(token(), "--undo", "--apply").code == 0)
    check("undo changes nothing", not world.changed(before, state.snapshot()))
    check("apply --adopt: exit 0", script(token(), "--apply", "--adopt").code == 0)
    check("and the Secret pulls", world.pulls(cluster().secret("default"), IMAGE))
    check("then nothing to do", idle(script(token(), "--apply")))


@scenario
def a_scope_map_of_another_team():
    def change(found):
        world.find_registry("youruniquename", found)["scopeMaps"]["sample-pull-scope-map"] = {
            "name": "sample-pull-scope-map",
            "creationDate": "2026-01-01T00:00:00.0000000Z",
            "actions": ["repositories/web/shop/content/read"],
            "description": "of another team",
        }

    world.edit(change)
    before = state.snapshot()
    run = script(token())
    check("plan: exit 3, says that it was not created here", run.code == 3 and "--adopt" in run.text)
    fails("apply", token(), "--apply", words=["sample-pull-scope-map", "--adopt"])
    check("apply changes nothing", not world.changed(before, state.snapshot()))
    script(token(), "--undo", "--apply")
    check("undo keeps it", not world.changed(before, state.snapshot()))
    check("apply --adopt: exit 0", script(token(), "--apply", "--adopt").code == 0)
    check("and the Secret pulls", world.pulls(cluster().secret("default"), IMAGE))


@scenario
def two_applications_of_one_name():
    ids = ("0a0b0c0d-0000-4000-8000-000000000001", "0a0b0c0d-0000-4000-8000-000000000002")
    for number, (app_id, name) in enumerate(zip(ids, ("sample-pull", "Sample-Pull"), strict=True)):
        world.add_principal(app_id, name, f"5b5b5b5b-0000-4000-8000-00000000000{number}")
    for arguments in ((), ("--apply",)):
        fails(f"display names are not unique {arguments}", principal(), *arguments, words=[*ids, "appId"])
    check("nothing was minted", not world.minted())


SHARED = """apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {name: TEAM}
spec:
  registries: [{name: youruniquename}]
  clusters: [{name: prod, kind: generic}]
  access:
    - name: sample
      strategy: secret
      registries: [youruniquename]
      namespaces: [NAMESPACE]
      secret: {name: acr-secret, credential: {type: servicePrincipal, appId: APP}}
"""


@scenario
def two_configs_with_one_service_principal():
    """Two config files of two teams: the rotation and the undo of one leave the other's password alone."""
    world.add_principal(passwords=[world.foreign_password()])
    paths = {}
    for team, namespace in (("red", "default"), ("blue", "web")):
        text = SHARED.replace("TEAM", team).replace("NAMESPACE", namespace).replace("APP", world.APP)
        paths[team] = entry(rendered("team-" + team, text))
    for team, path in paths.items():
        must(f"{team}: apply", script(path, "--apply").code == 0)
    red = cluster().secret("default")
    for turn in (1, 2, 3):
        check(f"blue rotates, {turn}: exit 0", script(paths["blue"], "--apply", "--rotate").code == 0)
    check("after blue's rotations red's Secret pulls", world.pulls(red, IMAGE))
    check("red has nothing to do", idle(script(paths["red"], "--apply")))
    kept = len(state.snapshot()["sps"][0]["passwords"])
    check("blue's old passwords do not pile up", kept <= 4, kept)
    check("blue is undone: exit 0", script(paths["blue"], "--undo", "--apply").code == 0)
    check("after blue's undo red's Secret pulls", world.pulls(cluster().secret("default"), IMAGE))
    check("red is undone: exit 0", script(paths["red"], "--undo", "--apply").code == 0)
    names = [one["displayName"] for one in state.snapshot()["sps"][0]["passwords"]]
    check("the password of others stays, ours are gone", names == ["of another team"], names)


@scenario
def a_namespace_that_leaves_the_config_keeps_its_password():
    """Its Secret is not known any more, and may still be in use."""
    world.add_principal()
    text = SHARED.replace("TEAM", "moved").replace("APP", world.APP)
    path = entry(rendered("moved", text.replace("NAMESPACE", "default")))
    must("apply: exit 0", script(path, "--apply").code == 0)
    before = cluster().secret("default")
    path = entry(rendered("moved", text.replace("NAMESPACE", "web")))
    run = script(path)
    check("the plan removes no password", run.code == 3 and "credential delete" not in run.text, run.text)
    check("apply: exit 0", script(path, "--apply").code == 0)
    check("the new namespace pulls", world.pulls(cluster().secret("web"), IMAGE))
    check("and so does the one that left", world.pulls(before, IMAGE))


LIMITED = """apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {name: TEAM}
spec:
  registries: [{name: youruniquename, roleAssignmentMode: abac}]
  clusters: [{name: prod, kind: aks, resourceGroup: rg-prod}]
  access:
    - {name: team, strategy: attach, registries: [youruniquename], attach: {repositories: [REPOSITORY]}}
"""


@scenario
def two_attach_configs_of_one_cluster_and_registry():
    """Azure keeps one assignment for an identity, a role and a registry: the second owner is refused, and named."""
    world.edit(lambda found: [one.update(mode=ABAC) for one in found["registries"]])
    paths = {}
    for team, repository in (("red", "team/*"), ("blue", "web/*")):
        text = LIMITED.replace("TEAM", team).replace("REPOSITORY", repository)
        paths[team] = entry(rendered("limited-" + team, text))
    must("red: apply", script(paths["red"], "--apply").code == 0)
    before = state.snapshot()
    run = script(paths["blue"])
    check("blue: the plan names the owner, and --adopt", run.code == 3 and "red" in run.text and "--adopt" in run.text, run.text)
    fails("blue: apply", paths["blue"], "--apply", words=["red"])
    check("red's assignment is as it was", not world.changed(before, state.snapshot()))
    run = script(paths["blue"], "--undo", "--apply")
    check("blue's undo leaves it", run.code in (0, 1) and not world.changed(before, state.snapshot()))
    check("red has nothing to do", idle(script(paths["red"], "--apply")))


@scenario
def two_attach_entries_in_one_config():
    """The same in one config is refused before anything is rendered."""
    folder = HERE.lane.tmp / "two-attach"
    folder.mkdir(exist_ok=True)
    text = LIMITED.replace("TEAM", "both").replace("{name: team,", "{name: team-a,").replace("REPOSITORY", "team/*")
    second = "    - {name: team-b, strategy: attach, registries: [youruniquename], attach: {repositories: [web/*]}}\n"
    (folder / "pullwright.yaml").write_text(text + second)
    done = validate(folder / "pullwright.yaml")
    shown = done.stdout + done.stderr
    check("validate refuses it", done.returncode != 0 and "team-b" in shown, shown)


@scenario
def token_that_does_not_cover_the_image():
    text = """apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {name: cover}
spec:
  registries: [{name: youruniquename}]
  clusters: [{name: prod, kind: generic}]
  access:
    - name: sample
      strategy: secret
      registries: [youruniquename]
      namespaces: [default]
      secret: {name: acr-secret, credential: {type: token, name: cover-pull, repositories: [web/*]}}
      workloads: [{kind: Pod, name: pod, containers: [{name: app, image: youruniquename.azurecr.io/team/a:1}]}]
"""
    folder = HERE.lane.tmp / "cover"
    folder.mkdir(exist_ok=True)
    (folder / "pullwright.yaml").write_text(text)
    done = validate(folder / "pullwright.yaml")
    shown = done.stdout + done.stderr
    check("validate names the image that the token does not cover", "team/a" in shown, shown)


def inherited():
    """The pull role on the resource group, which nobody here assigned."""
    scope = f"/subscriptions/{MAIN}/resourceGroups/rg-registry"
    key = "11111111-0000-4000-8000-000000000001"
    role = "/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d"
    return {
        "id": f"{scope}/providers/Microsoft.Authorization/roleAssignments/{key}",
        "name": key,
        "scope": scope,
        "roleDefinitionId": f"/subscriptions/{MAIN}{role}",
        "principalId": KUBELET,
        "principalType": "ServicePrincipal",
        "createdOn": "2026-01-01T00:00:00Z",
        "updatedOn": "2026-01-01T00:00:00Z",
    }


@scenario
def an_inherited_role():
    for path in (attach(), attach_acr()):
        world.world(assignments=[inherited()])
        check("apply: exit 0", script(path, "--apply").code == 0)
        check("undo: exit 0", script(path, "--undo", "--apply").code == 0)
        names = [one["name"] for one in state.snapshot()["assignments"]]
        check("the inherited role stays", "11111111-0000-4000-8000-000000000001" in names, names)


@scenario
def a_role_of_another_team():
    """A role on the registry itself that nobody here assigned is used, and kept by undo."""
    role = inherited()
    role["scope"] += "/providers/Microsoft.ContainerRegistry/registries/youruniquename"
    role["id"] = f"{role['scope']}/providers/Microsoft.Authorization/roleAssignments/{role['name']}"
    world.world(assignments=[role])
    check("apply: nothing to do", idle(script(attach(), "--apply")))
    check("undo: exit 0", script(attach(), "--undo", "--apply").code == 0)
    check("it stays", len(state.snapshot()["assignments"]) == 1)


@scenario
def a_condition_changes_in_place():
    """Azure's API changes a condition in place, and there is no moment in which the cluster has no role."""
    path = example_script("attach")
    world.world(registries=[registry("youruniquename", ABAC)], clusters=[aks("prod", "rg-prod", KUBELET, 1, sub=FAR)])
    must("apply: exit 0", script(path, "--apply").code == 0)

    def drift(found):
        one = found["assignments"][0]
        one["condition"] = one["condition"].replace("sample-container", "something-else")

    world.edit(drift)
    changed = json.dumps(state.snapshot()["assignments"])
    check("the condition differs now", "something-else" in changed, changed)
    check("plan: exit 3", script(path).code == 3)
    refused = {"code": 403, "body": {"error": {"code": "AuthorizationFailed", "message": "no"}}}
    world.merge(faults=[{"path": "/roleAssignments/", "methods": ["PUT"], "times": 99, **refused}])
    check("a change that Azure refuses: exit 1", script(path, "--apply").code == 1)
    check("and the cluster keeps its assignment", len(state.snapshot()["assignments"]) == 1)
    world.merge(faults=[])
    state.LOG.clear()
    check("the next run: exit 0", script(path, "--apply").code == 0)
    counts = [one["assignments"] for one in state.requests()]
    check("at every moment there is an assignment", min(counts) >= 1, counts)
    found = state.snapshot()["assignments"]
    check("one in the end, with the config's condition", len(found) == 1 and "something-else" not in json.dumps(found))
    check("then nothing to do", idle(script(path, "--apply")))


@scenario
def a_cluster_without_kubelet_identity():
    world.world(clusters=[aks("prod", "rg-prod", None, 1, provisioningState="Creating")])
    fails("attach", attach(), "--apply", words=["identity"])
    world.world()
    repairs(attach(), None)
