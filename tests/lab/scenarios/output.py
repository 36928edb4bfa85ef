"""What runs show and leave: warnings of az, odd passwords, traces, JSON lines, strace, other shells."""

import base64
import json
import pathlib
import re

from fake import state
from kit import scripts, world
from kit.checks import Skip, check, must, scenario
from kit.entries import IMAGE, admin, attach, fails, principal, remove_secret, token
from kit.lives import PullSecret, idle, safe
from kit.rendered import CONFIGS, entry, rendered
from kit.scripts import HERE, call, cluster, script, skopeo

NOISY = """#!/bin/bash
set -o pipefail
echo "WARNING: This command group is in preview. password=zzz" >&2
"AZ" "$@" | sed 's/$/\\r/'
"""


@scenario
def az_that_warns():
    """az that warns on stderr, and ends its lines as on Windows."""
    folder = HERE.lane.tmp / "noisy"
    folder.mkdir(exist_ok=True)
    (folder / "az").write_text(NOISY.replace("AZ", str(HERE.lane.bin / "az")))
    (folder / "az").chmod(0o755)
    env = {"PATH": f"{folder}:{HERE.lane.environment()['PATH']}"}
    for name, path in (("token", token()), ("service principal", principal()), ("attach", attach())):
        world.world()
        remove_secret()
        check(f"{name}: apply", script(path, "--apply", env=env).code == 0)
        check(f"{name}: again, nothing to do", idle(script(path, "--apply", env=env)))
        if name != "attach":
            found = cluster().secret("default")
            check(f"{name}: no CR in the Secret, and it pulls", "\\r" not in found.raw and skopeo(found.raw, IMAGE))
            check(f"{name}: rotate", script(path, "--apply", "--rotate", env=env).code == 0)
        check(f"{name}: undo", script(path, "--undo", "--apply", env=env).code == 0)


@scenario
def odd_passwords():
    for prefix in ('a"b\\c', "$(id)`x`'%s", "é <&>", "-x "):
        world.world(secretPrefix=prefix)
        remove_secret()
        check(f"{prefix!r}: apply", script(principal(), "--apply").code == 0)
        found = cluster().secret("default")
        whole = found and found.password("youruniquename.azurecr.io").startswith(prefix)
        check(f"{prefix!r}: whole, and it pulls", whole and skopeo(found.raw, IMAGE), found and found.raw)
        run = script(principal(), "--verify")
        check(f"{prefix!r}: verify", run.code == 0)
        safe(prefix, run)


@scenario
def traced_by_bash():
    """`bash -x`, and xtrace by the environment, as CI systems set it."""
    for name, path in (("token", token()), ("service principal", principal()), ("admin", admin())):
        for bash, env in ((["bash", "-x"], {}), (["bash"], {"SHELLOPTS": "xtrace"})):
            world.world()
            remove_secret()
            run = script(path, "--apply", bash=bash, env=env)
            check(f"{name} {bash} {env}: exit 0", run.code == 0)
            safe(f"{name} {bash} {env}", run)


@scenario
def traced_by_strace():
    """No secret in the arguments or the environment of any program, and none in a file that was written."""
    for name, path in (("token", token()), ("service principal", principal()), ("admin", admin())):
        world.world()
        remove_secret()
        for arguments in (["--apply"], ["--apply", "--rotate"], ["--verify"]):
            strace(f"{name} {' '.join(arguments)}", path, arguments)


def strace(what, path, arguments):
    trace = HERE.lane.tmp / "trace"
    trace.unlink(missing_ok=True)
    options = ("-f", "-v", "-s", "200000", "-e", "trace=execve,openat,creat,open", "-o", trace)
    # az in a process of its own: a fork of the lab's server is no child of the script.
    env = {"LAB_PLAIN_AZ": "1"} if arguments == ["--apply"] else None
    done = call("strace", *options, "bash", path, *arguments, env=env)
    text = trace.read_text(errors="replace")
    values = scripts.secrets()
    forms = values | {base64.b64encode(one.encode()).decode() for one in values}
    started = [line for line in text.splitlines() if "execve(" in line]
    bad = [line[:150] for line in started if any(form in line for form in forms)]
    check(f"{what}: exit 0", done.returncode == 0, done.stderr)
    check(f"{what}: {len(started)} programs, no secret in arguments or environment", started and not bad, bad)
    written = set(re.findall(r'openat?\([^"]*"([^"]+)", [^)]*O_(?:WRONLY|RDWR)', text)) - {"/dev/null", "/dev/tty"}
    holds = []
    for name in written:
        file = pathlib.Path(name)
        if file.is_file() and any(value.encode() in file.read_bytes() for value in values):
            holds.append(name)
    check(f"{what}: none of the files that were written holds one", not holds, holds)


def lines_of(run):
    """The JSON lines of stdout, or nothing if one is none."""
    try:
        return [json.loads(line) for line in run.out.splitlines()]
    except ValueError:
        return None


@scenario
def json_lines():
    for path in (token(), principal(), attach()):
        name = path.name
        world.world()
        remove_secret()
        for arguments, code in (((), 3), (("--apply",), 0), (("--apply",), 0), (("--verify",), 0), (("--undo",), 3)):
            run = script(path, *arguments, "--json")
            what = f"{name} {' '.join(arguments)} --json"
            found = lines_of(run)
            check(f"{what}: exit {code}", run.code == code)
            good = found and all(isinstance(one, dict) and "type" in one for one in found)
            check(f"{what}: every line of stdout is a JSON object with a type", good, run.out)
            last = found[-1] if found else {}
            check(f"{what}: the last one is the result", last.get("type") == "result", last)
            safe(what, run)
    world.world(registries=[])
    run = script(token(), "--apply", "--json")
    found = lines_of(run)
    said = found and any(one.get("type") == "error" for one in found)
    check("a failure: exit 1, an error line", run.code == 1 and said, run.out)


STANDALONE = "  scripts: {form: standalone}\n"


@scenario
def standalone_form():
    """A standalone script runs alone, from another folder, under another name."""
    text = (CONFIGS / "same-token.yaml").read_text().replace("  access:\n", STANDALONE + "  access:\n")
    folder = rendered("standalone", text)
    check("no runtime beside it", not (folder / "_runtime").exists())
    away = HERE.lane.tmp / "away"
    away.mkdir(exist_ok=True)
    copy = away / "other-name.sh"
    copy.write_text(entry(folder).read_text())
    printed = call(HERE.lane.pullwright, "script", "sample", "--config", CONFIGS / "same-token.yaml")
    must("`pullwright script` prints one", printed.returncode == 0, printed.stderr)
    (away / "printed.sh").write_text(printed.stdout)
    check("which shows its plan alone: exit 3", script(away / "printed.sh").code == 3)
    second = "secondreg.azurecr.io/sample-container:0.0.1"
    PullSecret(copy, ["default"], [IMAGE, second]).live()


@scenario
def old_bash():
    """bash 3.2, as macOS has it; `.ci/install` builds it if it can get the source."""
    bash = HERE.lane.tools / "bash-3.2"
    if not bash.exists():
        raise Skip("there is no bash-3.2 in target/tools/bin: .ci/install could not get its source")
    must("it is 3.2", "version 3.2" in call(bash, "--version").stdout)
    for path in (token(), principal(), attach()):
        world.world()
        remove_secret()
        shell = [str(bash)]
        name = path.name
        check(f"{name}: plan", script(path, bash=shell).code == 3)
        check(f"{name}: apply", script(path, "--apply", bash=shell).code == 0)
        check(f"{name}: again, nothing to do", idle(script(path, "--apply", bash=shell)))
        check(f"{name}: verify", script(path, "--verify", bash=shell).code == 0)
        if path != attach():
            check(f"{name}: rotate", script(path, "--apply", "--rotate", bash=shell).code == 0)
            check(f"{name}: the Secret pulls", world.pulls(cluster().secret("default"), IMAGE))
        check(f"{name}: undo", script(path, "--undo", "--apply", bash=shell).code == 0)
        check(f"{name}: undo again", idle(script(path, "--undo", "--apply", bash=shell)))


@scenario
def runtime_of_another_version():
    """An entry script that asks for another version of the runtime is refused, with what to do."""
    folder = rendered("other-runtime", (CONFIGS / "same-token.yaml").read_text())
    path = entry(folder)
    text = path.read_text()
    must("the entry asks for a version", "--runtime 1" in text, text)
    path.write_text(text.replace("--runtime 1", "--runtime 999"))
    fails("another version", path, "--apply", words=["render"])
    check("nothing was asked", not state.requests())
    (folder / "_runtime/pullwright.sh").unlink()
    run = script(path)
    check("without the runtime: exit 1", run.code == 1)
