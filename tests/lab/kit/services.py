"""What runs in a lane: certificates, a real docker-registry, etcd and kube-apiservers, and programs first on PATH."""

import datetime
import http.client
import json
import os
import pathlib
import ssl
import subprocess
import sys
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from fake import state

HERE = pathlib.Path(__file__).resolve().parent.parent
HOSTS = [
    *(name for cloud in state.CLOUDS.values() for name in cloud.values()),
    "youruniquename.azurecr.io",
    "youruniquename-e7ggejfuhzhgedc8.azurecr.io",
    "contosoprod.azurecr.io",
    "contosoprod.westeurope.geo.azurecr.io",
    "contosotools-a1b2c3d4e5f6a7b8.azurecr.io",
    "contosochina.azurecr.cn",
    "secondreg.azurecr.io",
    "otherregistry.azurecr.io",
]
CONTEXTS = {"prod": 1, "edge": 1, "kind-edge": 1, "factory-admin": 1, "second": 2, "prod-weu": 2, "prod-neu": 2}
TOKENS = {"admin": "tok-admin", "dev": "tok-dev"}


def port(cluster):
    return 16442 + cluster


class Lane:
    """The folders and services of this lane; all of it ends with the lane's namespaces."""

    def __init__(self, folder, tools, pullwright):
        self.folder, self.tools, self.pullwright = folder, tools, pullwright
        self.run = folder / "run"
        self.bin = folder / "bin"
        self.tmp = folder / "tmp"
        self.home = folder / "home"
        self.clusters = set()
        self.logs = {}

    def environment(self):
        """The environment of everything that a scenario starts."""
        return {
            "PATH": f"{self.bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TMPDIR": str(self.tmp),
            "KUBECONFIG": str(self.run / "kubeconfig"),
            "AZURE_CONFIG_DIR": str(self.home / ".azure"),
            "REQUESTS_CA_BUNDLE": str(self.run / "ca.crt"),
            "AZURE_CORE_COLLECT_TELEMETRY": "no",
            "AZURE_CORE_SURVEY_MESSAGE": "no",
            "AZURE_CORE_LOGIN_EXPERIENCE_V2": "no",
            "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
            "OTEL_TRACES_EXPORTER": "none",
            "LAB_AZ_SOCKET": str(self.run / "az.sock"),
        }

    def start(self, name, *command):
        log = open(self.run / f"{name}.log", "wb")
        self.logs[name] = log.name
        null = subprocess.DEVNULL
        subprocess.Popen(
            [str(part) for part in command], stdin=null, stdout=log, stderr=log, env=self.environment(), cwd="/"
        )

    def wait(self, what, test, seconds=120):
        end = time.time() + seconds
        while time.time() < end:
            try:
                if test():
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.1)
        for name, path in self.logs.items():
            tail = pathlib.Path(path).read_text(errors="replace")[-2000:]
            print(f"---- {name}\n{tail}", file=sys.stderr)
        sys.exit(f"lab: {what} did not start within {seconds} s")

    def prepare(self):
        for one in (self.run, self.bin, self.tmp, self.home / ".azure"):
            one.mkdir(parents=True, exist_ok=True)
        certificates(self.run)
        names = "".join(f"127.0.0.1 {name}\n" for name in ("localhost", *HOSTS))
        (self.run / "hosts").write_text(names)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        for source, target in (("hosts", "/etc/hosts"), ("ca.crt", "/etc/ssl/certs/ca-certificates.crt")):
            subprocess.run(["mount", "--bind", self.run / source, target], check=True)
        programs(self)
        kubeconfig(self)

    def begin(self):
        """Starts everything but the second cluster, which few scenarios need."""
        registry = {
            "version": "0.1",
            "log": {"level": "error", "accesslog": {"disabled": True}},
            "storage": {"filesystem": {"rootdirectory": str(self.run / "registry")}, "delete": {"enabled": True}},
            "http": {"addr": "127.0.0.1:5001", "secret": "x"},
            "auth": {
                "token": {
                    "realm": "https://placeholder/oauth2/token",
                    "service": "acr",
                    "issuer": "fake-acr",
                    "rootcertbundle": str(self.run / "token.crt"),
                }
            },
        }
        (self.run / "registry.yml").write_text(json.dumps(registry))
        self.start("registry", "docker-registry", "serve", self.run / "registry.yml")
        client, peer = "http://127.0.0.1:23790", "http://127.0.0.1:23800"
        self.start(
            "etcd",
            *("etcd", "--data-dir", self.run / "etcd", "--unsafe-no-fsync", "--log-level", "error"),
            *("--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer),
            *("--initial-advertise-peer-urls", peer, "--initial-cluster", "default=" + peer),
        )
        self.start("az", sys.executable, HERE / "shims/az_server.py", self.run / "az.sock", self.run / "az-modules")
        self.cluster(1)
        self.wait("az", (self.run / "az.sock").exists)

    def cluster(self, number):
        """Makes sure that this cluster runs."""
        if number in self.clusters:
            return
        self.start(
            f"apiserver{number}",
            *(self.tools / "kube-apiserver", "--etcd-servers", "http://127.0.0.1:23790"),
            *("--etcd-prefix", f"/c{number}", "--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1"),
            *("--secure-port", port(number), "--cert-dir", self.run / f"certs{number}"),
            *("--service-cluster-ip-range", "10.0.0.0/24", "--token-auth-file", self.run / "tokens.csv"),
            *("--authorization-mode", "RBAC", "--service-account-issuer", "https://localhost"),
            *("--service-account-signing-key-file", self.run / "sa.key", "--api-audiences", "api"),
            *("--service-account-key-file", self.run / "sa.key"),
            *("--feature-gates", "BoundServiceAccountTokenVolume=true,RootCAConfigMap=true"),
        )
        self.wait(f"kube-apiserver {number}", lambda: ready(number))
        self.clusters.add(number)


def ready(number):
    context = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection("127.0.0.1", port(number), context=context, timeout=5)
    connection.request("GET", "/readyz", headers={"Authorization": "Bearer " + TOKENS["admin"]})
    return connection.getresponse().status == 200


def write_key(path, key):
    form = serialization.PrivateFormat.TraditionalOpenSSL
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))


def certificate(subject, key, issuer, issuer_key, names, authority):
    moment = datetime.datetime.now(datetime.timezone.utc)
    title = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])  # noqa: E731
    builder = (
        x509.CertificateBuilder()
        .subject_name(title(subject))
        .issuer_name(title(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - datetime.timedelta(days=1))
        .not_valid_after(moment + datetime.timedelta(days=3))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def certificates(folder):
    """A CA that this lane alone trusts, the certificate of every host, and the keys that sign tokens."""
    keys = {name: rsa.generate_private_key(65537, 2048) for name in ("ca", "server", "token", "sa")}
    for name, key in keys.items():
        write_key(folder / f"{name}.key", key)
    authority = certificate("lab CA", keys["ca"], "lab CA", keys["ca"], [], True)
    (folder / "ca.crt").write_bytes(authority)
    server = certificate("lab", keys["server"], "lab CA", keys["ca"], ["localhost", *HOSTS], False)
    (folder / "server.crt").write_bytes(server)
    token = certificate("lab tokens", keys["token"], "lab tokens", keys["token"], [], True)
    (folder / "token.crt").write_bytes(token)
    (folder / "tokens.csv").write_text("tok-admin,admin,admin,system:masters\ntok-dev,dev,dev\n")


def kubeconfig(lane):
    """The contexts of the configs; none is the current one, so that a script that depends on it fails."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {"name": f"c{n}", "cluster": {"server": f"https://127.0.0.1:{port(n)}", "insecure-skip-tls-verify": True}}
            for n in (1, 2)
        ],
        "users": [{"name": name, "user": {"token": token}} for name, token in TOKENS.items()],
        "contexts": [
            {"name": name, "context": {"cluster": f"c{number}", "user": "admin"}} for name, number in CONTEXTS.items()
        ],
    }
    (lane.run / "kubeconfig").write_text(json.dumps(config, indent=1))


RECORD = """#!/bin/sh
# Leaves the arguments of this call in a file, then becomes the program.
[ -z "${LAB_CALLS:-}" ] || printf '%s\\0' NAME "$@" >"$LAB_CALLS/$$.NAME"
"""
# An API server that is not built by a release tells no minor version, without which `az aks check-acr` ends.
KUBECTL = """if [ "$1" = version ]; then
  "REAL" "$@" | sed 's/"minor": ""/"minor": "20"/'
  exit
fi
exec "REAL" "$@"
"""
SLEEP = """case "$1" in
*[!0-9]*) exec "REAL" "$(echo "$1" | awk '{ print $1 / SCALE }')" ;;
*) exec "REAL" "$(($1 / SCALE)).$(($1 % SCALE))" ;;
esac
"""
AZ = """if [ -n "${LAB_PLAIN_AZ:-}" ]; then
  AZ_INSTALLER=PIP exec "PYTHON" -m azure.cli "$@"
fi
exec "PYTHON" -I -S -B "CLIENT" "$@"
"""


def programs(lane):
    """Programs first on PATH: the real ones, recorded; `sleep` is faster, `az` is imported already."""
    texts = {"sleep": SLEEP, "kubectl": KUBECTL, "az": AZ}
    for name in ("az", "kubectl", "kustomize", "curl", "jq", "tr", "sleep"):
        beside = lane.tools / name
        real = beside if beside.exists() else pathlib.Path("/usr/bin") / name
        text = RECORD.replace("NAME", name) + texts.get(name, 'exec "REAL" "$@"\n')
        text = text.replace("REAL", str(real)).replace("SCALE", str(state.TIME_SCALE))
        text = text.replace("PYTHON", sys.executable).replace("CLIENT", str(HERE / "shims/az_client.py"))
        path = lane.bin / name
        path.write_text(text)
        path.chmod(0o755)
    os.environ.update(lane.environment())
