"""Runs a program with its streams in files; prints CPU seconds, peak MiB and how it ended."""

import os
import resource
import sys

SECONDS, BYTES = 60, 4 << 30
stdin, stdout, stderr, *command = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
pid = os.posix_spawn(
    command[0],
    command,
    os.environ,
    file_actions=[
        (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, stdout, write, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, stderr, write, 0o600),
    ],
)
_, status, usage = os.wait4(pid, 0)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))
