# shellcheck shell=bash
# Kind attach: the pull role for the kubelet identity of an AKS cluster. Nothing in the cluster changes.

# The flags of az for the cluster.
cluster_flags=()
set_cluster_flags() {
  cluster_flags=(--name "${cluster_name}" --resource-group "${cluster_group}")
  if [[ -n "${cluster_subscription}" ]]; then
    cluster_flags+=(--subscription "${cluster_subscription}")
  fi
}

# Sets cluster_exists. A resource group that does not exist is a failure.
find_cluster() {
  local list scope=(--resource-group "${cluster_group}")
  if [[ -n "${cluster_subscription}" ]]; then
    scope+=(--subscription "${cluster_subscription}")
  fi
  doing="looking for cluster ${cluster_name}"
  list="$(persist 60 ask_azure aks list "${scope[@]}" --query '[].name')"
  cluster_exists="$(jq -r --arg name "${cluster_name}" 'if any(.[]; ascii_downcase == ($name | ascii_downcase)) then "yes" else "no" end' <<<"${list}")"
}
cluster_exists=yes

# Sets identity to the object ID that pulls: the kubelet identity, or the cluster's service principal.
read_identity() {
  local answer client
  looking_for="cluster ${cluster_name}"
  looking_in="resource group ${cluster_group}"
  doing="reading cluster ${cluster_name}"
  answer="$(persist 60 ask_azure aks show "${cluster_flags[@]}" --query '{client: servicePrincipalProfile.clientId, kubelet: identityProfile.kubeletidentity.objectId}')"
  client="$(jq -r "${jq_word}"'.client // "msi" | if . == "msi" then . else guid end' <<<"${answer}")"
  if [[ "${client}" == msi ]]; then
    identity="$(jq -r "${jq_word}"'.kubelet // empty | guid' <<<"${answer}")"
  else
    answer="$(persist 60 ask_azure ad sp show --id "${client}" --query id)"
    identity="$(jq -r "${jq_word}"'guid' <<<"${answer}")"
  fi
  if [[ -z "${identity}" ]]; then
    die "cluster ${cluster_name} has no kubelet identity yet: is it still being created?"
  fi
}

# --attach-acr assigns AcrPull, which a registry in ABAC mode does not honor.
refuse_abac() {
  local at
  if [[ "${attach_method}" == attach-acr ]]; then
    for ((at = 0; at < ${#registry_names[@]}; at++)); do
      if [[ "${registry_modes[at]}" == abac ]]; then
        die "registry ${registry_names[at]} is in ABAC mode, where --attach-acr has no effect: set method to roleAssignment in the config"
      fi
    done
  fi
}

plan_attach() {
  local at first=0 attached=()
  set_cluster_flags
  # The registries first: no cluster is created for one that is not as the config says.
  plan_registries
  refuse_abac
  if [[ "${creates_cluster}" == yes ]]; then
    find_cluster
  fi
  if [[ "${cluster_exists}" == yes ]]; then
    read_identity
  else
    identity=__objectId__
    if [[ "${attach_method}" == attach-acr ]]; then
      attached=(--attach-acr "${registry_ids[0]}")
      first=1
    fi
    plan_step cluster 0 "creating cluster ${cluster_name}" \
      az aks create "${cluster_flags[@]}" --generate-ssh-keys ${create_flags[@]+"${create_flags[@]}"} ${attached[@]+"${attached[@]}"} --only-show-errors --output none
  fi
  for ((at = first; at < ${#registry_names[@]}; at++)); do
    case "${attach_method}" in
      role-assignment) plan_role "${at}" "${identity}" "${attach_condition}" ;;
      attach-acr) plan_attach_acr "${at}" ;;
      *) die "unknown method ${attach_method}: render again" ;;
    esac
  done
}

# argument: place of the registry
plan_attach_acr() {
  if [[ "${identity}" != __objectId__ ]]; then
    read_role "$1" "${identity}" ""
    if [[ "${role_right}" == true ]]; then
      return
    fi
  fi
  plan_step call "$1" "attaching registry ${registry_names[$1]}" \
    az aks update "${cluster_flags[@]}" --attach-acr "${registry_ids[$1]}" --only-show-errors --output none
}

apply_cluster() {
  unfinished="cluster ${cluster_name}, which may still be created by Azure, without the pull role"
  apply_call
  read_identity
  unfinished=""
}

# Only assignments on the registry itself: inherited roles are managed elsewhere.
plan_detach() {
  local at
  set_cluster_flags
  plan_registries
  if [[ "${creates_cluster}" == yes ]]; then
    find_cluster
    if [[ "${cluster_exists}" == no ]]; then
      say "cluster ${cluster_name} does not exist"
      return
    fi
  fi
  read_identity
  for ((at = 0; at < ${#registry_names[@]}; at++)); do
    case "${attach_method}" in
      role-assignment) plan_role_removal "${at}" "${identity}" ;;
      attach-acr)
        read_role "${at}" "${identity}" ""
        # az describes no role that it assigns by --attach-acr.
        if [[ -n "${role_id}" && -n "${role_owner}" ]]; then
          say "the pull role on registry ${registry_names[at]} was not assigned by this script and is kept; to remove it: az role assignment delete --ids ${role_id}"
        elif [[ -n "${role_id}" ]]; then
          plan_step call "${at}" "detaching registry ${registry_names[at]}" \
            az aks update "${cluster_flags[@]}" --detach-acr "${registry_ids[at]}" --only-show-errors --output none
        fi
        ;;
      *) die "unknown method ${attach_method}: render again" ;;
    esac
  done
  if [[ "${#steps[@]}" -gt 0 ]]; then
    say "other clusters with the same kubelet identity lose access to the registry as well"
  fi
}

verify_attach() {
  local at said
  set_cluster_flags
  plan_registries
  read_identity
  for ((at = 0; at < ${#registry_names[@]}; at++)); do
    read_role "${at}" "${identity}" "${attach_condition}"
    if [[ "${role_right}" != true ]]; then
      result FAILED "${registry_names[at]}" "the kubelet identity does not have the pull role: run this script with --apply"
      continue
    fi
    result ok "${registry_names[at]}" "the kubelet identity has the pull role"
    doing="testing the pull from a node"
    code=0
    said="$(az aks check-acr "${cluster_flags[@]}" --acr "${registry_hosts[at]}" --only-show-errors 2>&1)" || code="$?"
    # The pod of this command prints a verdict; without one, the command has failed by itself.
    case "${code} ${said}" in
      # Of several checks, one that fails decides.
      *FAILED* | *"rejected token exchange"*)
        say_lines <<<"${said}"
        result FAILED "${registry_hosts[at]}" "a node cannot pull (az aks check-acr)"
        ;;
      0' '*"can pull images from"*) result ok "${registry_hosts[at]}" "a node can pull (az aks check-acr)" ;;
      *)
        say_lines <<<"${said}"
        result FAILED "${registry_hosts[at]}" "not tested: az aks check-acr itself failed (it needs kubectl, access to the API server, and a privileged pod in namespace default)"
        ;;
    esac
  done
}
