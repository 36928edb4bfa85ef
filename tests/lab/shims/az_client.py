"""A call of az: hands its streams, folder, arguments and environment to az_server.py and ends as the call ends."""

import json
import os
import signal
import socket
import sys

FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
call = json.dumps(
    {
        "arguments": sys.argv[1:],
        "environment": dict(os.environ),
        "ignoresInterrupt": signal.getsignal(signal.SIGINT) == signal.SIG_IGN,
    }
).encode()
connection = socket.socket(socket.AF_UNIX)
connection.connect(os.environ["LAB_AZ_SOCKET"])
here = os.open(".", os.O_RDONLY)
socket.send_fds(connection, [len(call).to_bytes(8, "big")], [0, 1, 2, here])
connection.sendall(call)
pid = int.from_bytes(connection.recv(8, socket.MSG_WAITALL), "big")


def forward(number, _):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


for one in FORWARDED:
    if signal.getsignal(one) != signal.SIG_IGN:
        signal.signal(one, forward)
signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
# The call holds the streams now; a reader of the output must not wait for this process.
for descriptor in (0, 1):
    os.close(descriptor)
answer = b""
while len(answer) < 8:
    part = connection.recv(8 - len(answer))
    if not part:
        sys.exit("the az server of the lab is gone")
    answer += part
code = int.from_bytes(answer, "big", signed=True)
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
os._exit(code)
