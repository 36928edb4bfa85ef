"""A node for the API servers of a lane.

It takes each new pod, gathers the pull secrets that the pod lists (which the API server's admission may have copied
from its ServiceAccount), lets the kubelet's own code (`keyring-oracle`) choose credentials for each image, tries the
pull against the registry over TLS, and writes the events that a kubelet and containerd write. Nothing runs. A pod of
`az aks check-acr` gets the answer of the kubelet identity that the fake Azure knows.
"""

import base64
import http.server
import json
import re
import ssl
import subprocess
import threading
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request

from fake import data_plane, state
from kit.api import STRATEGIC, Missing, Refused

ACCEPT = (
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json"
)
# What `kubectl logs` answers for the pods of `az aks check-acr`.
LOGS = {}


def basic(credentials):
    return (
        {"Authorization": "Basic " + base64.b64encode(":".join(credentials).encode()).decode()} if credentials else {}
    )


class Kubelet:
    """The node of one cluster."""

    def __init__(self, lane, cluster):
        self.cluster = cluster
        self.oracle = lane.tools / "keyring-oracle"
        self.trust = ssl.create_default_context(cafile=lane.run / "ca.crt")
        self.taken = set()
        self.register()
        threading.Thread(target=self.work, daemon=True).start()

    def register(self):
        labels = {"kubernetes.io/os": "linux", "kubernetes.io/hostname": "lab-node"}
        self.cluster.create("/api/v1/nodes", {"metadata": {"name": "lab-node", "labels": labels}})
        status = {
            "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "conditions": [{"type": "Ready", "status": "True"}],
        }
        self.cluster.patch("/api/v1/nodes/lab-node/status", {"status": status}, STRATEGIC)

    def work(self):
        while True:
            try:
                self.look()
            except (OSError, Missing, Refused):
                pass
            time.sleep(0.15)

    def look(self):
        cordoned = self.cluster.get("/api/v1/nodes/lab-node")["spec"].get("unschedulable")
        for pod in self.cluster.get("/api/v1/pods")["items"]:
            meta = pod["metadata"]
            if "deletionTimestamp" in meta:
                self.cluster.delete(f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}")
            elif not cordoned and "nodeName" not in pod["spec"] and meta["uid"] not in self.taken:
                self.taken.add(meta["uid"])
                threading.Thread(target=self.take, args=(pod,), daemon=True).start()

    def take(self, pod):
        try:
            self.run(pod)
        except (Missing, Refused):
            pass  # The pod was deleted meanwhile.
        except Exception:
            traceback.print_exc()

    def run(self, pod):
        meta, spec = pod["metadata"], pod["spec"]
        base = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"
        target = {"apiVersion": "v1", "kind": "Node", "name": "lab-node"}
        self.cluster.create(base + "/binding", {"metadata": {"name": meta["name"]}, "target": target})
        if "canipull" in spec["containers"][0]["image"]:
            status = self.can_i_pull(pod)
        else:
            status = self.pull_all(pod)
        self.cluster.patch(base + "/status", {"status": status}, STRATEGIC)

    def identity(self, host):
        """The login of the kubelet identity of the AKS cluster that this API server stands for."""
        for one in state.snapshot()["clusters"]:
            if one.get("apiserver") == self.cluster.number and one.get("kubelet"):
                return (data_plane.IDENTITY, "kubelet:" + one["kubelet"])
        return None

    def can_i_pull(self, pod):
        """As aks-canipull does: it only exchanges the identity's token, and asks for no repository."""
        container = pod["spec"]["containers"][0]
        host = container["args"][-1]
        url = f"https://{host}/oauth2/token?service={host}"
        try:
            request = urllib.request.Request(url, headers=basic(self.identity(host)))
            urllib.request.urlopen(request, context=self.trust, timeout=20)
            verdict, code = f"Validating image pull permission: SUCCEEDED\nYour cluster can pull images from {host}!", 0
        except OSError as why:
            verdict, code = f"Validating image pull permission: FAILED\nACR {host} rejected token exchange: {why}", 1
        LOGS[pod["metadata"]["name"]] = f"Checking host name resolution ({host}): SUCCEEDED\n{verdict}\n"
        reason = "Error" if code else "Completed"
        return {
            "phase": "Failed" if code else "Succeeded",
            "containerStatuses": [
                container_status(container, {"terminated": {"exitCode": code, "reason": reason}}, False)
            ],
        }

    def pull_all(self, pod):
        spec = pod["spec"]
        configs = self.configs(pod)
        first = spec.get("initContainers", [])
        statuses = [self.pull(pod, container, configs) for container in first + spec["containers"]]
        waiting = any("waiting" in one["state"] for one in statuses)
        return {
            "phase": "Pending" if waiting else "Running",
            "initContainerStatuses": statuses[: len(first)],
            "containerStatuses": statuses[len(first) :],
        }

    def configs(self, pod):
        found, namespace = [], pod["metadata"]["namespace"]
        for one in pod["spec"].get("imagePullSecrets", []):
            secret = self.cluster.get(f"/api/v1/namespaces/{namespace}/secrets/{one['name']}")
            if secret and ".dockerconfigjson" in secret["data"]:
                found.append(base64.b64decode(secret["data"][".dockerconfigjson"]))
            else:
                text = f"Unable to retrieve some image pull secrets ({one['name']}); attempting to pull the image may "
                self.event(pod, "FailedToRetrieveImagePullSecret", text + "not succeed.", "Warning")
        return found

    def credentials(self, image, configs):
        found = []
        for config in configs:
            out = subprocess.run([self.oracle, image], input=config, capture_output=True).stdout.decode()
            for user, password in re.findall(r'user="((?:[^"\\]|\\.)*)" pass="((?:[^"\\]|\\.)*)"', out):
                found.append((json.loads(f'"{user}"'), json.loads(f'"{password}"')))
        identity = self.identity(image.split("/")[0])
        return found + ([identity] if identity else [])

    def pull(self, pod, container, configs):
        image = container["image"]
        self.event(pod, "Pulling", f'Pulling image "{image}"')
        why = None
        for credentials in self.credentials(image, configs) or [None]:
            why = self.refusal(image, credentials)
            if why is None:
                self.event(pod, "Pulled", f'Successfully pulled image "{image}" in 120ms')
                return container_status(container, {"running": {}}, True)
        text = f'Failed to pull image "{image}": failed to pull and unpack image "{image}": failed to resolve '
        self.event(pod, "Failed", text + f'reference "{image}": {why}', "Warning")
        self.event(pod, "Failed", "Error: ErrImagePull", "Warning")
        return container_status(container, {"waiting": {"reason": "ErrImagePull", "message": why}}, False)

    def refusal(self, image, credentials):
        """Why the registry refuses a pull with these credentials, or nothing."""
        host, rest = image.split("/", 1)
        if "@" in rest:
            repository, _, version = rest.partition("@")
        else:
            repository, _, version = rest.partition(":")
        query = urllib.parse.urlencode({"scope": f"repository:{repository}:pull", "service": host})
        url = f"https://{host}/oauth2/token?{query}"
        try:
            request = urllib.request.Request(url, headers=basic(credentials))
            answer = urllib.request.urlopen(request, context=self.trust, timeout=20)
            headers = {"Authorization": "Bearer " + json.load(answer)["access_token"], "Accept": ACCEPT}
            manifest = f"https://{host}/v2/{repository}/manifests/{version or 'latest'}"
            request = urllib.request.Request(manifest, method="HEAD", headers=headers)
            urllib.request.urlopen(request, context=self.trust, timeout=20)
            return None
        except urllib.error.HTTPError as why:
            if "/oauth2/token" in why.url:
                kind = "oauth" if credentials else "anonymous"
                text = f"failed to authorize: failed to fetch {kind} token: unexpected status from GET request to "
                return text + f"{url}: {why.code} {why.reason}"
            if why.code == 404:
                return f"{image}: not found"
            return f"pulling from host {host} failed with status code [manifests {version}]: {why.code} {why.reason}"
        except OSError as why:
            return repr(why)

    def event(self, pod, reason, message, kind="Normal"):
        meta = pod["metadata"]
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        involved = {"kind": "Pod", "apiVersion": "v1", "name": meta["name"], "namespace": meta["namespace"]}
        body = {
            "metadata": {"generateName": meta["name"] + ".", "namespace": meta["namespace"]},
            "involvedObject": involved | {"uid": meta["uid"]},
            "reason": reason,
            "message": message,
            "type": kind,
            "firstTimestamp": moment,
            "lastTimestamp": moment,
            "count": 1,
            "source": {"component": "kubelet"},
        }
        self.cluster.create(f"/api/v1/namespaces/{meta['namespace']}/events", body)


def container_status(container, condition, ready):
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": "x",
        "ready": ready,
        "restartCount": 0,
        "state": condition,
    }


class Logs(http.server.BaseHTTPRequestHandler):
    """A kubelet's own port: logs of pods."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        parts = self.path.split("?")[0].split("/")
        data = LOGS.get(parts[3], "").encode() if len(parts) > 3 else b""
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def serve_logs(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 10250), Logs)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.crt", folder / "server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
