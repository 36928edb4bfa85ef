"""A small client of the kube-apiservers, for what scenarios set up and look at; scripts use the real kubectl."""

import base64
import contextlib
import http.client
import json
import ssl
import threading

from kit.services import TOKENS, port

CONTEXT = ssl._create_unverified_context()
NAMESPACES = ("default", "web", "shop", "shop-jobs", "china", "monitoring")
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
# Group and version, and the kinds in it that a scenario may leave behind.
KINDS = {
    "/api/v1": ("secrets", "pods", "serviceaccounts", "events", "resourcequotas"),
    "/apis/apps/v1": ("deployments", "statefulsets", "daemonsets"),
    "/apis/batch/v1": ("jobs",),
    "/apis/batch/v1beta1": ("cronjobs",),
    "/apis/rbac.authorization.k8s.io/v1": ("roles", "rolebindings"),
}


class Missing(Exception):
    """The API server has no such object."""


class Refused(Exception):
    """The API server refused a request."""


class Exists(Refused):
    """The API server has an object of that name."""


class Cluster:
    """One API server; each thread has a connection of its own."""

    def __init__(self, number):
        self.number = number
        self.local = threading.local()

    def request(self, method, path, body=None, kind="application/json"):
        headers = {"Authorization": "Bearer " + TOKENS["admin"], "Content-Type": kind}
        data = None if body is None else json.dumps(body)
        for attempt in (1, 2):
            connection = getattr(self.local, "connection", None)
            if connection is None:
                connection = http.client.HTTPSConnection("127.0.0.1", port(self.number), context=CONTEXT, timeout=20)
                self.local.connection = connection
            try:
                connection.request(method, path, body=data, headers=headers)
                response = connection.getresponse()
                answer = response.read()
                break
            except (OSError, http.client.HTTPException):
                self.local.connection = None
                if attempt == 2:
                    raise
        if response.status == 404:
            raise Missing(path)
        if response.status == 409 and b'"AlreadyExists"' in answer:
            raise Exists(path)
        if response.status >= 400:
            raise Refused(f"{method} {path}: {response.status} {answer.decode()[:500]}")
        return json.loads(answer) if answer else {}

    def get(self, path):
        """The object, or nothing."""
        try:
            return self.request("GET", path)
        except Missing:
            return None

    def create(self, path, body):
        return self.request("POST", path, body)

    def patch(self, path, body, kind=MERGE):
        return self.request("PATCH", path, body, kind)

    def delete(self, path):
        try:
            return self.request("DELETE", path, {"gracePeriodSeconds": 0})
        except Missing:
            return None

    def clean(self):
        """The namespaces of the scenarios, with nothing in them but an account that others use too."""
        for name in NAMESPACES:
            if not self.get(f"/api/v1/namespaces/{name}"):
                # The API server creates `default` by itself, at about this time.
                with contextlib.suppress(Exists):
                    self.create("/api/v1/namespaces", {"metadata": {"name": name}})
        for group, kinds in KINDS.items():
            for kind in kinds:
                for one in self.get(f"{group}/{kind}")["items"]:
                    namespace, name = one["metadata"]["namespace"], one["metadata"]["name"]
                    if namespace in NAMESPACES:
                        self.delete(f"{group}/namespaces/{namespace}/{kind}/{name}")
        account = {
            "metadata": {"name": "default"},
            "imagePullSecrets": [{"name": "of-another-team"}],
            "secrets": [{"name": "keep-me"}],
        }
        for name in NAMESPACES:
            self.create(f"/api/v1/namespaces/{name}/serviceaccounts", account)

    def account(self, namespace, name="default"):
        return self.get(f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}")

    def pod(self, namespace, name):
        return self.get(f"/api/v1/namespaces/{namespace}/pods/{name}")

    def start_pod(self, namespace, name, image, **spec):
        body = {"metadata": {"name": name}, "spec": {"containers": [{"name": "c", "image": image}], **spec}}
        return self.create(f"/api/v1/namespaces/{namespace}/pods", body)

    def pods(self):
        """The names of all pods."""
        return [one["metadata"]["name"] for one in self.get("/api/v1/pods")["items"]]

    def events(self, namespace, name):
        """Reasons and messages of the events of one object."""
        rows = self.get(f"/api/v1/namespaces/{namespace}/events?fieldSelector=involvedObject.name%3D{name}")["items"]
        return [(row["reason"], row["message"]) for row in rows]

    def put_secret(self, namespace, name, auths, **more):
        """A Secret that something else wrote."""
        value = base64.b64encode(json.dumps({"auths": auths}).encode()).decode()
        meta = {"name": name, **more.pop("metadata", {})}
        body = {"type": "kubernetes.io/dockerconfigjson", "metadata": meta, "data": {".dockerconfigjson": value}}
        return self.create(f"/api/v1/namespaces/{namespace}/secrets", body | more)

    def secret(self, namespace, name="acr-secret"):
        """A pull secret, decoded, or nothing."""
        found = self.get(f"/api/v1/namespaces/{namespace}/secrets/{name}")
        if not found:
            return None
        return PullSecret(found)


class PullSecret:
    """A pull secret as it is stored."""

    def __init__(self, stored):
        self.type = stored["type"]
        self.meta = stored["metadata"]
        self.raw = base64.b64decode(stored["data"][".dockerconfigjson"]).decode()
        self.auths = json.loads(self.raw).get("auths", {})

    @property
    def annotations(self):
        return self.meta.get("annotations", {})

    def password(self, host):
        return self.auths[host]["password"]
