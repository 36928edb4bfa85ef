"""Managed clusters (AKS), as much of them as pulling needs."""

import base64
import uuid

from . import state
from .state import STATE, error

ACTION = "Microsoft.ContainerService/managedClusters"


def shape(cluster):
    sub, group, name = cluster["sub"], cluster["rg"], cluster["name"]
    pool = {
        "name": "nodepool1",
        "count": 3,
        "vmSize": "Standard_D2s_v5",
        "osType": "Linux",
        "osSKU": "Ubuntu",
        "mode": "System",
        "type": "VirtualMachineScaleSets",
        "orchestratorVersion": "1.34.2",
        "provisioningState": "Succeeded",
    }
    network = {
        "networkPlugin": "azure",
        "networkPluginMode": "overlay",
        "loadBalancerSku": "standard",
        "outboundType": "loadBalancer",
    }
    properties = {
        "provisioningState": cluster.get("provisioningState", "Succeeded"),
        "powerState": {"code": "Running"},
        "kubernetesVersion": "1.34.2",
        "currentKubernetesVersion": "1.34.2",
        "dnsPrefix": name,
        "fqdn": name + ".hcp.westeurope.azmk8s.io",
        "nodeResourceGroup": f"MC_{group}_{name}",
        "enableRBAC": True,
        "agentPoolProfiles": [pool],
        "servicePrincipalProfile": {"clientId": cluster.get("client", "msi")},
        "networkProfile": network,
    }
    if cluster.get("kubelet"):
        identities = f"/subscriptions/{sub}/resourcegroups/MC_{group}_{name}/providers/Microsoft.ManagedIdentity"
        properties["identityProfile"] = {
            "kubeletidentity": {
                "resourceId": f"{identities}/userAssignedIdentities/{name}-agentpool",
                "clientId": "0000c11e-0000-4000-8000-000000000001",
                "objectId": cluster["kubelet"],
            }
        }
    out = {
        "id": f"/subscriptions/{sub}/resourcegroups/{group}/providers/{ACTION}/{name}",
        "name": name,
        "type": "Microsoft.ContainerService/ManagedClusters",
        "location": "westeurope",
        "sku": {"name": "Base", "tier": "Free"},
        "properties": properties,
    }
    if cluster.get("client", "msi") == "msi":
        principal = cluster.get("principal", "00000c00-0000-4000-8000-000000000001")
        out["identity"] = {"type": "SystemAssigned", "principalId": principal, "tenantId": STATE["tenant"]}
    return out


def find(sub, group, name):
    for one in STATE["clusters"]:
        if one["sub"] == sub and one["rg"].lower() == group.lower() and one["name"].lower() == name.lower():
            return one
    return None


def answer(request, sub, group, name, rest):
    if not name:
        rows = [one for one in STATE["clusters"] if one["sub"] == sub and one["rg"].lower() == group.lower()]
        return 200, {"value": [shape(one) for one in rows]}
    cluster = find(sub, group, name)
    scope = f"/subscriptions/{sub}/resourceGroups/{group}/providers/{ACTION}/{name}"
    if request.method == "PUT" and rest == "":
        state.require(ACTION + "/write", scope)
        status = 200 if cluster else 201
        if not cluster:
            cluster = {"sub": sub, "rg": group, "name": name, "client": "msi"}
            cluster |= {"kubelet": str(uuid.uuid4()), "principal": str(uuid.uuid4())}
            STATE["clusters"].append(cluster)
        return status, shape(cluster), state.long_operation(request.host)
    if not cluster:
        text = f"The Resource 'Microsoft.ContainerService/managedClusters/{name}' under resource group '{group}' was "
        text += "not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"
        return error("ResourceNotFound", 404, text)
    if rest == "" and request.method == "GET":
        state.require(ACTION + "/read", scope)
        return 200, shape(cluster)
    if rest.lower() in ("/listclusterusercredential", "/listclusteradmincredential"):
        state.require(ACTION + "/listClusterUserCredential/action", scope)
        kubeconfig = base64.b64encode(STATE["kubeconfig"].encode()).decode()
        return 200, {"kubeconfigs": [{"name": "clusterUser", "value": kubeconfig}]}
    return error("NotFound", 404, request.path)
