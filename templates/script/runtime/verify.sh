# shellcheck shell=bash
# --verify of the kind pull-secret: the credentials of the Secret, tried on the registries.

# The types of manifests that a registry may have for an image.
readonly manifest_types='application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json'
failed=no

# A result of --verify. arguments: ok or FAILED, about what, in words
result() {
  say "  $1 $2: $3"
  report check result "$1" about "$2" message "$3"
  if [[ "$1" != ok ]]; then
    failed=yes
  fi
}

# One image with the credential of its registry. arguments: place of the namespace, image
verify_image() {
  local at reply
  split_image "$2"
  for ((at = 0; at < ${#registry_hosts[@]}; at++)); do
    if [[ "${registry_hosts[at]}" == "${image_host}" ]]; then
      break
    fi
  done
  if [[ "${at}" -eq "${#registry_hosts[@]}" ]]; then
    die "image $2 does not belong to a registry of this script: render again"
  fi
  read_entry "$1" "${at}"
  if [[ -z "${credential}" ]]; then
    # Said for its registry already.
    return
  fi
  ask_registry "${image_host}" "${image_repository}"
  if [[ "${answer}" != ok ]]; then
    result FAILED "$2" "registry ${registry_names[at]} ${explanation} for repository ${image_repository}"
    return
  fi
  reply="$(printf '%s' "${access_token}" | command jq -Rrs --arg url "https://${image_host}/v2/${image_repository}/manifests/${image_version}" --arg types "${manifest_types}" "${jq_curl}"'
    ("Authorization: Bearer \(.)", "Accept: \($types)" | curl_option("header")), ($url | curl_option("url"))' 2>/dev/null |
    "${curl[@]}" --head --output /dev/null 2>/dev/null)" || :
  access_token=""
  read_status "${reply}"
  case "${answer}" in
    ok) result ok "$2" "can be pulled" ;;
    absent) result FAILED "$2" "the image does not exist in the registry" ;;
    refused) result FAILED "$2" "the credential cannot pull it" ;;
    *) result FAILED "$2" "registry ${registry_names[at]} ${explanation}" ;;
  esac
}

verify_secret() {
  local at of image refer
  read_secrets
  for ((at = 0; at < ${#namespaces[@]}; at++)); do
    say "namespace ${namespaces[at]}:"
    if [[ "${secret_states[at]}" == absent ]]; then
      result FAILED "Secret ${secret_name}" "does not exist"
      continue
    fi
    for ((of = 0; of < ${#registry_names[@]}; of++)); do
      doing="testing the credential for ${registry_hosts[of]}"
      read_entry "${at}" "${of}"
      if [[ -z "${credential}" ]]; then
        result FAILED "${registry_hosts[of]}" "the Secret has no valid entry for it"
        continue
      fi
      find_probe "${of}"
      ask_registry "${registry_hosts[of]}" "${probe}"
      if [[ "${answer}" == ok ]]; then
        result ok "${registry_hosts[of]}" "the registry accepts the credential"
      else
        result FAILED "${registry_hosts[of]}" "the registry ${explanation}"
      fi
    done
    for image in ${images[@]+"${images[@]}"}; do
      doing="testing ${image}"
      verify_image "${at}" "${image}"
      if [[ "${in_cluster}" == yes ]]; then
        refer="$(jq -nc --arg name "${secret_name}" '{imagePullSecrets: [{name: $name}]}')"
        pull_in_cluster "${namespaces[at]}" "${image}" "${refer}"
      fi
    done
  done
  credential=""
}
