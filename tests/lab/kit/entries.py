"""The scripts that most error scenarios run, and what they have in common."""

from kit.checks import check
from kit.lives import example_script, safe
from kit.rendered import entry, rendered
from kit.scripts import cluster, script

IMAGE = "youruniquename.azurecr.io/sample-container:0.0.1"


def token():
    return example_script("secret")


def principal():
    return example_script("service-account")


def admin():
    return entry(rendered("admin"))


def attach():
    return entry(rendered("attach-rbac"))


def attach_acr():
    return entry(rendered("attach-attachacr"))


def account():
    return example_script("service-account-default", "service-account-prod.sh")


def fails(what, path, *arguments, words=(), never=(), **options):
    """Runs a script that must end with 1, say one of the words of each group, and show no secret."""
    run = script(path, *arguments, **options)
    check(f"{what}: exit 1", run.code == 1)
    text = run.text.lower()
    for group in words:
        wanted = (group,) if isinstance(group, str) else group
        check(f"{what}: names {' or '.join(wanted)}", any(word.lower() in text for word in wanted))
    for word in never:
        check(f"{what}: does not say {word!r}", word.lower() not in text)
    check(f"{what}: no stack trace", "Traceback" not in run.text)
    safe(what, run)
    return run


def no_secret(what):
    found = cluster().secret("default")
    check(f"{what}: no Secret was written", not found, found and found.raw)


def remove_secret():
    cluster().delete("/api/v1/namespaces/default/secrets/acr-secret")
