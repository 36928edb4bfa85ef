"""The whole life of a script: help, plan, apply, apply again, verify, rotate, undo, undo again."""

import base64
import json

from fake import roles, state
from kit import rendered, scripts, world
from kit.checks import check, must
from kit.scripts import cluster, leaks, oracle, script, skopeo


def idle(run):
    """A run that found nothing to do."""
    return run.code == 0 and "nothing to do" in run.text


def options(path, env=None):
    run = script(path, "--help", env=env)
    quiet = not run.called("az") and not run.called("kubectl")
    check("--help: exit 0, shows the options, asks nothing", run.code == 0 and "--undo" in run.out and quiet)
    run = script(path, "--aply", env=env)
    check("a wrong option: exit 64, names --help", run.code == 64 and "--help" in run.err)


def safe(what, run):
    found = leaks(run)
    check(f"{what} shows no secret in its output or in arguments", not found, found)


class PullSecret:
    """The life of a pull-secret script."""

    def __init__(self, path, namespaces, images, context="prod", secret="acr-secret", rotates=True, env=None):
        self.path, self.namespaces, self.images = path, namespaces, images
        self.context, self.secret, self.rotates, self.env = context, secret, rotates, env
        self.hosts = sorted({image.split("/")[0] for image in images})

    def run(self, *arguments):
        return script(self.path, *arguments, env=self.env)

    def stored(self):
        api = cluster(self.context)
        return {namespace: api.secret(namespace, self.secret) for namespace in self.namespaces}

    def live(self, undone=None):
        """All of it. `undone` gets the state before and after, to check what stays."""
        before = state.snapshot()
        options(self.path, self.env)
        run = self.run()
        check("plan: exit 3", run.code == 3)
        check("plan changes nothing", not world.changed(before, state.snapshot()))
        safe("plan", run)
        run = self.run("--apply")
        must("apply: exit 0", run.code == 0)
        safe("apply", run)
        first = self.whole()
        self.again(first)
        self.verify()
        if self.rotates:
            self.rotate(first)
        self.undo(before, undone)

    def whole(self):
        """Each Secret is what the kubelet, skopeo and the registry accept."""
        found = self.stored()
        for namespace, secret in found.items():
            right = secret and secret.type == "kubernetes.io/dockerconfigjson" and sorted(secret.auths) == self.hosts
            must(f"{namespace}: a Secret of the right type, with every host", right, secret and secret.raw)
            agree = all(
                base64.b64decode(one["auth"]).decode() == f"{one['username']}:{one['password']}" and one["password"]
                for one in secret.auths.values()
            )
            check(f"{namespace}: username, password and auth agree", agree)
            applied = "kubectl.kubernetes.io/last-applied-configuration"
            check(f"{namespace}: no copy of the Secret in an annotation", applied not in secret.annotations)
            matched = oracle(secret.raw, *self.images)
            check(f"{namespace}: the kubelet's own matching finds it", all(matched.get(one) for one in self.images))
            for image in self.images:
                check(f"{namespace}: skopeo pulls {image} with it", skopeo(secret.raw, image))
        check("no pull without it", not skopeo('{"auths":{}}', self.images[0]))
        return found

    def again(self, first):
        before = state.snapshot()
        run = self.run("--apply")
        check("apply again: exit 0, nothing to do", idle(run))
        versions = {key: one.meta["resourceVersion"] for key, one in first.items()}
        same = versions == {key: one.meta["resourceVersion"] for key, one in self.stored().items()}
        check("apply again changes nothing", same and not world.changed(before, state.snapshot()))
        check("plan after apply: exit 0", self.run().code == 0)

    def verify(self):
        run = self.run("--verify")
        check("verify: exit 0", run.code == 0)
        safe("verify", run)
        run = self.run("--verify", "--in-cluster")
        check("verify --in-cluster: exit 0", run.code == 0)
        gone = scripts.wait_for(lambda: not any("pullwright" in one for one in cluster(self.context).pods()))
        check("and its pods are gone", gone, cluster(self.context).pods())

    def rotate(self, first):
        world.expire()
        check("near expiry, plan: exit 3", self.run().code == 3)
        run = self.run("--apply")
        check("near expiry, apply: exit 0", run.code == 0)
        safe("rotation", run)
        for namespace, secret in self.stored().items():
            fresh = [one for one in self.hosts if secret.password(one) != first[namespace].password(one)]
            check(f"{namespace}: a new password", fresh)
            for image in self.images:
                check(f"{namespace}: the new one pulls {image}", world.pulls(secret, image))
                check(f"{namespace}: the one before still pulls {image}", world.pulls(first[namespace], image))
        check("apply after rotation: nothing to do", idle(self.run("--apply")))
        check("--rotate: exit 0", self.run("--apply", "--rotate").code == 0)
        check("verify after --rotate: exit 0", self.run("--verify").code == 0)

    def undo(self, before, undone):
        applied = state.snapshot()
        run = self.run("--undo")
        check("undo, plan: exit 3", run.code == 3)
        kept = not world.changed(applied, state.snapshot()) and all(self.stored().values())
        check("undo, plan changes nothing", kept)
        run = self.run("--undo", "--apply")
        check("undo: exit 0, Secrets gone", run.code == 0 and not any(self.stored().values()))
        after = state.snapshot()
        for one in after["registries"]:
            check(f"undo: no token or scope map left at {one['name']}", not one["tokens"] and not one["scopeMaps"])
        ours = [p for sp in after["sps"] for p in sp["passwords"] if (p["displayName"] or "").startswith("pullwright")]
        check("undo: none of its passwords left", not ours, ours)
        check("undo again: exit 0, nothing to do", idle(self.run("--undo", "--apply")))
        check("verify after undo: exit 1", self.run("--verify").code == 1)
        if undone:
            undone(before, after)


class Attach:
    """The life of an attach script."""

    def __init__(self, path, name, registries, context="prod", image=None, outside=None):
        self.path, self.name, self.registries = path, name, registries
        self.context, self.image, self.outside = context, image, outside

    def live(self):
        before = state.snapshot()
        options(self.path)
        run = script(self.path)
        check("plan: exit 3, changes nothing", run.code == 3 and not world.changed(before, state.snapshot()))
        must("apply: exit 0", script(self.path, "--apply").code == 0)
        self.roles()
        if self.image:
            self.pods()
        applied = state.snapshot()
        run = script(self.path, "--apply")
        check("apply again: nothing to do", idle(run) and not world.changed(applied, state.snapshot()))
        run = script(self.path, "--verify")
        check("verify, with az aks check-acr: exit 0", run.code == 0 and run.called("az", "aks", "check-acr"))
        run = script(self.path, "--undo")
        check("undo, plan: exit 3, changes nothing", run.code == 3 and not world.changed(applied, state.snapshot()))
        run = script(self.path, "--undo", "--apply")
        after = state.snapshot()["assignments"]
        check("undo: exit 0, assignments as before", run.code == 0 and after == before["assignments"], after)
        check("undo again: nothing to do", idle(script(self.path, "--undo", "--apply")))
        check("verify after undo: exit 1", script(self.path, "--verify").code == 1)

    def roles(self):
        found = state.snapshot()
        kubelet = next((one["kubelet"] for one in found["clusters"] if one["name"] == self.name), None)
        for name in self.registries:
            mode = world.find_registry(name, found)["mode"]
            role = honoured_role(mode)
            have = [
                one
                for one in found["assignments"]
                if one["principalId"] == kubelet and one["scope"].lower().endswith("/" + name)
            ]
            right = [one["roleDefinitionId"].split("/")[-1] for one in have] == [role]
            check(f"{name}: exactly one assignment, of the role that its mode honours", right, have)

    def pods(self):
        """Pods pull by the kubelet identity, without a pull secret."""
        number = cluster(self.context).number

        def stand_for(found):
            for one in found["clusters"]:
                one["apiserver"] = number if one["name"] == self.name else 0

        world.edit(stand_for)
        api = cluster(self.context)
        api.start_pod("default", "pulls", self.image, imagePullSecrets=[{"name": "none"}])
        check("a pod without a pull secret pulls", "Pulled" in scripts.pulled("default", "pulls", self.context))
        if self.outside:
            api.start_pod("default", "outside", self.outside)
            reasons = scripts.pulled("default", "outside", self.context)
            check("and not what the condition leaves out", "Pulled" not in reasons and "Failed" in reasons)


def honoured_role(mode):
    return roles.REPOSITORY_READER if mode == world.ABAC else roles.ACR_PULL


class Account:
    """The life of a script that merges a pull secret into a ServiceAccount that others own."""

    def __init__(self, path, namespaces, context="prod", secret="acr-secret"):
        self.path, self.namespaces, self.context, self.secret = path, namespaces, context, secret
        self.before = {}

    def accounts(self):
        return {one: cluster(self.context).account(one) for one in self.namespaces}

    def apply(self):
        options(self.path)
        self.before = self.accounts()
        run = script(self.path)
        check("plan: exit 3, changes nothing", run.code == 3 and self.accounts() == self.before)
        must("apply: exit 0", script(self.path, "--apply").code == 0)
        for namespace, account in self.accounts().items():
            merged = account["imagePullSecrets"] == [{"name": "of-another-team"}, {"name": self.secret}]
            kept = merged and account.get("secrets") == [{"name": "keep-me"}]
            check(f"{namespace}: the list is merged, what was there is kept", kept, account)
            api = cluster(self.context)
            pod = api.start_pod(namespace, "plain", "youruniquename.azurecr.io/sample-container:0.0.1")
            copied = {"name": self.secret} in pod["spec"].get("imagePullSecrets", [])
            check(f"{namespace}: admission copies the list into a new pod", copied, pod["spec"])
        check("apply again: nothing to do", idle(script(self.path, "--apply")))

    def undo(self):
        check("undo, plan: exit 3", script(self.path, "--undo").code == 3)
        run = script(self.path, "--undo", "--apply")
        lists = lambda found: {key: one.get("imagePullSecrets") for key, one in found.items()}  # noqa: E731
        check("undo: exit 0, lists as before", run.code == 0 and lists(self.accounts()) == lists(self.before))
        check("undo again: nothing to do", idle(script(self.path, "--undo", "--apply")))
        check("verify after undo: exit 1", script(self.path, "--verify").code == 1)


def repairs(path, image, namespaces=("default",), secret="acr-secret"):
    """The next run, with nothing in its way, ends well; what is stored pulls; then there is nothing to do."""
    world.merge(denied=[], faults=[])
    run = script(path, "--apply")
    check("the next run repairs: exit 0", run.code == 0)
    safe("the next run", run)
    for namespace in namespaces if image else ():
        found = cluster().secret(namespace, secret)
        check(f"{namespace}: the Secret pulls", world.pulls(found, image), found and json.dumps(found.annotations))
    check("and then there is nothing to do", idle(script(path, "--apply")))


def example_script(name, ending=".sh"):
    return rendered.entry(rendered.example(name), ending)
