"""The scripts of the project's examples through their whole life."""

from kit import scripts, world
from kit.checks import check, must, scenario
from kit.lives import Account, Attach, PullSecret, example_script
from kit.rendered import example
from kit.scripts import cluster, kubectl, script
from kit.world import ABAC, FAR, KUBELET, aks, registry

IMAGE = "youruniquename.azurecr.io/sample-container:0.0.1"


@scenario
def example_secret():
    PullSecret(example_script("secret"), ["default"], [IMAGE]).live()


@scenario
def example_outside_azure():
    host = "youruniquename-e7ggejfuhzhgedc8.azurecr.io"
    world.world(registries=[registry("youruniquename", server=host)])
    path = example_script("outside-azure")
    PullSecret(path, ["default"], [host + "/sample-container:0.0.1"], context="kind-edge").live()


@scenario
def example_service_account():
    def undone(_, after):
        kept = len(after["apps"]) == 1 and len(after["assignments"]) == 1
        check("the app registration and its role stay", kept, [after["apps"], after["assignments"]])

    PullSecret(example_script("service-account"), ["default"], [IMAGE]).live(undone)


@scenario
def example_service_account_end_to_end():
    must("apply: exit 0", script(example_script("service-account"), "--apply").code == 0)
    applied = kubectl("apply", "--server-side", "-k", example("service-account"))
    must("kubectl apply: exit 0", applied.returncode == 0, applied.stderr)
    spec = cluster().pod("default", "sample-pod")["spec"]
    named = spec["serviceAccountName"] == "sample-account" and spec.get("imagePullSecrets") == [{"name": "acr-secret"}]
    check("the pod runs as the account and gets its pull secret by admission", named, spec)
    check("a node pulls its image", "Pulled" in scripts.pulled("default", "sample-pod"))


@scenario
def example_service_account_default():
    life = Account(example_script("service-account-default", "service-account-prod.sh"), ["default", "web"])
    life.apply()
    run = script(life.path, "--verify")
    check("verify without the Secret: exit 1", run.code == 1 and "acr-secret" in run.text)
    # A Secret that something else filled.
    world.edit(lambda found: world.find_registry("youruniquename").update(admin=True, adminPasswords=["adm-pass", "x"]))
    entry = {"username": "youruniquename", "password": "adm-pass"}
    for namespace in life.namespaces:
        cluster().put_secret(namespace, "acr-secret", {"youruniquename.azurecr.io": entry})
    check("verify: exit 0", script(life.path, "--verify").code == 0)
    # The account lists a Secret of another team that does not exist; the node's warning about it is no failure.
    check("verify --in-cluster: exit 0", script(life.path, "--verify", "--in-cluster").code == 0)
    life.undo()


@scenario
def example_attach():
    world.world(registries=[registry("youruniquename", ABAC)], clusters=[aks("prod", "rg-prod", KUBELET, 1, sub=FAR)])
    outside = "youruniquename.azurecr.io/web/shop:2.4.1"
    Attach(example_script("attach"), "prod", ["youruniquename"], image=IMAGE, outside=outside).live()


@scenario
def example_attach_create():
    world.world(clusters=[])
    Attach(example_script("attach-create"), "prod", ["youruniquename"], image=IMAGE).live()


def fleet_platform(name):
    world.merge(kubeconfig=world.kubeconfig(16444))

    def stand_for(found):
        for one in found["clusters"]:
            one["apiserver"] = 2 if one["name"] == name else 0

    world.edit(stand_for)
    path = example_script("fleet", f"attach-{name}.sh")
    image = "contosoprod.azurecr.io/web/shop:2.4.1"
    Attach(path, name, ["contosoprod", "contosotools"], context="second", image=image).live()


@scenario
def example_fleet_platform_weu():
    fleet_platform("prod-weu")


@scenario
def example_fleet_platform_neu():
    fleet_platform("prod-neu")


@scenario
def example_fleet_web():
    world.add_principal(passwords=[world.foreign_password()])

    def undone(_, after):
        kept = [one["displayName"] for one in after["sps"][0]["passwords"]]
        check("the other password of the service principal stays", kept == ["of another team"], kept)

    images = [
        "contosoprod.azurecr.io/web/shop:2.4.1",
        "contosotools-a1b2c3d4e5f6a7b8.azurecr.io/tools/migrate:1.0.0",
    ]
    path = example_script("fleet", "pull-secret-factory.sh")
    namespaces = ["shop", "shop-jobs"]
    PullSecret(path, namespaces, images, context="factory-admin", secret="contoso-pull").live(undone)


@scenario
def example_fleet_china():
    path = example_script("fleet", "service-account-factory.sh")
    life = Account(path, ["china"], context="factory-admin", secret="china-pull")
    life.apply()
    life.undo()
