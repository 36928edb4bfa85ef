//! Remedies where a credential is missing, wrong, or may not do what it should.
//!
//! Roles and modes: <https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions>;
//! tokens: <https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions>.

use crate::why::remedy::{Remedy, When, act, azure, run};

const POD_SECRETS: Remedy = run(
    "list the pull secrets of the pod: a ServiceAccount gives its own to a pod only when the pod is created, and only if the pod lists none",
    "kubectl get pod POD --namespace NAMESPACE --output jsonpath='{.spec.serviceAccountName}{\"\\n\"}{.spec.imagePullSecrets}{\"\\n\"}'",
);
const SECRET_HOSTS: Remedy = run(
    "check that one key of the Secret is exactly `HOST`, without scheme, port or upper case",
    "kubectl get secret SECRET --namespace NAMESPACE --output jsonpath='{.data.\\.dockerconfigjson}' | base64 --decode | jq '.auths | keys'",
);
const CHECK_ACR: Remedy = azure(
    "on AKS without pull secrets, check that the kubelet identity can pull",
    "az aks check-acr --name CLUSTER --resource-group GROUP --acr HOST",
);
const MODE: Remedy = azure(
    "check which roles the registry honors: with `AbacRepositoryPermissions` assign `Container Registry Repository Reader`, else `AcrPull`",
    "az acr show --name REGISTRY --query roleAssignmentMode --output tsv",
);
const TOKEN: Remedy = azure(
    "if the credential is a repository-scoped token, check its status, scope map and expiry",
    "az acr token show --registry REGISTRY --name TOKEN --query '{status: status, scopeMap: scopeMapId, passwords: credentials.passwords[].{name: name, expiry: expiry}}'",
);
const PRINCIPAL: Remedy = azure(
    "if the credential is a service principal, check when its passwords expire",
    "az ad sp credential list --id APPLICATION --query '[].endDateTime' --output tsv",
);

const ROLE: Remedy = azure(
    "assign the role to the kubelet identity or the service principal; this one is for ABAC, `7f951dda-4ed3-4680-a7ca-43fe172d538d` is `AcrPull`",
    "az role assignment create --assignee-object-id OBJECT_ID --assignee-principal-type ServicePrincipal --role b93aa761-3e63-49ed-ac28-beffa264f7ac --scope \"$(az acr show --name REGISTRY --query id --output tsv)\"",
);
const GIVE: Remedy = act(
    "if it lists none, name a Secret of this namespace in `imagePullSecrets` of the pod or of its ServiceAccount, and create the pod again",
);

pub(super) const NO_CREDENTIAL: &[Remedy] = &[
    POD_SECRETS,
    GIVE,
    SECRET_HOSTS,
    CHECK_ACR,
    ROLE,
    Remedy {
        when: When::Regional,
        text: "upgrade the node image to `202607.29` or later, because older ones have no credential for regional hosts, or pull from the global login server",
        command: Some(
            "az aks nodepool upgrade --cluster-name CLUSTER --resource-group GROUP --name NODEPOOL --node-image-only",
        ),
    },
];
pub(super) const CREDENTIAL_REFUSED: &[Remedy] = &[
    PRINCIPAL,
    TOKEN,
    MODE,
    Remedy {
        when: When::Azure,
        text: "after the registry was switched to ABAC or a role was assigned, restart the kubelet or replace the nodes: they keep an old token until it expires",
        command: None,
    },
    act("replace the value in the Secret, then delete the pod so that it is created again"),
];
pub(super) const NO_PERMISSION: &[Remedy] = &[
    act("compare the repository of the image with those that the credential can read"),
    azure(
        "check that the repository exists",
        "az acr repository show --name REGISTRY --repository REPOSITORY",
    ),
    MODE,
    ROLE,
    azure(
        "if the credential is a repository-scoped token, add the repository to its scope map",
        "az acr scope-map update --registry REGISTRY --name SCOPE_MAP --add-repository REPOSITORY content/read metadata/read",
    ),
];
pub(super) const UNAUTHORIZED: &[Remedy] =
    &[POD_SECRETS, SECRET_HOSTS, CHECK_ACR, PRINCIPAL, TOKEN, MODE];
pub(super) const BROKEN_SECRET: &[Remedy] = &[
    POD_SECRETS,
    run(
        "check each of these Secrets: every entry must print `true`, and the command must not fail",
        "kubectl get secret SECRET --namespace NAMESPACE --output jsonpath='{.data.\\.dockerconfigjson}' | base64 --decode | jq '.auths | map_values(if .auth then (.auth | @base64d | contains(\":\")) else true end)'",
    ),
    act(
        "create the Secret again with `kubectl create secret docker-registry`, or remove its name from the pod",
    ),
];
pub(super) const MISSING_SECRET: &[Remedy] = &[
    run(
        "look for the Secret in all namespaces",
        "kubectl get secrets --all-namespaces --field-selector metadata.name=SECRET",
    ),
    act(
        "create it in the namespace of the pod, or remove its name from the pod and its ServiceAccount; a pull secret of another namespace is never used",
    ),
];
