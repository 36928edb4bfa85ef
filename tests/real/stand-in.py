#!/usr/bin/env python3
"""Stands in for az, kubectl and curl, by the name it is called with; for jq and tr until they fail.

Keeps a small world in the JSON file STAND_IN_WORLD: registries, identities, role assignments, a
cluster with Secrets and ServiceAccounts. Each call is appended to STAND_IN_LOG as a JSON line.
A call it does not know fails, so that a script cannot pass by luck. The world can make it hostile:
`answers` by the words of a call, `noise` on stderr, a `failure` of the n-th call of one program.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import time

NAME = os.path.basename(sys.argv[0])
ARGV = sys.argv[1:]
WORLD_FILE = os.environ["STAND_IN_WORLD"]
with open(WORLD_FILE, encoding="utf-8") as file:
    WORLD = json.load(file)


def fail(message, code=1):
    print(message, file=sys.stderr)
    sys.exit(code)


def tick():
    """A time that grows with each change, as Azure prints it."""
    WORLD["clock"] += 1
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + WORLD["clock"])) + ".123456+00:00"


def later(days):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + days * 86400)) + ".000000+00:00"


def secret():
    WORLD["clock"] += 1
    return f"canary-{WORLD['clock']}+/=\"\\~$x"


def option(name, default=None):
    return ARGV[ARGV.index(name) + 1] if name in ARGV else default


def answer(value):
    """az prints JSON or tab-separated values; CR as az.cmd does."""
    if option("--output") == "tsv":
        sys.stdout.write(f"{value}\r\n")
    elif option("--output") == "json":
        sys.stdout.write(json.dumps(value, indent=2).replace("\n", "\r\n") + "\r\n")
    elif option("--output") != "none":
        sys.stdout.write(json.dumps(value) + "\n")


def repositories(flag, found):
    """`--repository NAME ACTION...`, which may stand several times."""
    at = 0
    while flag in ARGV[at:]:
        at = ARGV.index(flag, at) + 1
        name = ARGV[at]
        for action in ARGV[at + 1:]:
            if action.startswith("--"):
                break
            found.append(f"repositories/{name}/{action}")
    return found


def registry():
    name = option("--registry") or option("--name")
    if name not in WORLD["registries"]:
        fail(f"ERROR: The resource with name '{name}' and type 'Microsoft.ContainerRegistry/registries' could not be found in subscription 'a subscription (77777777-0000-1111-2222-333333333333)'.")
    return WORLD["registries"][name]


def identity(app_id):
    return next((one for one in WORLD["principals"] if one["appId"] == app_id), None)


def az():
    words = []
    for word in ARGV:
        if word.startswith("-"):
            break
        words.append(word)
    command = " ".join(words)
    if command in WORLD["answers"]:
        answer(WORLD["answers"][command])
        return
    if not WORLD["signedIn"]:
        fail("Please run 'az login' to setup account.")
    if command == "version":
        answer({"azure-cli": WORLD["azVersion"], "extensions": {}})
    elif command == "account show":
        answer({"tenant": WORLD["tenant"], "cloud": WORLD["cloud"], "name": "a subscription", "id": "77777777-0000-1111-2222-333333333333"})
    elif command == "acr show":
        one = registry()
        answer({"id": one["id"], "server": one["server"], "mode": one["mode"], "admin": one["admin"]})
    elif command == "acr update":
        registry()["admin"] = option("--admin-enabled") == "true"
        answer({})
    elif command == "acr credential show":
        one = registry()
        if not one["admin"]:
            fail("Run 'az acr update -n X --admin-enabled true'")
        answer({"username": option("--name"), "passwords": [{"name": "password", "value": one["adminPassword"]}]})
    elif command == "acr scope-map list":
        answer(list(registry()["scopeMaps"].values()))
    elif command == "acr scope-map create":
        name = option("--name")
        registry()["scopeMaps"][name] = {"name": name, "description": option("--description"), "actions": repositories("--repository", [])}
        answer({})
    elif command == "acr scope-map update":
        one = registry()["scopeMaps"][option("--name")]
        gone = repositories("--remove-repository", [])
        one["actions"] = [action for action in one["actions"] if action not in gone] + repositories("--add-repository", [])
        one["description"] = option("--description", one["description"])
        answer({})
    elif command == "acr scope-map delete":
        del registry()["scopeMaps"][option("--name")]
    elif command == "acr token list":
        answer([{**token, "credentials": {"passwords": [{**one, "value": None} for one in token["credentials"]["passwords"]]}} for token in registry()["tokens"].values()])
    elif command == "acr token create":
        if option("--no-passwords") != "true" or option("--name") in registry()["tokens"]:
            fail("this would mint two passwords that never expire")
        name = option("--name")
        registry()["tokens"][name] = {"name": name, "status": "enabled", "scopeMapId": f"/x/scopeMaps/{option('--scope-map')}", "credentials": {"passwords": []}}
        answer({})
    elif command == "acr token update":
        one = registry()["tokens"][option("--name")]
        one["status"] = option("--status", one["status"])
        one["scopeMapId"] = f"/x/scopeMaps/{option('--scope-map')}" if option("--scope-map") else None
        answer({})
    elif command == "acr token delete":
        del registry()["tokens"][option("--name")]
    elif command == "acr token credential generate":
        slot = "password1" if "--password1" in ARGV else "password2"
        passwords = registry()["tokens"][option("--name")]["credentials"]["passwords"]
        passwords[:] = [one for one in passwords if one["name"] != slot]
        made = {"name": slot, "creationTime": tick(), "expiry": later(int(option("--expiration-in-days"))), "value": secret()}
        passwords.append(made)
        answer({"username": option("--name"), "passwords": [made]})
    elif command == "ad app list":
        name = re.fullmatch(r"displayName eq '(.*)'", option("--filter")).group(1)
        answer([one for one in WORLD["apps"] if one["displayName"] == name])
    elif command == "ad app create":
        WORLD["apps"].append({"appId": "0a0b0c0d-5555-6666-7777-888888888888", "displayName": option("--display-name")})
        answer(WORLD["apps"][-1])
    elif command == "ad sp list":
        app_id = re.fullmatch(r"appId eq '(.*)'", option("--filter")).group(1)
        one = identity(app_id)
        answer([{"id": one["id"], "appId": app_id}] if one else [])
    elif command == "ad sp show":
        answer(identity(option("--id"))["id"])
    elif command == "ad sp create":
        made = {"appId": option("--id"), "id": "12121212-3434-5656-7878-909090909090"}
        WORLD["principals"].append({**made, "keys": []})
        answer(made)
    elif command == "ad sp credential list":
        keys = identity(option("--id"))["keys"]
        shown = keys
        if WORLD["late"] > 0 and keys:
            # Entra ID shows what is new after a moment.
            WORLD["late"] -= 1
            shown = keys[:-1]
        answer([{**key, "secretText": None} for key in shown])
    elif command == "ad sp credential reset":
        if "--append" not in ARGV:
            fail("this would delete all passwords")
        key = {"keyId": f"00000000-0000-0000-0000-{WORLD['clock']:012}", "displayName": option("--display-name"), "startDateTime": tick(), "endDateTime": option("--end-date"), "secretText": secret()}
        identity(option("--id"))["keys"].append(key)
        WORLD["late"] = 2
        answer({"appId": option("--id"), "password": key["secretText"], "tenant": WORLD["tenant"]})
    elif command == "ad sp credential delete":
        keys = identity(option("--id"))["keys"]
        if option("--key-id") not in [key["keyId"] for key in keys]:
            fail("ERROR: No password credential found with keyId.")
        keys[:] = [key for key in keys if key["keyId"] != option("--key-id")]
    elif command == "role assignment list":
        answer([one for one in WORLD["assignments"] if one["principalId"] == option("--assignee-object-id") and one["role"] == option("--role") and one["scope"] == option("--scope")])
    elif command == "role assignment create":
        WORLD["clock"] += 1
        # Azure keeps one for a role, a principal and a scope.
        if any(one["principalId"] == option("--assignee-object-id") and one["role"] == option("--role") and one["scope"] == option("--scope") for one in WORLD["assignments"]):
            fail("(RoleAssignmentExists) The role assignment already exists.")
        WORLD["assignments"].append({"id": f"/a/{WORLD['clock']}", "principalId": option("--assignee-object-id"), "role": option("--role"), "scope": option("--scope"), "condition": option("--condition"), "description": option("--description")})
        answer({})
    elif command == "rest":
        path, _, query = option("--url").partition("?")
        if option("--method") != "put" or query != "api-version=2022-04-01":
            fail(f"stand-in: unknown call: az {' '.join(ARGV)}", 70)
        wanted = json.loads(option("--body"))["properties"]
        one = next(one for one in WORLD["assignments"] if one["id"] == path)
        if wanted["principalId"] != one["principalId"] or not wanted["roleDefinitionId"].endswith("/" + one["role"]):
            fail("(RoleAssignmentUpdateNotPermitted) Tenant ID, application ID, principal ID, and scope are not allowed to be updated.")
        one["condition"] = wanted.get("condition")
        one["description"] = wanted.get("description")
        answer({})
    elif command == "role assignment delete":
        WORLD["assignments"] = [one for one in WORLD["assignments"] if one["id"] != option("--ids")]
    elif command == "aks list":
        answer(list(WORLD["clusters"]))
    elif command == "aks show":
        if option("--name") not in WORLD["clusters"]:
            fail("ResourceNotFound")
        answer(WORLD["clusters"][option("--name")])
    elif command == "aks create":
        WORLD["clusters"][option("--name")] = {"client": "msi", "kubelet": WORLD["kubelet"]}
        attach()
        answer({})
    elif command == "aks update":
        attach()
        scope = option("--detach-acr")
        WORLD["assignments"] = [one for one in WORLD["assignments"] if one["scope"] != scope]
        answer({})
    elif command == "aks check-acr":
        print("Your cluster can pull images from", option("--acr"))
    else:
        fail(f"stand-in: unknown call: az {command}", 70)


def attach():
    scope = option("--attach-acr")
    if scope:
        WORLD["clock"] += 1
        WORLD["assignments"].append({"id": f"/a/{WORLD['clock']}", "principalId": WORLD["kubelet"], "role": "7f951dda-4ed3-4680-a7ca-43fe172d538d", "scope": scope, "condition": None})


def refuse(verb, resource, name, namespace):
    fail(f'Error from server (Forbidden): {resource} "{name}" is forbidden: User "someone" cannot {verb} resource "{resource}" in API group "" in the namespace "{namespace}"')


def kubectl():
    if ARGV == ["version", "--client", "--output", "json"]:
        print(json.dumps({"clientVersion": {"gitVersion": WORLD["kubectlVersion"]}}))
        return
    if ARGV == ["config", "get-contexts", "--output=name"]:
        print("\n".join(WORLD["contexts"]))
        return
    assert ARGV[0] == "--context", "every call names its context"
    if ARGV[1] not in WORLD["contexts"]:
        fail(f'error: context "{ARGV[1]}" does not exist')
    rest = ARGV[2:]
    namespace = None
    if rest[0] == "--namespace":
        namespace, rest = rest[1], rest[2:]
    verb = " ".join(rest[:2])
    if verb == "auth can-i":
        allowed = rest[2] not in WORLD["forbidden"]
        print("yes" if allowed else "no")
        sys.exit(0 if allowed else 1)
    elif verb in ("get secret", "get serviceaccount"):
        assert rest[3:] == ["--ignore-not-found", "--output", "json"], rest
        found = WORLD[rest[1] + "s"].get(f"{namespace}/{rest[2]}")
        if found:
            print(json.dumps(found), end="")
    elif rest[0] == "create":
        pod = json.load(sys.stdin)
        refer = [one["name"] for one in pod["spec"].get("imagePullSecrets", [])]
        account = WORLD["serviceaccounts"].get(f"{namespace}/{pod['spec'].get('serviceAccountName')}")
        refer += [one["name"] for one in (account or {}).get("imagePullSecrets", [])]
        good = not WORLD["eventMessage"] and any(f"{namespace}/{name}" in WORLD["secrets"] for name in refer)
        events = [{"reason": "Scheduled"}, {"reason": "Pulled"} if good else {"reason": "Failed", "message": WORLD["eventMessage"] or "Failed to pull image: 401 Unauthorized"}]
        WORLD["pods"][f"{namespace}/{pod['metadata']['name']}"] = {"items": events}
    elif verb == "get events":
        name = rest[rest.index("--field-selector") + 1].split("=")[1]
        print(json.dumps(WORLD["pods"][f"{namespace}/{name}"]))
    elif verb == "delete pod":
        del WORLD["pods"][f"{namespace}/{rest[2]}"]
    elif verb == "delete secret":
        WORLD["secrets"].pop(f"{namespace}/{rest[2]}", None)
    elif rest[0] == "apply":
        assert "--server-side" in rest and "--filename=-" in rest
        manifest = json.load(sys.stdin)
        assert manifest["metadata"]["namespace"] == namespace
        if namespace not in WORLD["namespaces"]:
            fail(f'Error from server (NotFound): namespaces "{namespace}" not found')
        if "patch" in WORLD["forbidden"]:
            refuse("patch", "secrets", manifest["metadata"]["name"], namespace)
        if "--dry-run=server" in rest:
            return
        # Field managers own the fields that they send, and keep those of the others.
        key = f"{namespace}/{manifest['metadata']['name']}"
        held = WORLD["secrets"].get(key, {})
        metadata = {**held.get("metadata", {}), **manifest["metadata"]}
        for field in ("labels", "annotations"):
            metadata[field] = {**held.get("metadata", {}).get(field, {}), **manifest["metadata"].get(field, {})}
        version = held.get("metadata", {}).get("resourceVersion", "0")
        if manifest["metadata"].get("resourceVersion", version) != version:
            fail("Error from server (Conflict): the object has been modified; please apply your changes to the latest version")
        metadata["resourceVersion"] = str(int(version) + 1)
        WORLD["secrets"][key] = {**held, **manifest, "metadata": metadata}
        print(metadata["resourceVersion"] if option("--output") else "secret serverside-applied", end="")
    elif verb == "patch serviceaccount":
        patch = json.load(sys.stdin)
        account = WORLD["serviceaccounts"][f"{namespace}/{rest[2]}"]
        if WORLD["conflicts"] > 0:
            WORLD["conflicts"] -= 1
            account["metadata"]["resourceVersion"] += "0"
            with open(WORLD_FILE, "w", encoding="utf-8") as file:
                json.dump(WORLD, file)
            fail("Error from server (Conflict): the object has been modified")
        if patch["metadata"]["resourceVersion"] != account["metadata"]["resourceVersion"]:
            fail("Error from server (Conflict): the object has been modified")
        account["imagePullSecrets"] = patch["imagePullSecrets"]
        account["metadata"]["resourceVersion"] += "1"
    else:
        fail(f"stand-in: unknown call: kubectl {' '.join(rest)}", 70)


def curl():
    """Its options are on stdin, each a line of its own."""
    if REAL_CURL:
        # The real one, with the test's own server in place of the registry.
        text = STDIN.decode().replace("https://youruniquename.azurecr.io", REAL_CURL)
        words = [word.replace("=https", "=http") for word in ARGV]
        sys.exit(subprocess.run([shutil.which("curl", path="/usr/local/bin:/usr/bin:/bin"), *words], input=text.encode()).returncode)
    lines = STDIN.decode().split("\n")[:-1]
    config = {}
    for line in lines:
        key, value = line.split(" = ", 1)
        config[key] = re.sub(r"\\(.)", r"\1", value[1:-1])
    if "/v2/" in config["url"]:
        status(200 if f"Bearer {WORLD['accessToken']}" in config.get("header", "") + "".join(lines) else 401)
    if WORLD["status"]:
        status(WORLD["status"])
    if WORLD["refusals"] > 0:
        WORLD["refusals"] -= 1
        with open(WORLD_FILE, "w", encoding="utf-8") as file:
            json.dump(WORLD, file)
        status(401)
    user, password = config["user"].split(":", 1)
    good = []
    for name, one in WORLD["registries"].items():
        good.append((name, one["adminPassword"]))
        for token in one["tokens"].values():
            good += [(token["name"], each["value"]) for each in token["credentials"]["passwords"]]
    for one in WORLD["principals"]:
        good += [(one["appId"], key["secretText"]) for key in one["keys"]]
    if (user, password) not in good:
        status(401)
    status(200, json.dumps({"access_token": WORLD["accessToken"]}))


def status(code, body=""):
    """Ends as curl does with --fail and --write-out."""
    sys.stdout.write(f"{body}\n{code:03}")
    sys.stdout.flush()
    with open(WORLD_FILE, "w", encoding="utf-8") as file:
        json.dump(WORLD, file)
    sys.exit(0 if code < 400 else 22)


def real():
    """The program itself."""
    folder = os.path.dirname(sys.argv[0])
    path = os.pathsep.join(one for one in os.environ["PATH"].split(os.pathsep) if one != folder)
    os.execv(shutil.which(NAME, path=path), [NAME, *ARGV])


def fail_in_turn():
    """Ends as `failure` asks for: [program, how many calls are good, exit code]."""
    program, good, code = WORLD["failure"]
    if program != NAME:
        return
    # Calls of one pipe run at the same time: an append counts each.
    with open(WORLD_FILE + ".calls", "a+", encoding="utf-8") as file:
        file.write(".")
        count = file.tell()
    if count > good:
        with open(WORLD_FILE + ".failed", "w", encoding="utf-8"):
            sys.exit(code)


REAL_CURL = os.environ.get("STAND_IN_CURL")
if WORLD["failure"]:
    fail_in_turn()
if NAME in ("jq", "tr"):
    real()
STDIN = sys.stdin.buffer.read() if NAME == "curl" else b""
# The environment is none of a script's business, but for its own values, which are not in there.
caller = os.environ.get("STAND_IN_WATCH", "").split()
leaks = [name for name in caller if os.environ.get(name, "the caller's") != "the caller's"]
leaks += [name for name, value in os.environ.items() if "canary-" in value]
leaks += [name for name in os.environ if name in ("SHELLOPTS", "BASHOPTS", "BASH_ENV") or name.startswith("BASH_FUNC_")]
with open(os.environ["STAND_IN_LOG"], "a", encoding="utf-8") as log:
    log.write(json.dumps({"argv": [NAME, *ARGV], "stdin": STDIN.decode(errors="replace"), "leaks": leaks}) + "\n")
if WORLD["noise"] and NAME != "sleep":
    sys.stderr.buffer.write(WORLD["noise"].encode() + b"\n")
{"az": az, "kubectl": kubectl, "curl": curl, "sleep": lambda: None}[NAME]()
with open(WORLD_FILE, "w", encoding="utf-8") as file:
    json.dump(WORLD, file)
