"""Runs of generated scripts by real programs, with what each child was called with, and the search for leaks."""

import base64
import contextlib
import dataclasses
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from fake import state
from kit import checks
from kit.services import CONTEXTS


@dataclasses.dataclass
class Globals:
    """The lane that the scenarios run in; `lane.py` sets it."""

    lane: object = None
    clusters: dict = dataclasses.field(default_factory=dict)
    # Starts a cluster that no scenario of this lane has used yet.
    start_cluster: object = None


HERE = Globals()


def cluster(context="prod"):
    """The API server behind a context."""
    number = CONTEXTS[context]
    if number not in HERE.clusters:
        HERE.start_cluster(number)
    return HERE.clusters[number]


def call(*command, input=None, env=None, timeout=300, cwd="/"):
    """Runs a program to its end."""
    return subprocess.run(
        [str(part) for part in command],
        input=input,
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, **(env or {})},
        cwd=cwd,
    )


def kubectl(*arguments, context="prod", input=None):
    return call("kubectl", "--context", context, *arguments, input=input)


def login(env=None, cloud=None, tenant="99999999-8888-7777-6666-555555555555"):
    """`az login` of the lab's caller."""
    if cloud:
        call("az", "cloud", "set", "--name", cloud, env=env)
    who = ("-u", "c0ffee00-0000-4000-8000-000000000001", "-p", "login-secret", "--tenant", tenant)
    done = call("az", "login", "--service-principal", *who, "-o", "none", env=env)
    if done.returncode:
        raise RuntimeError("az login: " + done.stderr)


@dataclasses.dataclass
class Run:
    """How a script ended."""

    code: int
    out: str
    err: str
    # The arguments of each az, kubectl, curl, jq, tr and sleep.
    calls: list

    @property
    def text(self):
        return self.out + self.err

    def called(self, *words):
        """The calls whose arguments begin with these words."""
        return [one for one in self.calls if tuple(one[: len(words)]) == words]


def script(path, *arguments, env=None, interrupt=None, bash=None, cwd="/", timeout=300, signals=signal.SIGINT):
    """Runs a script. `interrupt` is asked again and again; when it says yes, the whole process group gets Ctrl-C."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="calls-"))
    environment = {**os.environ, "LAB_CALLS": str(folder), **(env or {})}
    process = subprocess.Popen(
        [*(bash or ["bash"]), str(path), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=environment,
        cwd=cwd,
        start_new_session=True,
    )
    if interrupt:
        threading.Thread(target=press, args=(process, interrupt, signals), daemon=True).start()
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        err += f"\n[lab: the script ran for more than {timeout} s]"
    calls = [file.read_text(errors="replace").split("\0")[:-1] for file in sorted(folder.iterdir())]
    shutil.rmtree(folder)
    command = " ".join([shorten(path), *arguments])
    checks.RESULTS.last_run = f"$ {command}  (exit {process.returncode})\n{out[-3000:]}{err[-6000:]}"
    return Run(process.returncode, out, err, calls)


def press(process, wanted, number):
    """Ctrl-C, as a terminal sends it, once."""
    while process.poll() is None:
        if wanted():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            return
        time.sleep(0.01)


def shorten(path):
    return "/".join(pathlib.Path(path).parts[-3:])


def secrets():
    """Every secret that exists in the world."""
    found = state.snapshot()
    values = set(found["issued"])
    for one in found["registries"]:
        values |= {password["value"] for token in one["tokens"].values() for password in token["passwords"].values()}
        values |= set(one.get("adminPasswords", []))
    for one in found["sps"] + found["apps"]:
        values |= {password["secret"] for password in one["passwords"]}
    return {value for value in values if len(value) > 5}


def leaks(run):
    """Where a run shows a secret: in its output, or in the arguments of a program that it started."""
    found = set()
    for value in secrets():
        forms = {value, base64.b64encode(value.encode()).decode(), json.dumps(value)[1:-1]}
        for form in forms:
            if form in run.text:
                found.add("output")
            found |= {"arguments of " + one[0] for one in run.calls if any(form in word for word in one)}
    # A whole docker config in base64 begins like this.
    begin = base64.b64encode(b'{"auths"').decode()[:10]
    if begin in run.text:
        found.add("docker config in the output")
    found |= {"docker config in arguments of " + one[0] for one in run.calls if any(begin in word for word in one)}
    return sorted(found)


def oracle(raw, *images):
    """Whether the kubelet's own code finds credentials for each image in a docker config."""
    out = call(HERE.lane.tools / "keyring-oracle", *images, input=raw).stdout
    return {line.split(" ")[0]: "found=true" in line for line in out.splitlines()}


def skopeo(raw, image):
    """Whether skopeo can pull an image with a docker config."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(raw)
        file.flush()
        return call("skopeo", "inspect", "--authfile", file.name, "docker://" + image).returncode == 0


def wait_for(test, seconds=15):
    """Waits until something holds, and says whether it does."""
    end = time.time() + seconds
    while time.time() < end:
        if test():
            return True
        time.sleep(0.1)
    return False


def pulled(namespace, pod, context="prod"):
    """The events of a pod as soon as its pull has succeeded or failed."""
    api = cluster(context)
    reasons = lambda: {reason for reason, _ in api.events(namespace, pod)}  # noqa: E731
    wait_for(lambda: reasons() & {"Pulled", "Failed"})
    return reasons()
