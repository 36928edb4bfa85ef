# shellcheck shell=bash
# Calls of az, and what their failures mean.

# Of an answer only this becomes an argument: no control or format characters, nothing that is taken
# for an option or, by az, for a file to read.
IFS= read -r -d '' jq_word <<'JQ' || :
  def word:
    if type == "string" and . != "" and (test("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]") | not)
      and (startswith("-") or startswith("@") or contains("=@") | not)
    then . else error("not a word") end;
  def guid:
    if type == "string" and test("\\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\\z")
    then . else error("not an ID") end;
JQ
readonly jq_word

# az with its answer alone: warnings may hold secrets, and az.cmd ends lines with CR.
ask_azure() {
  invoke az "$@" --only-show-errors --output json | tr -d '\r'
}

# The tenant, cloud and subscription that az is signed in to.
account_tenant=""
account_cloud=""
account_subscription=""

# Sets cause and class by what az said: words.
explain_azure() {
  local rest action scope
  case "${words}" in
    *"az login"* | *AADSTS* | *"InvalidAuthenticationToken"* | *ExpiredAuthenticationToken*)
      class="${signed_out}"
      cause="az is not signed in, or its session has ended: run az login${cluster_tenant:+ --tenant ${cluster_tenant}}"
      ;;
    *TooManyRequests* | *"throttled"* | *"(429)"* | *"Too Many Requests"*)
      class="${throttled}"
      cause="Azure throttles your requests: run again in some minutes"
      ;;
    *AuthorizationFailed* | *"does not have authorization to perform action"*)
      class="${forbidden}"
      rest="${words#*perform action \'}"
      action="${rest%%\'*}"
      scope="${rest#*over scope \'}"
      scope="${scope%%\'*}"
      explain_rights
      ;;
    *"No password credential found"*)
      class="${absent}"
      cause="the password does not exist any more"
      ;;
    *Authorization_RequestDenied* | *"Insufficient privileges to complete the operation"*)
      class="${forbidden}"
      cause="you cannot read or change applications in Entra ID: ask for the role Application Administrator, or set appId in the config to an application that you own"
      ;;
    *SubscriptionNotFound* | *"could not be found."*"az account list"* | *"The subscription of "*"doesn't exist in cloud"* | *"Subscription '"*"' not found"*)
      class="${not_found}"
      cause="a subscription in the config does not exist, or you have no access to it: see az account list --all"
      ;;
    *PrincipalNotFound* | *"does not reference a valid application object"* | *"queried reference-property objects are not present"* | *"Request_ResourceNotFound"* | *"list index out of range"*)
      class="${too_early}"
      cause="Azure has not replicated new objects yet: run again in some minutes"
      ;;
    *ResourceGroupNotFound*)
      class="${not_found}"
      cause="a resource group in the config does not exist in the subscription: check resourceGroup and subscription"
      ;;
    *ResourceNotFound* | *"could not be found in subscription"*)
      class="${not_found}"
      cause="${looking_for:-a resource} does not exist in ${looking_in:-the subscription}: check name, resourceGroup and subscription in the config"
      ;;
    *"Failed to establish a new connection"* | *"Max retries exceeded"* | *"Connection aborted"* | *"Connection reset"* | *"ServiceRequestError"* | *"Remote end closed connection"* | *"RemoteDisconnected"* | *"Name or service not known"*)
      class="${unreachable}"
      cause="Azure cannot be reached, or the connection ended: run again"
      ;;
    *) ;;
  esac
}

# Sets cause for a missing right: action, scope.
explain_rights() {
  case "${action}" in
    Microsoft.Authorization/roleAssignments/write | Microsoft.Authorization/roleAssignments/delete)
      cause="you cannot assign roles on ${scope%/providers/Microsoft.Authorization/*}: ask for the role Role Based Access Control Administrator there, or ask someone with that role to run the command above"
      ;;
    Microsoft.ContainerRegistry/registries/tokens/* | Microsoft.ContainerRegistry/registries/scopeMaps/* | Microsoft.ContainerRegistry/registries/generateCredentials/action)
      cause="you lack the permission ${action} on ${scope}: ask for the role Container Registry Contributor and Data Access Configuration Administrator, or Contributor, on the registry"
      ;;
    *) cause="you lack the permission ${action} on ${scope}: ask for a role with it there" ;;
  esac
}

# What a question is about, for a resource that does not exist.
looking_for=""
looking_in=""

# Checks az itself, and what it is signed in to.
signed_in() {
  local answer version want cloud host
  need az tr
  doing="reading the version of az"
  version="$(ask_azure version | jq -r '."azure-cli" // "0"')"
  # That which knows the role assignment mode of a registry, or regional endpoints.
  want=2.73
  for host in ${registry_hosts[@]+"${registry_hosts[@]}"}; do
    if [[ "${host}" == *.geo.* ]]; then
      want=2.86
    fi
  done
  need_version az "${version}" "${want}"
  doing="reading the signed-in account of az (to sign in: az login)"
  answer="$(ask_azure account show --query '{tenant: tenantId, cloud: environmentName, name: name, id: id}')"
  account_tenant="$(jq -r '.tenant // ""' <<<"${answer}")"
  account_cloud="$(jq -r '.cloud // ""' <<<"${answer}")"
  account_subscription="$(jq -r '"\(.name) (\(.id))"' <<<"${answer}")"
  if [[ -n "${cluster_tenant}" && "${account_tenant}" != "${cluster_tenant}" ]]; then
    die "az is signed in to tenant ${account_tenant}: run az login --tenant ${cluster_tenant}"
  fi
  for host in ${registry_hosts[@]+"${registry_hosts[@]}"}; do
    case "${host}" in
      *.azurecr.cn) cloud=AzureChinaCloud ;;
      *.azurecr.us) cloud=AzureUSGovernment ;;
      *.azurecr.io) cloud=AzureCloud ;;
      *) cloud="${account_cloud}" ;;
    esac
    if [[ "${cloud}" != "${account_cloud}" ]]; then
      die "az is signed in to cloud ${account_cloud}, and ${host} is in ${cloud}: run az cloud set --name ${cloud}, then az login"
    fi
  done
  say "tenant ${account_tenant}, subscription ${account_subscription}"
}

# What Azure says of the registries, by their places.
registry_ids=()
registry_admins=()
registry_roles=()
# The flags of az for one registry, of az acr and of its tokens and scope maps.
registry_flags=()
token_flags=()

# Sets registry_flags and token_flags. argument: place of the registry
select_registry() {
  local scope=()
  if [[ -n "${registry_groups[$1]}" ]]; then
    scope+=(--resource-group "${registry_groups[$1]}")
  fi
  if [[ -n "${registry_subscriptions[$1]}" ]]; then
    scope+=(--subscription "${registry_subscriptions[$1]}")
  fi
  registry_flags=(--name "${registry_names[$1]}" ${scope[@]+"${scope[@]}"})
  token_flags=(--registry "${registry_names[$1]}" ${scope[@]+"${scope[@]}"})
}

# Reads every registry, and refuses one that is not as the config says.
plan_registries() {
  local at name host answer server mode
  for ((at = 0; at < ${#registry_names[@]}; at++)); do
    name="${registry_names[at]}"
    host="${registry_hosts[at]}"
    select_registry "${at}"
    looking_for="registry ${name}"
    looking_in="subscription ${registry_subscriptions[at]:-${account_subscription}}"
    doing="reading registry ${name}"
    answer="$(persist 60 ask_azure acr show "${registry_flags[@]}" --query '{id: id, server: loginServer, mode: roleAssignmentMode, admin: adminUserEnabled}')"
    registry_ids[at]="$(jq -r "${jq_word}"'.id | word' <<<"${answer}")"
    registry_admins[at]="$(jq -r '.admin == true' <<<"${answer}")"
    server="$(jq -r '.server' <<<"${answer}")"
    if [[ "${host}" != *.geo.* && "${host}" != "${server}" ]]; then
      die "the login server of ${name} is ${server}, not ${host}: set loginServer in the config"
    fi
    mode="$(jq -r 'if .mode == "AbacRepositoryPermissions" then "abac" elif .mode == "LegacyRegistryPermissions" then "rbac" else "" end' <<<"${answer}")"
    if [[ -z "${mode}" ]]; then
      if [[ "${registry_modes[at]}" != rbac ]]; then
        die "Azure does not tell the role assignment mode of registry ${name}: set roleAssignmentMode to rbac in the config if it has no other"
      fi
      mode=rbac
    fi
    if [[ "${registry_modes[at]}" != detect && "${registry_modes[at]}" != "${mode}" ]]; then
      die "registry ${name} is in mode ${mode}, not ${registry_modes[at]}: set roleAssignmentMode in the config"
    fi
    registry_modes[at]="${mode}"
    # Role IDs, because a custom role may carry the same name.
    case "${mode}" in
      # Container Registry Repository Reader
      abac) registry_roles[at]=b93aa761-3e63-49ed-ac28-beffa264f7ac ;;
      # AcrPull
      *) registry_roles[at]=7f951dda-4ed3-4680-a7ca-43fe172d538d ;;
    esac
  done
  looking_for=""
}
