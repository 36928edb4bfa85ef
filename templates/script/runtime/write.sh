# shellcheck shell=bash
# Writes the Secrets of a pull secret.

# The value that is being built, as JSON.
docker_config='{"auths":{}}'

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

# Sets manifest to the Secret in the version that was read. arguments: place of the namespace, its value, its IDs
build_manifest() {
  manifest="$(printf '%s' "$2" | jq -Rcs --arg name "${secret_name}" --arg namespace "${namespaces[$1]}" --arg ids "$3" --arg owner "${owner}" --arg version "${secret_versions[$1]}" "${jq_manifest}")"
}
manifest=""

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
    doing="asking registry ${registry_names[at]} at ${registry_hosts[at]}"
    ask_registry "${registry_hosts[at]}" "${probe}"
    case "${answer}" in
      ok) ;;
      refused) die "registry ${registry_names[at]} does not accept the new credential any more: another run may have replaced it; run again" ;;
      *) die "registry ${registry_names[at]} ${explanation}" ;;
    esac
  done
  credential=""
}

# argument: place of the namespace
apply_metadata() {
  local labels
  labels="$(jq -nc --arg name "${secret_name}" --arg namespace "${namespaces[$1]}" --argjson wanted "${secret_metadata}" '
    {apiVersion: "v1", kind: "Secret", type: "kubernetes.io/dockerconfigjson", metadata: ({name: $name, namespace: $namespace} + $wanted)}')"
  printf '%s' "${labels}" | invoke "${call[@]}" >/dev/null
}
