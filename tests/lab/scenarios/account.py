"""The wrong account, tenant, subscription or cloud, and names that do not exist."""

from fake import state
from kit import envs, scripts, world
from kit.checks import check, scenario
from kit.entries import attach, fails, token
from kit.lives import PullSecret, example_script
from kit.rendered import entry, rendered
from kit.scripts import HERE, cluster, script
from kit.world import FAR, registry

IMAGE = "youruniquename.azurecr.io/sample-container:0.0.1"


@scenario
def plain_az():
    """One life by az as its users start it, so that no result depends on the lab's faster way."""
    # Without the socket, the faster way cannot work.
    PullSecret(token(), ["default"], [IMAGE], env={"LAB_PLAIN_AZ": "1", "LAB_AZ_SOCKET": "/nowhere"}).live()


@scenario
def not_signed_in():
    env = envs.empty_azure()
    for name, path in (("token", token()), ("attach", attach())):
        fails(name, path, "--apply", env=env, words=["az login"])
        fails(name + ", plan", path, env=env, words=["az login"])


@scenario
def session_ended():
    """`az account show` still answers from its file, and no call works."""
    env = envs.own_azure("ended")
    scripts.login(env)
    world.edit(lambda found: found["caller"].update(secret="changed"))
    (HERE.lane.home / "azure-ended/msal_token_cache.json").unlink(missing_ok=True)
    fails("token", token(), "--apply", env=env, words=["az login"])


@scenario
def other_tenant():
    other = "88888888-8888-7777-6666-555555555555"
    env = envs.own_azure("tenant")
    world.merge(tenant=other)
    scripts.login(env, tenant=other)
    fails("attach", example_script("fleet", "attach-prod-weu.sh"), "--apply", env=env, words=["az login --tenant"])


@scenario
def other_subscription():
    env = envs.own_azure("one")
    world.edit(lambda found: found["subscriptions"].pop(FAR))
    scripts.login(env)
    path = entry(rendered("cross-subscription"))
    fails("a subscription without access", path, "--apply", env=env, words=["subscription"])
    world.world(registries=[registry("youruniquename", sub=FAR, rg="rg-far")])
    fails("a registry in another subscription", token(), "--apply", words=["youruniquename", "subscription"])


@scenario
def names_that_do_not_exist():
    """A failed question is exit 1, never 3 with a plan; nothing is made."""
    for arguments in ((), ("--apply",), ("--undo",)):
        world.world(registries=[])
        fails(f"registry by name {arguments}", token(), *arguments, words=["youruniquename"])
        path = entry(rendered("sp-appid"))
        world.add_principal()
        fails(f"registry by resource group {arguments}", path, *arguments, words=["youruniquename"])
        check("nothing was minted", not world.minted(), world.minted())
    for arguments in ((), ("--apply",)):
        world.world(clusters=[])
        fails(f"cluster {arguments}", attach(), *arguments, words=["prod"])
        check("no role was assigned", not state.snapshot()["assignments"])
    world.world(clusters=[])
    world.edit(lambda found: [one["groups"].pop("rg-prod", None) for one in found["subscriptions"].values()])
    fails("resource group of a new cluster", example_script("attach-create"), words=["group"])
    world.world(registries=[registry("youruniquename", server="youruniquename-a1b2c3d4.azurecr.io")])
    wanted = ["loginServer", "youruniquename-a1b2c3d4.azurecr.io"]
    fails("another login server", token(), "--apply", words=wanted)


@scenario
def registry_mode_before_a_cluster_is_created():
    """A registry in another mode than the config says is found before a cluster is created for it."""
    world.world(clusters=[], registries=[registry("contosoprod"), registry("youruniquename")])
    path = entry(rendered("attach-create-role"))
    fails("plan", path, words=["contosoprod"])
    fails("apply", path, "--apply", words=["contosoprod"])
    check("no cluster was created for nothing", not state.snapshot()["clusters"])


@scenario
def verify_needs_no_azure():
    """`--verify` of a pull secret asks the registry and the cluster alone."""
    check("apply: exit 0", script(token(), "--apply").code == 0)
    for arguments in (("--verify",), ("--verify", "--in-cluster")):
        run = script(token(), *arguments, env=envs.empty_azure())
        check(f"{arguments} without az login: exit 0", run.code == 0 and not run.called("az"))
        run = script(token(), *arguments, env=envs.path_without("az"))
        check(f"{arguments} without az on PATH: exit 0", run.code == 0)
    check("the Secret is as it was", world.pulls(cluster().secret("default"), IMAGE))


@scenario
def programs_missing():
    for program in ("az", "kubectl", "jq", "curl"):
        fails(
            f"without {program}", token(), "--apply", env=envs.path_without(program), words=[program, "not installed"]
        )
    check("nothing was minted", not world.minted())
