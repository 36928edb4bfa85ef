# shellcheck shell=bash
# What the Secrets of a pull secret hold: whose they are, which credentials, and whether registries accept them.

# The newest credential of each registry by an ID that does not reveal it, empty without one, and whether
# it is valid for long enough.
credential_ids=()
credential_fresh=()
# What the namespaces hold, by their places: the state of the Secret (absent, ours, other), its IDs, those
# that a registry may accept, and its value in base64.
secret_states=()
secret_ids=()
secret_held=()
secret_values=()
secret_versions=()
# The owner of a Secret that belongs to another entry, if it records one.
secret_owners=()
# All IDs that a Secret holds, those of them that a registry may accept, and those in Secrets of ours.
named_ids=""
held_ids=""
our_ids=""

# The Secret without its value: type, IDs, manager, owner.
IFS= read -r -d '' jq_secret <<'JQ' || :
  [
    .type,
    (.metadata.annotations["pullwright.dev/credentials"] // ""),
    (.metadata.labels["app.kubernetes.io/managed-by"] // ""),
    (.metadata.annotations["pullwright.dev/owner"] // "")
  ]
  | map(tostring | gsub("[[:cntrl:]]"; " ")) | join("\u001f")
JQ
readonly jq_secret

# Reads the Secret of every namespace.
read_secrets() {
  local at namespace object state type ids manager by
  for ((at = 0; at < ${#namespaces[@]}; at++)); do
    namespace="${namespaces[at]}"
    secret_states[at]=absent
    secret_ids[at]=""
    secret_held[at]=""
    secret_owners[at]=""
    secret_values[at]=""
    secret_versions[at]=""
    doing="reading Secret ${secret_name} in namespace ${namespace}"
    object="$(read_object "${namespace}" secret "${secret_name}")"
    if [[ -z "${object}" ]]; then
      continue
    fi
    # The object goes through no here-string.
    state="$(printf '%s' "${object}" | jq -r "${jq_secret}")"
    secret_values[at]="$(printf '%s' "${object}" | jq -r '.data[".dockerconfigjson"] // ""')"
    secret_versions[at]="$(printf '%s' "${object}" | jq -r '.metadata.resourceVersion // ""')"
    object=""
    split "${state}"
    type="${parts[0]}"
    ids="${parts[1]}"
    manager="${parts[2]}"
    by="${parts[3]}"
    if [[ "${type}" != kubernetes.io/dockerconfigjson ]]; then
      if [[ "${action}" == undo ]]; then
        secret_states[at]=other
        continue
      fi
      die "Secret ${secret_name} in namespace ${namespace} is of type ${type}, which cannot change: delete it, or choose another name in the config"
    fi
    secret_ids[at]="${ids}"
    # Also what belongs to another entry must stay valid as long as a Secret holds it.
    secret_held[at]="${ids}"
    describe_other "${at}"
    if [[ "${manager}" == pullwright && ("${by}" == "${owner}" || (-z "${by}" && -n "${ids}")) ]]; then
      secret_states[at]=ours
    elif [[ "${manager}" == pullwright && -z "${by}" && ("${action}" == undo || -z "${lost_hosts}") ]]; then
      # Rendered from a manifest, and not filled by others.
      secret_states[at]=ours
    else
      secret_states[at]=other
      secret_owners[at]="${by}"
    fi
  done
  hold_ids
}

# Sets named_ids, held_ids and our_ids.
hold_ids() {
  local at
  named_ids=""
  held_ids=""
  our_ids=""
  for ((at = 0; at < ${#namespaces[@]}; at++)); do
    named_ids+=" ${secret_ids[at]}"
    held_ids+=" ${secret_held[at]}"
    if [[ "${secret_states[at]}" == ours ]]; then
      our_ids+=" ${secret_ids[at]}"
    fi
  done
}

# What a registry rejects need not be kept valid. arguments: place of the namespace, login server
release_id() {
  local id kept=""
  for id in ${secret_held[$1]}; do
    if [[ "${id}" != "$2="* ]]; then
      kept+=" ${id}"
    fi
  done
  secret_held[$1]="${kept}"
  hold_ids
}

# Sets credential to the entry of a Secret for a registry, or to nothing.
# arguments: place of the namespace, of the registry
read_entry() {
  credential="$(printf '%s' "${secret_values[$1]}" | command jq -Rce --arg host "${registry_hosts[$2]}" "${jq_credential}"'@base64d | fromjson | .auths[$host] | credential' 2>/dev/null)" || credential=""
}

# What the registries answered to credentials, so that each is asked once.
tried_credentials=()
tried_answers=()

# Sets answer to what a registry says to the credential of a Secret: ok, refused, or none without an entry.
# arguments: place of the namespace, of the registry
try_entry() {
  local at key
  read_entry "$1" "$2"
  if [[ -z "${credential}" ]]; then
    answer=none
    return
  fi
  key="$2 ${credential}"
  for ((at = 0; at < ${#tried_credentials[@]}; at++)); do
    if [[ "${tried_credentials[at]}" == "${key}" ]]; then
      answer="${tried_answers[at]}"
      return
    fi
  done
  find_probe "$2"
  doing="asking registry ${registry_names[$2]} at ${registry_hosts[$2]}"
  ask_registry "${registry_hosts[$2]}" "${probe}"
  case "${answer}" in
    ok | refused) ;;
    *) die "registry ${registry_names[$2]} ${explanation}" ;;
  esac
  tried_credentials+=("${key}")
  tried_answers+=("${answer}")
}

# Sets wanted_ids to the annotation of the newest credentials, or to nothing if one is missing.
want_ids() {
  local at
  wanted_ids=""
  for ((at = 0; at < ${#registry_names[@]}; at++)); do
    if [[ -z "${credential_ids[at]}" ]]; then
      wanted_ids=""
      return
    fi
    wanted_ids+="${wanted_ids:+ }${registry_hosts[at]}=${credential_ids[at]}"
  done
}
wanted_ids=""

# Sets is_current to whether the Secret of a namespace holds the newest credentials, and all registries
# accept them. Says what differs. argument: place of the namespace
compare_secret() {
  local at namespace="${namespaces[$1]}"
  is_current=no
  case "${secret_states[$1]}" in
    absent)
      say "namespace ${namespace}: Secret ${secret_name} does not exist yet"
      return
      ;;
    other) return ;;
    *) ;;
  esac
  if [[ -z "${wanted_ids}" || "${secret_ids[$1]}" != "${wanted_ids}" ]]; then
    say "namespace ${namespace}: Secret ${secret_name} does not contain the current credential"
    return
  fi
  for ((at = 0; at < ${#registry_names[@]}; at++)); do
    try_entry "$1" "${at}"
    if [[ "${answer}" != ok ]]; then
      say "namespace ${namespace}: registry ${registry_names[at]} rejects the credential in Secret ${secret_name}"
      release_id "$1" "${registry_hosts[at]}"
      return
    fi
  done
  is_current=yes
}
is_current=no

# Sets other to the end of a sentence about a Secret that is not ours: whose it is, and what it would
# lose, and lost_hosts to the latter. argument: place of the namespace
describe_other() {
  local hosts
  other=""
  if [[ -n "${secret_owners[$1]}" ]]; then
    other=" but by ${secret_owners[$1]}"
  fi
  hosts="$(printf '%s\n' "${registry_hosts[@]}" | jq -Rnc '[inputs]')"
  hosts="$(printf '%s' "${secret_values[$1]}" | command jq -Rr --argjson ours "${hosts}" '
    @base64d | fromjson | (.auths // {}) | keys - $ours | join(", ")' 2>/dev/null)" || hosts=""
  lost_hosts="${hosts}"
  if [[ -n "${hosts}" ]]; then
    other+="; its entries for ${hosts} would be lost"
  fi
}
other=""
lost_hosts=""
