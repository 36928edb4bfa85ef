"""What the API server does not allow, does not have or changes meanwhile: its own sentence for each, and no minting."""

import threading
import time

from kit import envs, scripts, world
from kit.checks import check, must, scenario
from kit.entries import IMAGE, account, fails, principal, remove_secret, token
from kit.lives import idle, repairs
from kit.rendered import CONFIGS, entry, rendered
from kit.scripts import cluster, script

BLAMES_RIGHTS = ("you may not", "you cannot")


@scenario
def no_way_to_the_cluster():
    """No context, no kubeconfig, no API server, no login: none of them is a missing right."""
    cases = {
        "no such context": (envs.without_context("prod"), ["prod"]),
        "no kubeconfig": ({"KUBECONFIG": str(scripts.HERE.lane.tmp / "none")}, ["kubeconfig"]),
        "the API server does not answer": (envs.wrong_port(), [("reached", "refused")]),
        "the API server does not know the user": (envs.unknown_user(), [("login", "logged in", "credential")]),
    }
    for what, (env, words) in cases.items():
        for name, path in (("pull secret", token()), ("account", account())):
            for arguments in ((), ("--apply",)):
                fails(f"{what}, {name} {arguments}", path, *arguments, env=env, words=words, never=BLAMES_RIGHTS)
    check("nothing was minted", not world.minted(), world.minted())


def elsewhere():
    """The pull secret of a namespace that does not exist."""
    text = (CONFIGS / "same-token.yaml").read_text().replace("[default]", "[nowhere]")
    return entry(rendered("nowhere", text))


@scenario
def namespace_that_does_not_exist():
    fails("plan", elsewhere(), words=["nowhere", "does not exist"])
    fails("apply", elsewhere(), "--apply", words=["nowhere", "does not exist"])
    # A caller who may write Secrets everywhere, and may not read namespaces: RBAC of the cluster.
    rules = [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "create", "patch", "delete"]}]
    base = "/apis/rbac.authorization.k8s.io/v1"
    group = {"apiGroup": "rbac.authorization.k8s.io"}
    cluster().delete(f"{base}/clusterroles/lab-secrets")
    cluster().delete(f"{base}/clusterrolebindings/lab-secrets")
    cluster().create(base + "/clusterroles", {"metadata": {"name": "lab-secrets"}, "rules": rules})
    binding = {"metadata": {"name": "lab-secrets"}, "subjects": [{"kind": "User", "name": "dev", **group}]}
    binding["roleRef"] = {"kind": "ClusterRole", "name": "lab-secrets", **group}
    cluster().create(base + "/clusterrolebindings", binding)
    env = envs.developer()
    fails("by a caller who may not read namespaces", elsewhere(), "--apply", env=env, words=["nowhere"])
    cluster().delete(f"{base}/clusterrolebindings/lab-secrets")
    check("nothing was minted", not world.minted(), world.minted())


@scenario
def rights_in_the_cluster():
    for verbs in ((), ("get",), ("get", "create")):
        env = envs.developer(envs.may("secrets", *verbs)) if verbs else envs.developer()
        fails(f"rights {verbs}", token(), "--apply", env=env, words=[BLAMES_RIGHTS, "secrets", "default"])
        check(f"rights {verbs}: nothing was minted", not world.minted(), world.minted())
    env = envs.developer(envs.may("secrets", "get", "create", "patch"))
    check("get, create and patch of Secrets are enough", script(token(), "--apply", env=env).code == 0)
    check("again: nothing to do", idle(script(token(), "--apply", env=env)))
    check("verify: exit 0", script(token(), "--verify", env=env).code == 0)
    fails("undo without delete", token(), "--undo", "--apply", env=env, words=["delete"])
    kept = world.find_registry("youruniquename")["tokens"]
    check("and Azure is as it was: no token is deleted while its Secret stays", kept)
    env = envs.developer(envs.may("serviceaccounts", "get"))
    fails("account without patch", account(), "--apply", env=env, words=[BLAMES_RIGHTS, "serviceaccounts"])


@scenario
def a_quota_refuses_the_secret():
    base = "/api/v1/namespaces/default/resourcequotas"
    hard = {"hard": {"count/secrets": "0"}}
    cluster().create(base, {"metadata": {"name": "none"}, "spec": hard})
    cluster().patch(base + "/none/status", {"status": hard | {"used": {"count/secrets": "0"}}})
    for path in (token(), principal()):
        world.world()
        fails("quota", path, "--apply", words=["quota"])
        check("refused before a credential is created", not world.minted(), world.minted())
    cluster().delete(base + "/none")
    world.world()
    repairs(token(), IMAGE)


@scenario
def an_immutable_secret():
    check("apply: exit 0", script(token(), "--apply").code == 0)
    cluster().patch("/api/v1/namespaces/default/secrets/acr-secret", {"immutable": True})
    before = len(world.minted())
    fails("rotate", token(), "--apply", "--rotate", words=["immutable"])
    check("refused before a password is created", len(world.minted()) == before)
    remove_secret()
    cluster().put_secret("default", "acr-secret", {}, immutable=True)
    fails("of another team", token(), "--apply", words=[("immutable", "--adopt")])
    fails("of another team, taken over", token(), "--apply", "--adopt", words=["immutable"])
    check("refused before a password is created", len(world.minted()) == before)


@scenario
def an_account_that_others_change():
    """A few conflicts are tried again; an account that never rests ends with exit 1 that says so."""
    stop = threading.Event()

    def annotate(pause, limit):
        count = 0
        while not stop.is_set() and count < limit:
            count += 1
            patch = {"metadata": {"annotations": {"count": str(count)}}}
            cluster().patch("/api/v1/namespaces/default/serviceaccounts/default", patch)
            if count > 3:
                time.sleep(pause)

    thread = threading.Thread(target=annotate, args=(2.0, 400))
    thread.start()
    run = script(account(), "--apply")
    stop.set()
    thread.join()
    merged = [{"name": "of-another-team"}, {"name": "acr-secret"}]
    right = cluster().account("default")["imagePullSecrets"] == merged
    check("changed now and then: exit 0, the list is right", run.code == 0 and right)
    check("undo: exit 0", script(account(), "--undo", "--apply").code == 0)
    stop.clear()
    thread = threading.Thread(target=annotate, args=(0.0, 1_000_000))
    thread.start()
    run = script(account(), "--apply")
    stop.set()
    thread.join()
    kept = {"name": "of-another-team"} in cluster().account("default")["imagePullSecrets"]
    check("changed all the time: the other entry is kept", kept)
    said = "conflict" in run.text.lower() or "chang" in run.text.lower()
    check("changed all the time: done, or exit 1 that says so", run.code == 0 or (run.code == 1 and said))
    check("and a later run is right", script(account(), "--apply").code == 0)


@scenario
def an_account_that_does_not_exist_yet():
    cluster().delete("/api/v1/namespaces/web/serviceaccounts/default")
    fails("plan", account(), words=["default", "web"])

    def create():
        cluster().create("/api/v1/namespaces/web/serviceaccounts", {"metadata": {"name": "default"}})

    threading.Timer(0.7, create).start()
    run = script(account(), "--apply")
    check("a new namespace gets its account after a moment: it waits", run.code == 0)
    listed = (cluster().account("web") or {}).get("imagePullSecrets")
    check("an account without a list gets one", listed == [{"name": "acr-secret"}], listed)


@scenario
def another_team_breaks_its_own_secret():
    """A node's warning about a missing Secret of another team is no failure of ours; about ours it is."""
    must("apply: exit 0", script(entry(rendered("sa-merge-token"), "pull-secret-prod.sh"), "--apply").code == 0)
    path = entry(rendered("sa-merge-token"), "service-account-prod.sh")
    must("account: exit 0", script(path, "--apply").code == 0)
    check("verify --in-cluster: exit 0", script(path, "--verify", "--in-cluster").code == 0)
    cluster().delete("/api/v1/namespaces/web/secrets/acr-secret")
    run = script(path, "--verify", "--in-cluster")
    check("without our Secret: exit 1, names it", run.code == 1 and "acr-secret" in run.text)
