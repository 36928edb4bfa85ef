"""The runner `pull-access.sh`: all scripts of an output folder in order, one summary, the worst exit code."""

import re

from fake import state
from kit import envs, world
from kit.checks import check, must, scenario
from kit.entries import IMAGE
from kit.lives import idle, safe
from kit.rendered import rendered
from kit.scripts import cluster, script
from scenarios.output import lines_of

CONFIG = """apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {name: run}
spec:
  registries: [{name: youruniquename}, {name: secondreg}]
  clusters:
    - {name: prod, kind: aks, resourceGroup: rg-prod}
    - {name: second, kind: generic}
  access:
    - {name: nodes, strategy: attach, registries: [youruniquename], clusters: [prod]}
    - name: pull
      strategy: serviceAccount
      registries: [youruniquename]
      clusters: [prod, second]
      namespaces: [default]
      secret: {name: acr-secret, credential: {type: token, name: run-pull, repositories: [sample-container]}}
      serviceAccount: {name: default, mode: merge}
"""


def runner():
    return rendered("runner", CONFIG) / "pull-access.sh"


@scenario
def runner_of_all_scripts():
    path = runner()
    must("there is a runner", path.exists())
    cluster("second")
    before = state.snapshot()
    run = script(path)
    check("plan: exit 3, changes nothing", run.code == 3 and not world.changed(before, state.snapshot()))
    for name in ("attach-prod.sh", "pull-secret-prod.sh", "pull-secret-second.sh", "service-account-prod.sh"):
        check(f"the summary names {name}", name in run.text)
    run = script(path, "--apply")
    must("apply: exit 0", run.code == 0)
    safe("apply", run)
    for context in ("prod", "second"):
        check(f"{context}: the Secret pulls", world.pulls(cluster(context).secret("default"), IMAGE))
        listed = cluster(context).account("default")["imagePullSecrets"]
        check(f"{context}: the account lists it", {"name": "acr-secret"} in listed, listed)
    check("the role is assigned", len(state.snapshot()["assignments"]) == 1)
    check("apply again: exit 0, nothing to do", idle(script(path, "--apply")))
    check("plan: exit 0", script(path).code == 0)
    check("verify: exit 0", script(path, "--verify").code == 0)
    check("undo, plan: exit 3", script(path, "--undo").code == 3)
    check("undo: exit 0", script(path, "--undo", "--apply").code == 0)
    gone = not cluster().secret("default") and not cluster("second").secret("default")
    check("all of it is gone", gone and not state.snapshot()["assignments"])
    check("undo again: exit 0", script(path, "--undo", "--apply").code == 0)
    check("an unknown option: exit 64", script(path, "--aply").code == 64)


@scenario
def runner_of_one_cluster():
    path = runner()
    must("there is a runner", path.exists())
    cluster("second")
    check("apply --cluster second: exit 0", script(path, "--cluster", "second", "--apply").code == 0)
    check("the other cluster is as it was", not cluster().secret("default"))
    check("its Secret pulls", world.pulls(cluster("second").secret("default"), IMAGE))
    check("and no role was assigned", not state.snapshot()["assignments"])
    run = script(path, "--cluster", "nowhere")
    check("an unknown cluster is no success", run.code not in (0, 3))


@scenario
def runner_goes_on_after_a_failure():
    path = runner()
    must("there is a runner", path.exists())
    cluster("second")
    env = envs.without_context("second")
    run = script(path, "--apply", env=env)
    check("one script fails: exit 1", run.code == 1)
    check("the others were run", world.pulls(cluster().secret("default"), IMAGE))
    safe("apply", run)
    run = script(path, "--apply")
    check("the next run repairs: exit 0", run.code == 0)
    check("and the second cluster pulls", world.pulls(cluster("second").secret("default"), IMAGE))


@scenario
def runner_json():
    path = runner()
    must("there is a runner", path.exists())
    cluster("second")
    for arguments, code in (((), 3), (("--apply",), 0), (("--apply",), 0)):
        run = script(path, *arguments, "--json")
        check(f"{arguments}: exit {code}", run.code == code)
        check(f"{arguments}: JSON lines", lines_of(run), run.out)
        safe(str(arguments), run)


@scenario
def runner_from_elsewhere():
    """Every path is relative to the runner, not to the caller."""
    path = runner()
    must("there is a runner", path.exists())
    cluster("second")
    text = path.read_text()
    check("no path of this machine in it", not re.search(r"/tmp|/work|/root", text), text)
    run = script(path.name, cwd=str(path.parent))
    check("from its own folder: exit 3", run.code == 3)
    run = script("../k8s/" + path.name, cwd=str(path.parent))
    check("by a relative path: exit 3", run.code == 3)
