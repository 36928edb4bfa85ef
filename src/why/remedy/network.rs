//! Remedies where the registry, or a host of its layers, does not answer as it should.
//!
//! Network rules: <https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-access>; data
//! endpoints: <https://learn.microsoft.com/azure/container-registry/container-registry-dedicated-data-endpoints>; limits:
//! <https://learn.microsoft.com/azure/container-registry/container-registry-skus>.

use crate::why::remedy::{Remedy, act, azure, run};

const EGRESS: Remedy = act(
    "allow outbound HTTPS from the nodes to `ADDRESS` in firewalls, network security groups, routes and the proxy",
);
const PRIVATE_DNS: Remedy = azure(
    "if the registry has a private endpoint, check that the zone is linked to the network of the nodes",
    "az network private-dns link vnet list --zone-name privatelink.azurecr.io --resource-group GROUP --output table",
);

pub(super) const NETWORK_RULES: &[Remedy] = &[
    act(
        "find the outbound address of the nodes: a NAT gateway, a firewall or a load balancer in front of them determines it",
    ),
    azure(
        "read the network rules of the registry",
        "az acr show --name REGISTRY --query '{publicNetworkAccess: publicNetworkAccess, defaultAction: networkRuleSet.defaultAction, ipRules: networkRuleSet.ipRules}'",
    ),
    azure(
        "allow the outbound address of the cluster",
        "az acr network-rule add --name REGISTRY --ip-address IP",
    ),
    azure(
        "or connect by a private endpoint, and check that it is approved",
        "az acr private-endpoint-connection list --registry-name REGISTRY --output table",
    ),
    PRIVATE_DNS,
];
pub(super) const LAYER_HOST: &[Remedy] = &[
    azure(
        "list the hosts that layers come from",
        "az acr show-endpoints --name REGISTRY",
    ),
    EGRESS,
    azure(
        "with dedicated data endpoints (Premium) a firewall needs no rule for all storage accounts",
        "az acr update --name REGISTRY --data-endpoint-enabled true",
    ),
    azure(
        "with a private endpoint, check that the zone has a record for each data endpoint too",
        "az network private-dns record-set a list --zone-name privatelink.azurecr.io --resource-group GROUP --output table",
    ),
];
pub(super) const DNS: &[Remedy] = &[
    azure(
        "compare the host with the login server of the registry",
        "az acr show --name REGISTRY --query loginServer --output tsv",
    ),
    PRIVATE_DNS,
    act("if the network uses its own DNS servers, forward the zones of Azure to `168.63.129.16`"),
];
pub(super) const UNREACHABLE: &[Remedy] = &[
    EGRESS,
    azure(
        "if the registry has a private endpoint, check that it is approved",
        "az acr private-endpoint-connection list --registry-name REGISTRY --output table",
    ),
    PRIVATE_DNS,
];
pub(super) const CERTIFICATE: &[Remedy] = &[
    run(
        "read who issued the certificate, from a machine in the network of the nodes",
        "openssl s_client -connect ADDRESS:443 -servername ADDRESS </dev/null | openssl x509 -noout -issuer",
    ),
    run(
        "on AKS, let the nodes trust that authority",
        "az aks update --name CLUSTER --resource-group GROUP --custom-ca-trust-certificates FILE",
    ),
    act("or exclude `ADDRESS` from TLS inspection"),
];
pub(super) const THROTTLED: &[Remedy] = &[
    azure(
        "read the SKU, which sets the limits",
        "az acr show --name REGISTRY --query sku.name --output tsv",
    ),
    azure(
        "raise the SKU if that is too low",
        "az acr update --name REGISTRY --sku Premium",
    ),
    act(
        "give each cluster or team a credential of its own, because requests are also counted by identity, and set `imagePullPolicy: IfNotPresent` for images with fixed tags",
    ),
];
pub(super) const KUBELET_THROTTLED: &[Remedy] = &[
    run(
        "read the limits of the node",
        "kubectl get --raw /api/v1/nodes/NODE/proxy/configz | jq '.kubeletconfig | {registryPullQPS, registryBurst, serializeImagePulls}'",
    ),
    act(
        "if it happens often, start fewer pods at once on a node, or raise `registryPullQPS` and `registryBurst` in the kubelet configuration where you manage it",
    ),
];
pub(super) const SERVER_ERROR: &[Remedy] = &[
    act("wait for the next attempt, and read https://status.azure.com if it fails for long"),
    azure(
        "check the registry from your machine",
        "az acr check-health --name REGISTRY --yes",
    ),
];
