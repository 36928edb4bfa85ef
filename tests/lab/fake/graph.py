"""Microsoft Graph: applications, service principals and their passwords."""

import json
import re
import uuid

from . import state
from .state import STATE

SHOWN = ("customKeyIdentifier", "displayName", "endDateTime", "hint", "keyId", "startDateTime")


def error(code, status, message):
    """An error as Graph answers it."""
    inner = {
        "date": state.iso_seconds()[:-1],
        "request-id": str(uuid.uuid4()),
        "client-request-id": str(uuid.uuid4()),
    }
    return status, {"error": {"code": code, "message": message, "innerError": inner}}


def visible(thing):
    return thing.get("visibleAt", 0) <= state.now()


def passwords(thing):
    return [{key: one.get(key) for key in (*SHOWN, "secretText")} for one in thing["passwords"] if visible(one)]


def application(app):
    return {
        "id": app["id"],
        "appId": app["appId"],
        "displayName": app["displayName"],
        "identifierUris": [],
        "signInAudience": app.get("signInAudience", "AzureADMyOrg"),
        "passwordCredentials": passwords(app),
        "keyCredentials": [],
        "requiredResourceAccess": [],
    }


def principal(sp):
    return {
        "id": sp["id"],
        "appId": sp["appId"],
        "displayName": sp["displayName"],
        "servicePrincipalNames": [sp["appId"]],
        "servicePrincipalType": "Application",
        "accountEnabled": True,
        "passwordCredentials": passwords(sp),
        "keyCredentials": [],
    }


KINDS = {"applications": ("apps", application), "servicePrincipals": ("sps", principal)}


def answer(request):
    parts = request.path.removeprefix("/v1.0").strip("/").split("/")
    if parts[0] not in KINDS:
        if parts[0] == "directoryObjects" and parts[-1] == "getByIds":
            return 200, {"value": []}
        return error("Request_ResourceNotFound", 404, f"Resource '{request.path}' does not exist.")
    kind, shape = KINDS[parts[0]]
    right = f"graph/{kind}/{'read' if request.method == 'GET' else 'write'}"
    if any(re.fullmatch(pattern, right) for pattern in STATE["denied"]):
        return error("Authorization_RequestDenied", 403, "Insufficient privileges to complete the operation.")
    data = json.loads(request.text) if request.text else {}
    if len(parts) == 1:
        if request.method == "GET":
            return find(kind, shape, request)
        return create_application(data) if kind == "apps" else create_principal(data)
    thing = next((one for one in STATE[kind] if one["id"] == parts[1] and visible(one)), None)
    if not thing:
        return error(
            "Request_ResourceNotFound",
            404,
            f"Resource '{parts[1]}' does not exist or one of its queried reference-property objects are not present.",
        )
    if len(parts) == 2:
        return one(kind, shape, request.method, thing, data)
    if parts[2] == "addPassword":
        return add_password(thing, data.get("passwordCredential") or {}, request.host)
    if parts[2] == "removePassword":
        found = next((p for p in thing["passwords"] if p["keyId"] == data.get("keyId") and visible(p)), None)
        if not found:
            return error("Request_BadRequest", 400, "No password credential found with keyId.")
        thing["passwords"].remove(found)
        return 204, None
    return error("Request_BadRequest", 400, "unsupported")


FILTERS = (
    r"(displayName|appId) eq '((?:[^']|'')*)'",
    r"(startswith)\(displayName,'((?:[^']|'')*)'\)",
    r"(servicePrincipalNames|identifierUris)/any\([cs]:[cs] eq '((?:[^']|'')*)'\)",
)


def find(kind, shape, request):
    wanted = request.query.get("$filter", "")
    rows = [one for one in STATE[kind] if visible(one)]
    if wanted:
        match = next((m for m in (re.fullmatch(pattern, wanted) for pattern in FILTERS) if m), None)
        if not match:
            return error(
                "Request_UnsupportedQuery",
                400,
                f"Unsupported or invalid query filter clause specified for property in '{wanted}'.",
            )
        field, value = match[1], match[2].replace("''", "'")
        rows = [one for one in rows if matches(one, field, value)]
    context = f"https://{request.host}/v1.0/$metadata#{request.path.strip('/').split('/')[-1]}"
    return 200, {"@odata.context": context, "value": [shape(one) for one in rows]}


def matches(thing, field, value):
    if field == "displayName":
        return thing["displayName"].lower() == value.lower()
    if field == "startswith":
        return thing["displayName"].lower().startswith(value.lower())
    return field != "identifierUris" and thing["appId"] == value


def create_application(data):
    app = {
        "id": str(uuid.uuid4()),
        "appId": str(uuid.uuid4()),
        "displayName": data["displayName"],
        "signInAudience": data.get("signInAudience", "AzureADMyOrg"),
        "passwords": [],
        "visibleAt": state.after("graph"),
    }
    STATE["apps"].append(app)
    return 201, application(app)


def create_principal(data):
    app = next((a for a in STATE["apps"] if a["appId"] == data.get("appId") and visible(a)), None)
    if not app:
        return error(
            "Request_BadRequest",
            400,
            f"The appId '{data.get('appId')}' of the service principal does not reference a valid application object.",
        )
    if any(sp["appId"] == app["appId"] for sp in STATE["sps"]):
        return error(
            "Request_MultipleObjectsWithSameKeyValue",
            409,
            "The service principal cannot be created, updated, or restored because the service principal name "
            f"{app['appId']} is already in use.",
        )
    sp = {
        "id": str(uuid.uuid4()),
        "appId": app["appId"],
        "displayName": app["displayName"],
        "passwords": [],
        "visibleAt": state.after("graph"),
        "principalAt": state.after("principal"),
    }
    STATE["sps"].append(sp)
    return 201, principal(sp)


def one(kind, shape, method, thing, data):
    if method == "GET":
        return 200, shape(thing)
    if method == "PATCH":
        thing.update({key: value for key, value in data.items() if key in ("displayName", "signInAudience")})
        return 204, None
    if method == "DELETE":
        STATE[kind].remove(thing)
        return 204, None
    return error("Request_BadRequest", 400, "unsupported")


def add_password(thing, asked, host):
    made = state.secret(STATE["secretPrefix"] or "Xy8Q~")
    two_years = state.now() + 2 * 365 * 86400
    password = {
        "customKeyIdentifier": None,
        "displayName": asked.get("displayName"),
        "endDateTime": state.iso_seconds(state.seconds(asked.get("endDateTime") or state.iso(two_years))),
        "startDateTime": state.iso_seconds(state.seconds(asked.get("startDateTime") or state.iso())),
        "keyId": str(uuid.uuid4()),
        "hint": made[:3],
        "secret": made,
        "visibleAt": state.after("graph"),
        "validAt": state.after("secret"),
    }
    thing["passwords"].append(password)
    shown = {key: password[key] for key in SHOWN}
    context = f"https://{host}/v1.0/$metadata#microsoft.graph.passwordCredential"
    return 200, {"@odata.context": context, **shown, "secretText": made}
