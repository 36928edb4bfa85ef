"""Azure Resource Manager: which resource a path names, and the parts that belong to no resource provider."""

import json
import re

from . import clusters, registries, roles, state
from .state import PENDING, STATE, error

REGISTRIES = r"/providers/microsoft\.containerregistry/registries"
CLUSTERS = r"/providers/microsoft\.containerservice/managedclusters"


def answer(request):
    if not request.headers.get("Authorization", "").startswith("Bearer "):
        return error("AuthenticationFailed", 401, "Authentication failed. The 'Authorization' header is missing.")
    request.data = json.loads(request.text) if request.text[:1] in ("{", "[") else {}
    operation = re.search(r"/providers/fake/operations/([\w-]+)", request.path)
    if operation:
        return status(request, operation[1])
    result = re.search(r"/fakeresult/([\w-]+)", request.path)
    if result:
        ends, value = PENDING[result[1]]
        if state.now() >= ends:
            return 200, value
        return 202, None, {"Location": f"https://{request.host}{request.raw_path}", "Retry-After": "1"}
    # Role assignments and definitions hang on any scope.
    authorization = re.fullmatch(
        r"(.*?)/providers/microsoft\.authorization/(roleassignments|roledefinitions)(?:/([^/]+))?", request.path.lower()
    )
    if authorization:
        scope = request.path[: len(authorization[1])]
        name = request.path.split("/")[-1] if authorization[3] else None
        if authorization[2] == "roledefinitions":
            return roles.definitions(request, scope, name)
        return roles.assignments(request, scope, name)
    return resource(request)


def status(request, key):
    ends, result = PENDING[key]
    if state.now() < ends:
        return 200, {"id": request.path, "name": key, "status": "InProgress"}, {"Retry-After": "1"}
    return 200, {"id": request.path, "name": key, "status": "Succeeded", "properties": result}


def subscription(key):
    return {
        "id": f"/subscriptions/{key}",
        "subscriptionId": key,
        "displayName": STATE["subscriptions"][key]["name"],
        "state": "Enabled",
        "tenantId": STATE["tenant"],
        "subscriptionPolicies": {"locationPlacementId": "Public_2014-09-01", "quotaId": "x", "spendingLimit": "Off"},
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
    }


def resource(request):
    path = request.path
    if path.lower() == "/tenants":
        tenant = STATE["tenant"]
        names = {"displayName": "Contoso", "defaultDomain": "contoso.example"}
        return 200, {"value": [{"tenantId": tenant, "id": "/tenants/" + tenant, **names}]}
    if path.lower() == "/subscriptions":
        return 200, {"value": [subscription(key) for key in STATE["subscriptions"]]}
    below = re.fullmatch(r"/subscriptions/([^/]+)(/.*)?", path, re.IGNORECASE)
    if not below:
        return error("NotFound", 404, path)
    key, rest = below[1].lower(), below[2] or ""
    if key not in STATE["subscriptions"]:
        return error("SubscriptionNotFound", 404, f"The subscription '{key}' could not be found.")
    if rest == "":
        return 200, subscription(key)
    if rest.lower() == "/resources":
        return resources(request, key)
    if re.fullmatch(REGISTRIES, rest, re.IGNORECASE):
        return 200, {"value": [registries.shape(one) for one in STATE["registries"] if one["sub"] == key]}
    if re.fullmatch(CLUSTERS, rest, re.IGNORECASE):
        return 200, {"value": [clusters.shape(one) for one in STATE["clusters"] if one["sub"] == key]}
    if re.fullmatch(r"/providers/[^/]+", rest, re.IGNORECASE) and request.method == "GET":
        namespace = rest.split("/")[2]
        return 200, {"id": path, "namespace": namespace, "registrationState": "Registered", "resourceTypes": []}
    in_group = re.fullmatch(r"/resourcegroups/([^/]+)(/.*)?", rest, re.IGNORECASE)
    if not in_group:
        return error("InvalidResourceType", 404, path)
    return group(request, key, in_group[1], in_group[2] or "")


def resources(request, key):
    """`az resource list`, and az's search for a registry of which only the name is given."""
    state.require("Microsoft.Resources/subscriptions/resources/read", f"/subscriptions/{key}")
    wanted = request.query.get("$filter", "")
    rows = []
    if "containerregistry/registries" in wanted.lower():
        rows = [registries.shape(one) for one in STATE["registries"] if one["sub"] == key]
    if "managedclusters" in wanted.lower():
        rows = [clusters.shape(one) for one in STATE["clusters"] if one["sub"] == key]
    name = re.search(r"name eq '([^']*)'", wanted)
    if name:
        rows = [row for row in rows if row["name"].lower() == name[1].lower()]
    return 200, {"value": [{k: v for k, v in row.items() if k != "properties"} for row in rows]}


def group(request, key, asked, rest):
    groups = STATE["subscriptions"][key]["groups"]
    name = next((one for one in groups if one.lower() == asked.lower()), None)
    if not name:
        return error("ResourceGroupNotFound", 404, f"Resource group '{asked}' could not be found.")
    if rest == "":
        return 200, {
            "id": f"/subscriptions/{key}/resourceGroups/{name}",
            "name": name,
            "type": "Microsoft.Resources/resourceGroups",
            "location": groups[name],
            "properties": {"provisioningState": "Succeeded"},
        }
    for pattern, provider in ((REGISTRIES, registries), (CLUSTERS, clusters)):
        found = re.fullmatch(pattern + r"(?:/([^/]+)(/.*)?)?", rest, re.IGNORECASE)
        if found:
            return provider.answer(request, key, name, found[1], found[2] or "")
    return error("InvalidResourceType", 404, f"The resource type could not be found in '{request.path}'.")
