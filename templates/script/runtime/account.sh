# shellcheck shell=bash
# Kind service-account: the Secret in the list of a ServiceAccount. Other entries of the list are kept.

# A patch with the version that was read, so that no concurrent change is lost; nothing if the list is
# as wanted.
IFS= read -r -d '' jq_patch <<'JQ' || :
  (.imagePullSecrets // []) as $old
  | (if $edit == "add" then
       if any($old[]; .name == $secret) then $old else $old + [{name: $secret}] end
     else [$old[] | select(.name != $secret)] end) as $new
  | if $old == $new then empty
    else {metadata: {resourceVersion: .metadata.resourceVersion}, imagePullSecrets: $new} end
JQ
readonly jq_patch

# Sets account to the ServiceAccount as JSON. A new namespace gets its default account after a moment.
# argument: namespace
read_account() {
  local attempt
  doing="reading ServiceAccount ${account_name} in namespace $1"
  for ((attempt = 1; attempt <= 10; attempt++)); do
    account="$(read_object "$1" serviceaccount "${account_name}")"
    if [[ -n "${account}" ]]; then
      return
    fi
    if [[ "${apply}" != yes ]]; then
      break
    fi
    say "waiting for ServiceAccount ${account_name} in namespace $1 (${attempt}/10)"
    sleep 1
  done
  die "namespace $1 has no ServiceAccount ${account_name}: create it first, or set serviceAccount.mode to create in the config"
}
account=""

# Sets patch to what changes the list. argument: add or remove
build_patch() {
  patch="$(jq -c --arg secret "${secret_name}" --arg edit "$1" "${jq_patch}" <<<"${account}")"
}
patch=""

# argument: add or remove
plan_account() {
  local at namespace allowed list
  for ((at = 0; at < ${#namespaces[@]}; at++)); do
    namespace="${namespaces[at]}"
    read_account "${namespace}"
    build_patch "$1"
    if [[ -z "${patch}" ]]; then
      continue
    fi
    doing="checking your permissions in namespace ${namespace}"
    set +e
    allowed="$(invoke "${kubectl[@]}" --namespace "${namespace}" auth can-i patch serviceaccounts)"
    code="$?"
    set -e
    if [[ "${code}" -ge 79 && "${code}" -le 89 ]]; then
      quit 1
    elif [[ "${code}" -ne 0 ]]; then
      die "you cannot patch serviceaccounts in namespace ${namespace} (${allowed:-no answer}): ask for a role that allows it"
    fi
    list="$(jq -c '.imagePullSecrets' <<<"${patch}")"
    say "namespace ${namespace}: imagePullSecrets ${list}"
    plan_step "account_$1" "${at}" "patching ServiceAccount ${account_name} in namespace ${namespace}" \
      "${kubectl[@]}" --namespace "${namespace}" patch serviceaccount "${account_name}" --type=merge --patch-file=/dev/stdin
  done
}

apply_account_add() {
  edit_account "$1" add
  hints=("only new pods without pull secrets of their own get the Secret: restart the workloads")
}

apply_account_remove() {
  edit_account "$1" remove
}

# Others may change the account all the time: reads it again and tries again. arguments: place of the
# namespace, add or remove
edit_account() {
  local namespace="${namespaces[$1]}" attempt said words cause class
  for ((attempt = 1; attempt <= 12; attempt++)); do
    read_account "${namespace}"
    build_patch "$2"
    if [[ -z "${patch}" ]]; then
      return
    fi
    doing="patching ServiceAccount ${account_name} in namespace ${namespace}"
    code=0
    said="$("${call[@]}" <<<"${patch}" 2>&1 >/dev/null)" || code="$?"
    if [[ "${code}" -eq 0 ]]; then
      return
    fi
    if [[ "${said}" != *"(Conflict)"* && "${said}" != *"the object has been modified"* ]]; then
      say_lines <<<"${said}"
      words="${said:0:8000}"
      cause="ServiceAccount ${account_name} in namespace ${namespace} cannot be patched"
      explain_kubernetes
      die "${cause}"
    fi
    say "the account was changed meanwhile: trying again (${attempt}/12)"
    if [[ "${attempt}" -gt 3 ]]; then
      sleep "$((RANDOM % 3 + 1))"
    fi
  done
  die "ServiceAccount ${account_name} in namespace ${namespace} keeps changing: find out which controller changes it, and run again"
}

verify_account() {
  local namespace type listed image refer
  for namespace in "${namespaces[@]}"; do
    read_account "${namespace}"
    listed="$(jq -r --arg secret "${secret_name}" 'any(.imagePullSecrets[]?; .name == $secret)' <<<"${account}")"
    doing="reading Secret ${secret_name} in namespace ${namespace}"
    type="$(read_object "${namespace}" secret "${secret_name}" | jq -r '.type')"
    if [[ "${listed}" != true ]]; then
      result FAILED "namespace ${namespace}" "ServiceAccount ${account_name} does not list Secret ${secret_name}"
    elif [[ -z "${type}" ]]; then
      result FAILED "namespace ${namespace}" "Secret ${secret_name} does not exist"
    elif [[ "${type}" != kubernetes.io/dockerconfigjson ]]; then
      result FAILED "namespace ${namespace}" "Secret ${secret_name} is of type ${type}"
    else
      result ok "namespace ${namespace}" "ServiceAccount ${account_name} lists Secret ${secret_name}"
    fi
    if [[ "${in_cluster}" == yes ]]; then
      for image in ${images[@]+"${images[@]}"}; do
        refer="$(jq -nc --arg name "${account_name}" '{serviceAccountName: $name}')"
        pull_in_cluster "${namespace}" "${image}" "${refer}"
      done
    fi
  done
}
