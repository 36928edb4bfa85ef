# shellcheck shell=bash
# Kind pull-secret: plans credentials in a Secret of some namespaces, or their removal.

# Plans what each registry needs, by the type of its credential.
plan_credentials() {
  local at
  for ((at = 0; at < ${#registry_names[@]}; at++)); do
    case "${credential_types[at]}" in
      token) plan_token "${at}" ;;
      service-principal) plan_principal "${at}" ;;
      admin-user) plan_admin "${at}" ;;
      *) die "registry ${registry_names[at]} has no credential: render again" ;;
    esac
    token_json_of[at]="${token_json}"
  done
}

plan_passwords() {
  local at
  for ((at = 0; at < ${#registry_names[@]}; at++)); do
    case "${credential_types[at]}" in
      token) plan_token_password "${at}" ;;
      service-principal) plan_principal_password "${at}" ;;
      admin-user) plan_admin_password "${at}" ;;
      *) die "registry ${registry_names[at]} has no credential: render again" ;;
    esac
  done
}

# Asks the API server whether it would take the Secret: permissions, namespace, quota, policies and
# immutable Secrets are found before a credential is created. argument: place of the namespace
check_write() {
  local namespace="${namespaces[$1]}"
  doing="checking that Secret ${secret_name} can be written in namespace ${namespace}"
  build_manifest "$1" '{"auths":{}}' "checked"
  printf '%s' "${manifest}" | invoke "${kubectl[@]}" --namespace "${namespace}" apply --server-side --dry-run=server --force-conflicts --field-manager=pullwright --filename=- >/dev/null
}

# arguments: name of the step, place of the namespace
plan_write() {
  plan_step "$1" "$2" "writing Secret ${secret_name} in namespace ${namespaces[$2]}" \
    "${kubectl[@]}" --namespace "${namespaces[$2]}" apply --server-side --force-conflicts --field-manager=pullwright --output 'jsonpath={.metadata.resourceVersion}' --filename=-
}

# Where a value can be copied from: the namespace whose Secret is current.
copied_from=""

plan_pull_secret() {
  local at current=() renew="${rotate}"
  # The cluster first: it answers fast.
  read_secrets
  plan_registries
  plan_credentials
  want_ids
  for ((at = 0; at < ${#registry_names[@]}; at++)); do
    if [[ -z "${credential_ids[at]}" || "${credential_fresh[at]}" != yes ]]; then
      renew=yes
    fi
  done
  for ((at = 0; at < ${#namespaces[@]}; at++)); do
    current[at]=no
    if [[ "${secret_states[at]}" == other ]]; then
      describe_other "${at}"
      plan_adoption "Secret ${secret_name} in namespace ${namespaces[at]} was not created by this script${other}"
    fi
    compare_secret "${at}"
    current[at]="${is_current}"
    if [[ "${is_current}" == yes ]]; then
      copied_from="${copied_from:-${at}}"
    fi
  done
  if [[ -z "${copied_from}" ]]; then
    renew=yes
  fi
  for ((at = 0; at < ${#namespaces[@]}; at++)); do
    if [[ "${current[at]}" == no || "${renew}" == yes ]]; then
      check_write "${at}"
    fi
    # Before a new password takes the place of one, no Secret may hold that one: all get the newest.
    if [[ "${current[at]}" == no && -n "${copied_from}" && ("${renew}" == no || "${secret_states[at]}" == ours) ]]; then
      plan_write copied_secret "${at}"
      secret_held[at]="${wanted_ids}"
      hold_ids
    fi
  done
  if [[ "${renew}" == yes ]]; then
    for ((at = 0; at < ${#registry_names[@]}; at++)); do
      check_reach "${at}"
    done
    plan_passwords
    for ((at = 0; at < ${#namespaces[@]}; at++)); do
      plan_write secret "${at}"
    done
  fi
  plan_metadata
}

# Labels and annotations of the config, with a field manager of their own that does not have the value.
plan_metadata() {
  local at namespace have
  if [[ -z "${secret_metadata}" ]]; then
    return
  fi
  for ((at = 0; at < ${#namespaces[@]}; at++)); do
    namespace="${namespaces[at]}"
    doing="reading Secret ${secret_name} in namespace ${namespace}"
    have="$(read_object "${namespace}" secret "${secret_name}" | jq -r --argjson wanted "${secret_metadata}" '
      .metadata as $have
      | [$wanted | to_entries[] | .key as $field | .value | to_entries[] | .value == $have[$field][.key]] | all')"
    if [[ "${have}" != true ]]; then
      say "namespace ${namespace}: Secret ${secret_name} does not have the labels and annotations of the config"
      plan_step metadata "${at}" "labelling Secret ${secret_name} in namespace ${namespace}" \
        "${kubectl[@]}" --namespace "${namespace}" apply --server-side --force-conflicts --field-manager=pullwright-metadata --filename=-
    fi
  done
}

# The Secrets first: Azure stays as it is while a Secret cannot be removed.
plan_secret_removal() {
  local at
  read_secrets
  for ((at = 0; at < ${#namespaces[@]}; at++)); do
    case "${secret_states[at]}" in
      ours)
        plan_step call "${at}" "removing Secret ${secret_name} in namespace ${namespaces[at]}" \
          "${kubectl[@]}" --namespace "${namespaces[at]}" delete secret "${secret_name}" --ignore-not-found
        ;;
      other) say "namespace ${namespaces[at]}: Secret ${secret_name} was not created by this script and is kept" ;;
      *) ;;
    esac
  done
  plan_registries
  for ((at = 0; at < ${#registry_names[@]}; at++)); do
    case "${credential_types[at]}" in
      token) plan_token_removal "${at}" ;;
      service-principal) plan_principal_removal "${at}" ;;
      admin-user) plan_admin_removal "${at}" ;;
      *) die "registry ${registry_names[at]} has no credential: render again" ;;
    esac
  done
}
