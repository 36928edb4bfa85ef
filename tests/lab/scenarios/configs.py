"""Scripts of the lab's own configs through their whole life: what the examples do not cover."""

import base64
import json

from fake import state
from kit import scripts, world
from kit.checks import check, must, scenario
from kit.lives import Account, Attach, PullSecret, idle
from kit.rendered import entry, render, rendered
from kit.scripts import cluster, script, skopeo
from kit.world import ABAC, APP, FAR, RBAC, registry

IMAGE = "youruniquename.azurecr.io/sample-container:0.0.1"
SECOND = "secondreg.azurecr.io/sample-container:0.0.1"
OTHER = "otherregistry.azurecr.io/sample-container:0.0.1"


@scenario
def service_principal_by_id():
    world.add_principal()
    PullSecret(entry(rendered("sp-appid")), ["default", "web"], [IMAGE]).live()


@scenario
def service_principal_by_name_abac():
    path = entry(rendered("sp-name-abac"))
    PullSecret(path, ["default"], ["contosoprod.azurecr.io/web/shop:2.4.1"]).live()


@scenario
def service_principal_of_several_registries():
    """A new service principal gets its role on all of its registries in one run."""
    path = entry(rendered("one-principal"))
    run = script(path)
    check("plan: exit 3", run.code == 3)
    check("plan names az ad app create once", run.text.count("az ad app create") == 1)
    must("apply: exit 0", script(path, "--apply").code == 0)
    scopes = sorted(one["scope"].split("/")[-1] for one in state.snapshot()["assignments"])
    check("one run assigns the role on both registries", scopes == ["secondreg", "youruniquename"], scopes)
    check("a second run has nothing to do", idle(script(path, "--apply")))
    script(path, "--undo", "--apply")
    world.world()
    PullSecret(path, ["web"], [IMAGE, SECOND], context="edge", secret="both-pull").live()


@scenario
def admin_user():
    def undone(_, after):
        check("the admin user stays enabled", world.find_registry("youruniquename", after)["admin"])

    PullSecret(entry(rendered("admin")), ["default"], [IMAGE], rotates=False).live(undone)


@scenario
def admin_user_in_another_subscription():
    """The config says where the registry is: the admin user's script follows it as the others do."""
    world.world(registries=[registry("youruniquename", sub=FAR, rg="rg-far")])
    text = (entry(rendered("admin")).parent.parent.parent / "pullwright.yaml").read_text()
    place = "{name: youruniquename, subscription: " + FAR + ", resourceGroup: rg-far}"
    path = entry(rendered("admin-far", text.replace("{name: youruniquename}", place)))
    run = script(path, "--apply")
    check("apply: exit 0", run.code == 0 and cluster().secret("default"))


@scenario
def three_credential_types():
    images = ["youruniquename.azurecr.io/team/a:1", SECOND, OTHER]
    PullSecret(entry(rendered("two-registries")), ["default", "web"], images).live()


@scenario
def two_clusters():
    folder = rendered("two-clusters")
    first, second = entry(folder, "prod.sh"), entry(folder, "second.sh")
    cluster("second")
    for path in (first, second):
        must(f"apply {path.name}: exit 0", script(path, "--apply").code == 0)
    names = sorted(one["name"] for one in world.find_registry("youruniquename")["tokens"].values())
    check("each cluster has a token of its own", names == ["fleet-pull-prod", "fleet-pull-second"], names)
    kept = cluster("second").secret("default")
    check("both pull", skopeo(cluster().secret("default").raw, IMAGE) and skopeo(kept.raw, IMAGE))
    for _ in range(3):
        script(first, "--apply", "--rotate")
    same = cluster("second").secret("default").raw == kept.raw
    check("three rotations of one do not touch the other", same and world.pulls(kept, IMAGE))
    run = script(first, "--undo", "--apply")
    check("undo of one leaves the other", run.code == 0 and world.pulls(kept, IMAGE))
    check("verify of the other: exit 0", script(second, "--verify").code == 0)


@scenario
def registries_of_another_subscription():
    world.world(registries=[registry(name, sub=FAR, rg="rg-far") for name in ("secondreg", "otherregistry")])
    PullSecret(entry(rendered("cross-subscription")), ["default"], [SECOND, OTHER]).live()


@scenario
def registries_of_two_subscriptions():
    world.world(registries=[registry("youruniquename"), registry("secondreg", sub=FAR, rg="rg-far")])
    PullSecret(entry(rendered("two-subscriptions")), ["default"], [IMAGE, SECOND]).live()


@scenario
def one_token_name_at_two_registries():
    PullSecret(entry(rendered("same-token")), ["default"], [IMAGE, SECOND]).live()


@scenario
def regional_endpoint():
    image = "contosoprod.westeurope.geo.azurecr.io/web/shop:2.4.1"
    PullSecret(entry(rendered("regional")), ["default"], [image]).live()


@scenario
def china():
    world.world(cloud="china", registries=[registry("contosochina", suffix="azurecr.cn")])
    env = {"AZURE_CONFIG_DIR": str(scripts.HERE.lane.home / "azure-china")}
    scripts.login(env, "AzureChinaCloud")
    path = entry(rendered("china"))
    PullSecret(path, ["default"], ["contosochina.azurecr.cn/web/shop:2.4.1"], env=env).live()
    world.world()
    run = script(path, "--apply")
    check("signed in to another cloud: exit 1, names the cloud", run.code == 1 and "cloud" in run.text.lower())


@scenario
def attach_rbac():
    Attach(entry(rendered("attach-rbac")), "prod", ["youruniquename"], image=IMAGE).live()


@scenario
def attach_abac():
    path = entry(rendered("attach-abac"))
    run = script(path, "--apply")
    none = not state.snapshot()["assignments"]
    check("a registry in another mode than the config says: exit 1, no role", run.code == 1 and none)
    check("and names the field", "roleAssignmentMode" in run.text)
    world.edit(lambda found: [one.update(mode=ABAC) for one in found["registries"]])
    Attach(path, "prod", ["youruniquename"], image=IMAGE).live()


@scenario
def attach_detects_the_mode():
    path = entry(rendered("attach-detect"))
    for mode in (RBAC, ABAC):
        world.edit(lambda found, mode=mode: [one.update(mode=mode) for one in found["registries"]])
        Attach(path, "prod", ["youruniquename"], image=IMAGE).live()
        cluster().clean()


@scenario
def attach_cluster_with_service_principal():
    """A cluster that runs as a service principal in place of a managed identity."""
    identity = "aaaaaaaa-0000-4000-8000-00000000000f"
    world.add_principal(object_id=identity)
    world.edit(lambda found: [one.update(client=APP, kubelet=identity) for one in found["clusters"]])
    Attach(entry(rendered("attach-rbac")), "prod", ["youruniquename"]).live()


@scenario
def attach_acr():
    Attach(entry(rendered("attach-attachacr")), "prod", ["youruniquename", "secondreg"], image=SECOND).live()


@scenario
def attach_creates_a_cluster():
    world.world(clusters=[], delays={"lro": 2})
    path = entry(rendered("attach-create-role"))
    image = "contosoprod.azurecr.io/web/shop:2.4.1"
    Attach(path, "fresh", ["contosoprod", "youruniquename"], image=image).live()


@scenario
def account_with_a_token():
    folder = rendered("sa-merge-token")
    must("pull secret: apply", script(entry(folder, "pull-secret-prod.sh"), "--apply").code == 0)
    life = Account(entry(folder, "service-account-prod.sh"), ["default", "web"])
    life.apply()
    check("a plain pod of the account pulls", "Pulled" in scripts.pulled("web", "plain"))
    check("verify: exit 0", script(life.path, "--verify").code == 0)
    # The kit counted the node's warning about `of-another-team` as a failure of ours.
    check("verify --in-cluster: exit 0", script(life.path, "--verify", "--in-cluster").code == 0)
    life.undo()


@scenario
def delivery_by_manifest():
    """`delivery: manifest`, from the environment and from a docker config: rendered, applied with -k, pulled with."""
    password = "p4ss/w0rd+<&>$x"
    world.edit(lambda found: world.find_registry("youruniquename").update(admin=True, adminPasswords=[password, "x"]))
    ways = {
        "environment": "{type: env, usernameFrom: ACR_USERNAME, passwordFrom: ACR_PASSWORD}",
        "file": "{type: file, path: config.json}",
    }
    for way, credential in ways.items():
        deliver(way, credential, password)
        cluster().clean()


MANIFEST = """apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {name: m}
spec:
  registries: [{name: youruniquename}]
  access:
    - name: sample
      strategy: serviceAccount
      registries: [youruniquename]
      namespaces: [default, web]
      secret: {name: acr-secret, delivery: manifest, credential: CREDENTIAL}
      serviceAccount: {name: puller, mode: create}
      workloads:
        - {kind: Pod, name: pod, containers: [{name: app, image: "youruniquename.azurecr.io/sample-container:0.0.1"}]}
"""


def deliver(way, credential, password):
    folder = scripts.HERE.lane.tmp / "manifest" / way
    folder.mkdir(parents=True)
    auths = {"youruniquename.azurecr.io": basic(password), "other.example.com": {"auth": "eDp5"}}
    (folder / "config.json").write_text(json.dumps({"auths": auths}))
    (folder / "pullwright.yaml").write_text(MANIFEST.replace("CREDENTIAL", credential))
    done = render(folder / "pullwright.yaml", ACR_USERNAME="youruniquename", ACR_PASSWORD=password)
    shown = done.stdout + done.stderr
    must(f"{way}: renders, shows no password", done.returncode in (0, 1) and password not in shown, shown)
    applied = scripts.kubectl("apply", "--server-side", "-k", folder / "k8s")
    must(f"{way}: kubectl apply: exit 0", applied.returncode == 0, applied.stderr)
    for namespace in ("default", "web"):
        found = cluster().secret(namespace)
        check(f"{way}, {namespace}: this registry alone", list(found.auths) == ["youruniquename.azurecr.io"])
        both = scripts.oracle(found.raw, IMAGE)[IMAGE] and skopeo(found.raw, IMAGE)
        check(f"{way}, {namespace}: the kubelet's matching finds it and skopeo pulls", both)
        check(f"{way}, {namespace}: a pod of the account pulls", "Pulled" in scripts.pulled(namespace, "pod"))


def basic(password):
    return {"auth": base64.b64encode(f"youruniquename:{password}".encode()).decode()}
