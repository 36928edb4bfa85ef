"""The registries' own side: who may pull what, the token service, and /v2 handed on to a real docker-registry."""

import base64
import http.client
import json
import re
import urllib.parse
import uuid

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from . import entra, roles, state
from .registries import resource_id
from .state import STATE

REFUSED = {
    "errors": [
        {
            "code": "UNAUTHORIZED",
            "message": "authentication required, visit https://aka.ms/acr/authorization for more information.",
            "detail": None,
        }
    ]
}
# A login with this name stands for a kubelet that has exchanged the token of its managed identity.
IDENTITY = "00000000-0000-0000-0000-000000000000"


class Signer:
    """Signs tokens as the real registry asks for it."""

    def __init__(self, certificate, key):
        lines = certificate.read_text().splitlines()
        self.certificate = "".join(line for line in lines if "-----" not in line)
        self.key = serialization.load_pem_private_key(key.read_bytes(), None)

    def token(self, claims):
        head = {"typ": "JWT", "alg": "RS256", "x5c": [self.certificate]}
        text = ".".join(entra.base64url(json.dumps(part).encode()) for part in (head, claims))
        return text + "." + entra.base64url(self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))


def condition_allows(condition, repository):
    """A small reader of ABAC conditions: the two comparisons that pulling uses."""
    if not condition:
        return True
    for kind, value in re.findall(r"(StringEqualsIgnoreCase|StringStartsWithIgnoreCase) '([^']*)'", condition):
        if kind == "StringEqualsIgnoreCase" and repository.lower() == value.lower():
            return True
        if kind == "StringStartsWithIgnoreCase" and repository.lower().startswith(value.lower()):
            return True
    return False


def scope_map_allows(actions, repository):
    for action in actions:
        match = re.fullmatch(r"repositories/(.+)/content/read", action)
        if not match:
            continue
        name = match[1]
        if name in (repository, "*") or (name.endswith("/*") and repository.startswith(name[:-1])):
            return True
    return False


def by_role(registry, principal):
    """What the roles of a principal allow, or nothing if it holds none that the registry honours."""
    abac = registry["mode"] == "AbacRepositoryPermissions"
    role = roles.REPOSITORY_READER if abac else roles.ACR_PULL
    held = [
        one
        for one in STATE["assignments"]
        if one["principalId"] == principal
        and one["roleDefinitionId"].endswith(role)
        and roles.contains(one["scope"], resource_id(registry))
        and one.get("effectiveAt", 0) <= state.now()
    ]
    if not held:
        return None
    return lambda repository: any(condition_allows(one.get("condition"), repository) for one in held)


def valid(password, given):
    """Does a stored password accept the given one now?"""
    ends = password.get("expiry") or password.get("endDateTime")
    value = password.get("value") or password.get("secret")
    fresh = not ends or state.seconds(ends) > state.now()
    return value == given and password.get("validAt", 0) <= state.now() and fresh


def login(registry, user, password):
    """A test for repositories, or nothing if the registry does not know this user with this password."""
    token = registry["tokens"].get(user.lower())
    if token and token["name"] == user:
        if token["status"] != "enabled" or not any(valid(one, password) for one in token["passwords"].values()):
            return None
        scope_map = registry["scopeMaps"].get((token["scopeMapId"] or "/").split("/")[-1].lower())
        return lambda repository: bool(scope_map) and scope_map_allows(scope_map["actions"], repository)
    if user == IDENTITY and password.startswith("kubelet:"):
        return by_role(registry, password.removeprefix("kubelet:"))
    if user.lower() == registry["name"].lower() and registry.get("admin"):
        return (lambda repository: True) if password in registry.get("adminPasswords", []) else None
    for sp in STATE["sps"]:
        if sp["appId"].lower() != user.lower():
            continue
        app = next((one for one in STATE["apps"] if one["appId"] == sp["appId"]), {"passwords": []})
        if any(valid(one, password) for one in sp["passwords"] + app["passwords"]):
            return by_role(registry, sp["id"])
    return None


def may_pull(host, user, password, repository):
    """The registry's answer, without a request."""
    with state.LOCK:
        registry = by_host(host)
        allows = registry and login(registry, user, password)
        return bool(allows and allows(repository))


def by_host(host):
    for one in STATE["registries"]:
        if host == one["loginServer"] or host in one.get("alsoAt", []):
            return one
    return None


def answer(request, signer):
    registry = by_host(request.host)
    if not registry:
        return 404, {"errors": [{"code": "NAME_UNKNOWN", "message": "no such registry"}]}
    if request.path == "/oauth2/token" and request.method in ("GET", "POST"):
        return token(request, registry, signer)
    if request.path == "/oauth2/exchange":
        claims = {
            "jti": str(uuid.uuid4()),
            "sub": STATE["caller"]["objectId"],
            "exp": int(state.now()) + 10800,
            "iss": "Azure Container Registry",
            "aud": request.host,
        }
        return 200, {"refresh_token": entra.unsigned_jwt(claims)}
    return hand_on(request)


def token(request, registry, signer):
    form = dict(urllib.parse.parse_qsl(request.text)) if request.method == "POST" else {}
    header = request.headers.get("Authorization", "")
    if header.startswith("Basic "):
        user, _, password = base64.b64decode(header[6:]).decode().partition(":")
    else:
        user, password = form.get("username", ""), form.get("password", "")
    allows = login(registry, user, password) if user else None
    if allows is None:
        service = f'Bearer realm="https://{request.host}/oauth2/token",service="{request.host}"'
        return 401, REFUSED, {"Www-Authenticate": service}
    asked = [one for one in (request.query.get("scope") or form.get("scope") or "").split(" ") if one]
    access = []
    for scope in asked:
        match = re.fullmatch(r"repository:([^:]+):([\w,*/]+)", scope)
        if match and allows(match[1]):
            # Only the admin user may push, which is how the lab fills its registry.
            kept = {"pull", "push"} if user.lower() == registry["name"].lower() else {"pull"}
            actions = [one for one in match[2].split(",") if one in kept]
            access.append({"type": "repository", "name": match[1], "actions": actions})
    if asked and not access and STATE["zeroAccess"] == "401":
        return 401, REFUSED
    moment = int(state.now())
    claims = {
        "iss": "fake-acr",
        "sub": user,
        "aud": "acr",
        "exp": moment + 4500,
        "nbf": moment - 60,
        "iat": moment,
        "jti": str(uuid.uuid4()),
        "access": access,
    }
    return 200, {"access_token": signer.token(claims)}


def hand_on(request):
    connection = http.client.HTTPConnection("127.0.0.1", 5001, timeout=30)
    dropped = ("host", "connection", "transfer-encoding")
    headers = {key: ", ".join(request.headers.get_all(key)) for key in request.headers if key.lower() not in dropped}
    headers |= {"Host": request.host, "X-Forwarded-Proto": "https"}
    connection.request(request.method, request.raw_path, body=request.body, headers=headers)
    response = connection.getresponse()
    payload = response.read()
    out = {}
    for key, value in response.getheaders():
        if key.lower() in ("connection", "transfer-encoding", "content-length"):
            continue
        if key.lower() == "www-authenticate":
            value = re.sub(r'service="[^"]*"', f'service="{request.host}"', value)
            value = re.sub(r'realm="[^"]*"', f'realm="https://{request.host}/oauth2/token"', value)
        out[key] = value
    if request.method == "HEAD":
        out["Content-Length"] = response.getheader("Content-Length", "0")
    return response.status, payload, out
