# shellcheck shell=bash
# Kind pull-secret: credentials in a Secret of some namespaces.

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
# The value that is being built, as JSON.
docker_config='{"auths":{}}'

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

# The manifest of the Secret, whose value is read from stdin.
IFS= read -r -d '' jq_manifest <<'JQ' || :
  @base64 as $value
  | {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/dockerconfigjson",
    metadata: {
      name: $name,
      namespace: $namespace,
      labels: {"app.kubernetes.io/managed-by": "pullwright"},
      annotations: {"pullwright.dev/credentials": $ids, "pullwright.dev/owner": $owner}
    }
  }
  | .data[".dockerconfigjson"] = $value
  | if $version == "" then . else .metadata.resourceVersion = $version end
JQ
readonly jq_manifest

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

# Sets manifest to the Secret in the version that was read. arguments: place of the namespace, its value, its IDs
build_manifest() {
  manifest="$(printf '%s' "$2" | jq -Rcs --arg name "${secret_name}" --arg namespace "${namespaces[$1]}" --arg ids "$3" --arg owner "${owner}" --arg version "${secret_versions[$1]}" "${jq_manifest}")"
}
manifest=""

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

# Adds the credential to the value that is being built. argument: place of the registry
add_to_value() {
  docker_config="$(printf '%s\n%s\n' "${docker_config}" "${credential}" | jq -cs --arg host "${registry_hosts[$1]}" '
    .[1] as $new | .[0]
    | .auths[$host] = {username: $new.username, password: $new.password, auth: ("\($new.username):\($new.password)" | @base64)}')"
  credential=""
}

# Which namespaces hold the value, new or copied, for those who ask after an interruption.
written=""
wrote=copied

# argument: place of the namespace
apply_secret() {
  if [[ "${wrote}" != new ]]; then
    written=""
    wrote=new
    try_value
  fi
  want_ids
  write_secret "$1" "${docker_config}"
}

# argument: place of the namespace
apply_copied_secret() {
  local value hosts
  want_ids
  # What others have added there is not for this namespace.
  hosts="$(printf '%s\n' "${registry_hosts[@]}" | jq -Rnc '[inputs]')"
  value="$(printf '%s' "${secret_values[copied_from]}" | jq -Rc --argjson hosts "${hosts}" '
    @base64d | fromjson | {auths: (.auths | with_entries(select(.key as $host | $hosts | index($host))))}')"
  write_secret "$1" "${value}"
}

# Writes a value, and keeps entries for other login servers that others have added. Of two runs at once the
# second fails: it must be the Secret that was read. arguments: place of the namespace, value
write_secret() {
  local at rest="" merged found namespace="${namespaces[$1]}"
  for ((at = $1; at < ${#namespaces[@]}; at++)); do
    rest+=" ${namespaces[at]}"
  done
  if [[ -z "${secret_versions[$1]}" ]]; then
    doing="reading Secret ${secret_name} in namespace ${namespace}"
    found="$(read_object "${namespace}" secret "${secret_name}" | jq -r '.metadata.name')"
    if [[ -n "${found}" ]]; then
      die "Secret ${secret_name} in namespace ${namespace} was created meanwhile: run again"
    fi
  fi
  doing="writing Secret ${secret_name} in namespace ${namespace}"
  unfinished="Secret ${secret_name} has its value in namespaces:${written:- none}; not yet, or not surely, in:${rest}; what they hold stays valid"
  merged="$2"
  if [[ "${secret_states[$1]}" == ours ]]; then
    merged="$(printf '%s\n%s' "$2" "${secret_values[$1]}" | jq -Rcs --arg ids "${secret_ids[$1]}" '
      split("\n") | (.[0] | fromjson) as $new
      | [$ids | split(" ")[] | split("=")[0]] as $named
      | (.[1] | try (@base64d | fromjson | .auths // {}) catch {}) as $old
      | $new | .auths = ($old | with_entries(select(.key as $host | $named | index($host) | not))) + .auths')"
  fi
  build_manifest "$1" "${merged}" "${wanted_ids}"
  merged=""
  secret_versions[$1]="$(printf '%s' "${manifest}" | invoke "${call[@]}")"
  manifest=""
  written+=" ${namespace}"
  unfinished="Secret ${secret_name} has its value in namespaces:${written}"
  hints=("pods that are waiting for their image pick up the Secret automatically")
}

# Asks the registries once more before the first Secret is written: another run may have replaced a password.
try_value() {
  local at
  for ((at = 0; at < ${#registry_names[@]}; at++)); do
    credential="$(printf '%s' "${docker_config}" | jq -c --arg host "${registry_hosts[at]}" '.auths[$host] | {username, password}')"
    find_probe "${at}"
    ask_registry "${registry_hosts[at]}" "${probe}"
    if [[ "${answer}" == refused ]]; then
      die "registry ${registry_names[at]} does not accept the new credential any more: another run may have replaced it; run again"
    fi
  done
  credential=""
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

# argument: place of the namespace
apply_metadata() {
  local labels
  labels="$(jq -nc --arg name "${secret_name}" --arg namespace "${namespaces[$1]}" --argjson wanted "${secret_metadata}" '
    {apiVersion: "v1", kind: "Secret", type: "kubernetes.io/dockerconfigjson", metadata: ({name: $name, namespace: $namespace} + $wanted)}')"
  printf '%s' "${labels}" | invoke "${call[@]}" >/dev/null
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
