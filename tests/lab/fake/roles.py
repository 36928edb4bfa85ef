"""Role definitions and role assignments, with conditions."""

import re

from . import state
from .state import STATE, error

ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
REPOSITORY_READER = "b93aa761-3e63-49ed-ac28-beffa264f7ac"
ROLES = {
    ACR_PULL: "AcrPull",
    "8311e382-0749-4cb8-b61a-304f252e45ec": "AcrPush",
    REPOSITORY_READER: "Container Registry Repository Reader",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "f1a07417-d97a-45cb-824c-7a7467783830": "Managed Identity Operator",
    "4d97b98b-1d4f-4787-a291-c67834d212e7": "Network Contributor",
}
FIELDS = (
    "roleDefinitionId",
    "principalId",
    "principalType",
    "scope",
    "condition",
    "conditionVersion",
    "createdOn",
    "updatedOn",
    "createdBy",
    "updatedBy",
    "delegatedManagedIdentityResourceId",
    "description",
)
ACTION = "Microsoft.Authorization/roleAssignments/"


def definition_id(scope, role):
    return f"/subscriptions/{scope.split('/')[2]}/providers/Microsoft.Authorization/roleDefinitions/{role}"


def definitions(request, scope, name):
    kind = "Microsoft.Authorization/roleDefinitions"
    if name:
        properties = {"roleName": ROLES.get(name, "?"), "type": "BuiltInRole"}
        return 200, {"id": request.path, "name": name, "type": kind, "properties": properties}
    wanted = re.search(r"roleName eq '([^']*)'", request.query.get("$filter", ""))
    value = []
    for role, title in ROLES.items():
        if wanted and title.lower() != wanted[1].lower():
            continue
        properties = {"roleName": title, "type": "BuiltInRole", "description": ""}
        properties |= {"assignableScopes": ["/"], "permissions": []}
        value.append({"id": definition_id(scope, role), "name": role, "type": kind, "properties": properties})
    return 200, {"value": value}


def shape(assignment):
    return {
        "id": assignment["id"],
        "name": assignment["name"],
        "type": "Microsoft.Authorization/roleAssignments",
        "properties": {key: assignment.get(key) for key in FIELDS},
    }


def contains(outer, inner):
    """Is the one scope the other one, or above it?"""
    return (inner.lower() + "/").startswith(outer.lower().rstrip("/") + "/")


def assignments(request, scope, name):
    if not name:
        return find(request, scope)
    found = next((one for one in STATE["assignments"] if one["id"].lower() == request.path.lower()), None)
    if request.method == "GET":
        missing = error("RoleAssignmentNotFound", 404, f"The role assignment '{name}' is not found.")
        return (200, shape(found)) if found else missing
    if request.method == "DELETE":
        state.require(ACTION + "delete", scope)
        if not found:
            return 204, None
        STATE["assignments"].remove(found)
        return 200, shape(found)
    if request.method == "PUT":
        return put(request, scope, name, found)
    return error("MethodNotAllowed", 405, request.method)


def find(request, scope):
    state.require(ACTION + "read", scope)
    wanted = request.query.get("$filter", "")
    if "principalId eq" in wanted and "atScope" in wanted:
        return error("UnsupportedQuery", 400, "The filter is not supported.")
    rows = []
    for one in STATE["assignments"]:
        if one.get("visibleAt", 0) > state.now():
            continue
        above = contains(one["scope"], scope)
        below = contains(scope, one["scope"]) and "atScope()" not in wanted
        if above or below:
            rows.append(one)
    principal = re.search(r"principalId eq '([^']*)'|assignedTo\('([^']*)'\)", wanted)
    if principal:
        key = (principal[1] or principal[2]).lower()
        rows = [one for one in rows if one["principalId"].lower() == key]
    return 200, {"value": [shape(one) for one in rows]}


def refused(scope, found, asked):
    """Why Azure does not write this assignment, or nothing."""
    role = asked["roleDefinitionId"].split("/")[-1]
    if not asked["roleDefinitionId"].startswith("/"):
        return error("InvalidRoleDefinitionId", 400, "The role definition ID is not valid.")
    if role not in ROLES:
        text = f"The specified role definition with ID '{role.replace('-', '')}' does not exist."
        return error("RoleDefinitionDoesNotExist", 404, text)
    if asked.get("condition") and asked.get("conditionVersion") != "2.0":
        return error("RoleAssignmentConditionVersionInvalid", 400, "The condition version is not valid.")
    principal = asked["principalId"]
    sp = next((one for one in STATE["sps"] if one["id"] == principal), None)
    identities = [one.get(key) for one in STATE["clusters"] for key in ("kubelet", "principal")]
    known = sp or principal in [*identities, STATE["caller"]["objectId"]]
    late = sp and sp.get("principalAt", 0) > state.now() and asked.get("principalType") != "ServicePrincipal"
    if not known or late:
        return error(
            "PrincipalNotFound",
            400,
            f"Principal {principal.replace('-', '')} does not exist in the directory {STATE['tenant']}. Check that you "
            "have the correct principal ID. If you are creating this principal and then immediately assigning a role, "
            "this error might be related to a replication delay. In this case, set the role assignment principalType "
            "property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype",
        )
    for other in STATE["assignments"]:
        same = other["scope"].lower() == scope.lower() and other["principalId"] == principal
        if same and other is not found and other["roleDefinitionId"].split("/")[-1] == role:
            name = other["name"].replace("-", "")
            text = f"The role assignment already exists. The ID of the existing role assignment is {name}."
            return error("RoleAssignmentExists", 409, text)
    if found and (found["principalId"] != principal or found["roleDefinitionId"].split("/")[-1] != role):
        text = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
        return error("RoleAssignmentUpdateNotPermitted", 400, text)
    return None


def put(request, scope, name, found):
    state.require(ACTION + "write", scope)
    asked = request.data["properties"]
    why = refused(scope, found, asked)
    if why:
        return why
    status = 200 if found else 201
    if not found:
        found = {
            "id": f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}",
            "name": name,
            "createdOn": state.iso(),
            "createdBy": STATE["caller"]["objectId"],
            "visibleAt": state.after("assignmentList"),
            "effectiveAt": state.after("role"),
        }
        STATE["assignments"].append(found)
    found.update(
        {
            "scope": scope,
            "roleDefinitionId": definition_id(scope, asked["roleDefinitionId"].split("/")[-1]),
            "principalId": asked["principalId"],
            "principalType": asked.get("principalType") or "ServicePrincipal",
            "condition": asked.get("condition"),
            "conditionVersion": asked.get("conditionVersion"),
            "updatedOn": state.iso(),
            "updatedBy": STATE["caller"]["objectId"],
            "description": asked.get("description"),
        }
    )
    return status, shape(found)
