"""One lane of the lab: process 1 of namespaces of its own, which brings a world up and runs scenarios in it.

usage: lane.py --list
       lane.py PULLWRIGHT TOOLS SCRATCH      (inside `unshare --mount --net --pid`)
Reads names of scenarios from stdin, one a line, and writes one line of JSON for each to stdout. When stdin ends, the
lane ends, and with it every process and file of it: the scratch folder is a file system in memory.
"""

import json
import os
import pathlib
import queue
import signal
import subprocess
import sys
import threading
import time

import scenarios  # noqa: F401  (registers all)
from fake import server
from kit import api, checks, images, kubelet, scripts, world
from kit.services import Lane


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(checks.SCENARIOS))
        return
    pullwright, tools, scratch = (pathlib.Path(one) for one in sys.argv[1:])
    # Only the results go to stdout.
    results = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    begin = time.time()
    names = read_names()
    subprocess.run(["mount", "-t", "tmpfs", "lab", scratch], check=True)
    lane = Lane(scratch, tools, pullwright)
    lane.prepare()
    world.world()
    server.start(lane.run)
    lane.begin()
    kubelet.serve_logs(lane.run)

    def start_cluster(number):
        lane.cluster(number)
        found = scripts.HERE.clusters[number] = api.Cluster(number)
        found.clean()
        kubelet.Kubelet(lane, found)

    scripts.HERE.lane, scripts.HERE.start_cluster = lane, start_cluster
    start_cluster(1)
    images.seed()
    scripts.login()
    report(results, {"ready": round(time.time() - begin, 1)})
    while True:
        name = names.get()
        begin = time.time()
        world.world()
        for one in scripts.HERE.clusters.values():
            one.clean()
        found = checks.run(name)
        report(
            results,
            {
                "scenario": name,
                "seconds": round(time.time() - begin, 1),
                "checks": found.checks,
                "failures": found.failures,
                "skipped": found.skipped,
            },
        )


def report(results, line):
    results.write(json.dumps(line) + "\n")
    results.flush()


def read_names():
    """The names that arrive; the end of stdin ends this process at once, and so the lane."""
    names = queue.Queue()

    def read():
        for line in sys.stdin:
            names.put(line.strip())
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: os._exit(1))
    return names


if __name__ == "__main__":
    main()
