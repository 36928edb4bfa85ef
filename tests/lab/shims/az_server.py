"""The real azure-cli, imported once: each call is a fork of this process with the caller's streams and environment.

usage: az_server.py SOCKET FOLDER
A fork reports which modules it had to import, and they are imported here, so that the next fork has them. Pauses of
az (polling, retries) are as much shorter as all other waiting in the lab.
"""

import array
import gc
import importlib
import json
import os
import pathlib
import runpy
import selectors
import signal
import socket
import sys
import time

# Modules remember this folder, and make it; a fork replaces it by its caller's.
NOWHERE = str(pathlib.Path(sys.argv[2]) / "azure-config")
os.environ["AZURE_CONFIG_DIR"] = NOWHERE
TIME_SCALE = 10
real_sleep = time.sleep
time.sleep = lambda seconds: real_sleep(seconds / TIME_SCALE)

import azure.cli.core  # noqa: E402
import azure.cli.core.commands.arm  # noqa: E402
import azure.cli.core.extension  # noqa: E402
import azure.cli.core.intercept_survey  # noqa: E402
import knack.config  # noqa: E402


def receive(connection):
    """The caller's streams and folder, and its arguments and environment."""
    descriptors = array.array("i")
    size = descriptors.itemsize
    data, ancillary, _, _ = connection.recvmsg(8, socket.CMSG_SPACE(4 * size))
    for level, kind, payload in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(payload[: len(payload) - len(payload) % size])
    length = int.from_bytes(data, "big")
    text = b""
    while len(text) < length:
        text += connection.recv(length - len(text))
    return list(descriptors), json.loads(text)


def use_config_folder(folder):
    """What the modules remember of $AZURE_CONFIG_DIR, for this caller."""
    for name, module in list(sys.modules.items()):
        if not name.startswith("azure.cli.core"):
            continue
        for key, value in list(vars(module).items()):
            if isinstance(value, str) and value.startswith(NOWHERE):
                setattr(module, key, folder + value[len(NOWHERE) :])
    prefix = azure.cli.core._config.ENV_VAR_PREFIX
    azure.cli.core.extension.az_config = knack.config.CLIConfig(config_dir=folder, config_env_var_prefix=prefix)


def become(descriptors, call, learned):
    """Runs one call in this fork and ends it."""
    for target, descriptor in enumerate(descriptors[:3]):
        os.dup2(descriptor, target)
    os.fchdir(descriptors[3])
    for descriptor in descriptors:
        os.close(descriptor)
    ignored = call["ignoresInterrupt"]
    signal.signal(signal.SIGINT, signal.SIG_IGN if ignored else signal.default_int_handler)
    os.environ.clear()
    os.environ.update(call["environment"])
    use_config_folder(os.environ.get("AZURE_CONFIG_DIR") or os.path.expanduser("~/.azure"))
    known = set(sys.modules)
    sys.argv = ["az", *call["arguments"]]
    code = 1
    try:
        runpy.run_module("azure.cli", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else (0 if end.code is None else 1)
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                pass
        (learned / str(os.getpid())).write_text("\n".join(set(sys.modules) - known))
        os._exit(code & 255)


def learn(file):
    """Imports what a fork had to import."""
    if not file.exists():
        return
    for name in sorted(file.read_text().split()):
        if name.split(".")[0] in ("__main__", "__mp_main__", "runpy") or name in sys.modules:
            continue
        try:
            importlib.import_module(name)
        except Exception:  # Then each fork imports it by itself.
            pass
    file.unlink()
    gc.collect()
    gc.freeze()


def serve(path, learned):
    learned.mkdir(parents=True, exist_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ, None)
    while True:
        for key, _ in selector.select():
            if key.data is None:
                accept(listener, selector, learned)
            elif selector.get_map().get(key.fd) is key:
                kind, pid, pidfd, connection = key.data
                if kind == "connection":
                    # Its caller is gone, so the real az would be.
                    selector.unregister(connection)
                    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
                else:
                    finish(selector, pid, pidfd, connection, learned)


def accept(listener, selector, learned):
    connection, _ = listener.accept()
    try:
        descriptors, call = receive(connection)
    except (OSError, ValueError):
        connection.close()
        return
    pid = os.fork()
    if pid == 0:
        listener.close()
        connection.close()
        become(descriptors, call, learned)
    for descriptor in descriptors:
        os.close(descriptor)
    pidfd = os.pidfd_open(pid)
    connection.sendall(pid.to_bytes(8, "big"))
    selector.register(connection, selectors.EVENT_READ, ("connection", pid, pidfd, connection))
    selector.register(pidfd, selectors.EVENT_READ, ("process", pid, pidfd, connection))


def finish(selector, pid, pidfd, connection, learned):
    _, status = os.waitpid(pid, 0)
    selector.unregister(pidfd)
    os.close(pidfd)
    if connection in [key.fileobj for key in selector.get_map().values()]:
        selector.unregister(connection)
    try:
        connection.sendall(os.waitstatus_to_exitcode(status).to_bytes(8, "big", signed=True))
    except OSError:
        pass
    connection.close()
    learn(learned / str(pid))


if __name__ == "__main__":
    serve(sys.argv[1], pathlib.Path(sys.argv[2]))
