# shellcheck shell=bash
# Service principals of Microsoft Entra ID. New passwords are appended; of those that this script
# created, the ones that no Secret holds are removed before the next is created.

# Registries that name the same service principal share one password. By its place in these lists:
principal_apps=()
principal_names=()
principal_titles=()
principal_objects=()
# The passwords of this script, newest last, as JSON without values.
principal_keys=()
principal_days=()
# The ID of the password of this run, or that one is planned.
principal_ids=()
# By the place of a registry: the place of its service principal.
credential_principals=()

# Sets principal_objects and principal_keys of a service principal whose application is known.
# argument: its place
read_principal() {
  local answer app="${principal_apps[$1]}"
  principal_objects[$1]=""
  principal_keys[$1]='[]'
  doing="reading the service principal of application ${app}"
  answer="$(persist 60 ask_azure ad sp list --filter "appId eq '${app}'")"
  principal_objects[$1]="$(jq -r "${jq_word}"'.[0].id // empty | guid' <<<"${answer}")"
  if [[ -n "${principal_objects[$1]}" ]]; then
    answer="$(persist 60 ask_azure ad sp credential list --id "${app}")"
    principal_keys[$1]="$(jq -c --arg owner "pullwright ${owner}" "${jq_word}"'[.[] | select(.displayName == $owner) | {keyId: (.keyId | guid), startDateTime, endDateTime}] | sort_by(.startDateTime)' <<<"${answer}")"
  fi
}

# Sets application to the ID of the one of a name, or to nothing. argument: name
find_application() {
  local name="$1" answer count quote="'"
  doing="looking for application ${name}"
  answer="$(persist 60 ask_azure ad app list --filter "displayName eq '${name//${quote}/${quote}${quote}}'")"
  count="$(jq -r 'length' <<<"${answer}")"
  if [[ "${count}" -gt 1 ]]; then
    answer="$(jq -r "${jq_word}"'map(.appId | guid) | join(", ")' <<<"${answer}")"
    die "${count} applications are called ${name}: ${answer}; set appId in the config to the one to use"
  fi
  application="$(jq -r "${jq_word}"'.[0].appId // empty | guid | ascii_downcase' <<<"${answer}")"
}
application=""

# Sets credential_principals of a registry, and reads its service principal if it is the first with it.
# argument: place of the registry
find_principal() {
  local at
  for ((at = 0; at < ${#principal_apps[@]}; at++)); do
    if [[ "${principal_names[at]}" == "${credential_names[$1]}" && ("${principal_apps[at]}" == "${credential_apps[$1]}" || -z "${credential_apps[$1]}") ]]; then
      credential_principals[$1]="${at}"
      if [[ "${credential_days[$1]}" -lt "${principal_days[at]}" ]]; then
        principal_days[at]="${credential_days[$1]}"
      fi
      return
    fi
  done
  at="${#principal_apps[@]}"
  if [[ -z "${credential_apps[$1]}" ]]; then
    find_application "${credential_names[$1]}"
    for ((at = 0; at < ${#principal_apps[@]}; at++)); do
      if [[ -n "${application}" && "${principal_apps[at]}" == "${application}" ]]; then
        credential_principals[$1]="${at}"
        return
      fi
    done
  fi
  credential_principals[$1]="${at}"
  principal_names[at]="${credential_names[$1]}"
  principal_apps[at]="${credential_apps[$1]:-${application}}"
  principal_days[at]="${credential_days[$1]}"
  principal_titles[at]="service principal ${credential_names[$1]:-${credential_apps[$1]}}"
  principal_objects[at]=""
  principal_keys[at]='[]'
  principal_ids[at]=""
  if [[ -n "${principal_apps[at]}" ]]; then
    read_principal "${at}"
  fi
}

# Plans what a service principal lacks to pull from a registry, and sets its current password.
# argument: place of the registry
plan_principal() {
  local before="${#principal_apps[@]}" at
  find_principal "$1"
  at="${credential_principals[$1]}"
  credential_ids[$1]=""
  credential_fresh[$1]=no
  if [[ -n "${principal_objects[at]}" ]]; then
    plan_role "$1" "${principal_objects[at]}" ""
    credential_ids[$1]="$(jq -r --arg app "${principal_apps[at]}" '.[-1] // empty | "\($app)/\(.keyId)"' <<<"${principal_keys[at]}")"
    # Renewed when a third of its life is left, at the latest 30 days before its end.
    credential_fresh[$1]="$(jq -r --argjson days "${principal_days[at]}" '
      (.[-1] // {})
      | if (.endDateTime // "") == "" then "no"
        elif ((.endDateTime[0:19] + "Z" | fromdateiso8601) - now) > ([$days / 3, 30] | min) * 86400 then "yes"
        else "no" end' <<<"${principal_keys[at]}")"
    return
  fi
  if [[ -n "${credential_apps[$1]}" ]]; then
    die "service principal with application ID ${credential_apps[$1]} does not exist in tenant ${account_tenant}: run az ad sp create --id ${credential_apps[$1]}, or set name instead of appId in the config"
  fi
  if [[ "${at}" -eq "${before}" ]]; then
    if [[ -z "${principal_apps[at]}" ]]; then
      plan_step application "${at}" "creating application ${principal_names[at]}" \
        az ad app create --display-name "${principal_names[at]}" --sign-in-audience AzureADMyOrg --only-show-errors --output json
    fi
    plan_step principal "${at}" "creating the service principal of ${principal_names[at]}" \
      az ad sp create --id "${principal_apps[at]:-__appId__}" --only-show-errors --output json
  fi
  plan_role "$1" __objectId__ ""
}

# argument: place of the service principal
apply_application() {
  local answer
  answer="$(persist 60 invoke "${call[@]}" | tr -d '\r')"
  principal_apps[$1]="$(jq -r "${jq_word}"'.appId | guid' <<<"${answer}")"
}

# argument: place of the service principal
apply_principal() {
  local answer
  replace_word __appId__ "${principal_apps[$1]}"
  answer="$(persist 300 invoke "${call[@]}" | tr -d '\r')"
  principal_objects[$1]="$(jq -r "${jq_word}"'.id | guid' <<<"${answer}")"
}

# Plans a new password of a service principal, once for all registries that share it, and the removal of
# the ones that no Secret holds. argument: place of the registry
plan_principal_password() {
  local at="${credential_principals[$1]}" app key end ours
  if [[ "${principal_ids[at]}" == planned ]]; then
    return
  fi
  principal_ids[at]=planned
  app="${principal_apps[at]:-__appId__}"
  # None that a Secret names, whatever a registry says of it at the moment: a role may be missing for a while.
  find_spared_key "${at}"
  ours="$(jq -r '.[].keyId' <<<"${principal_keys[at]}")"
  while IFS= read -r key <&5; do
    if [[ -n "${key}" && "${key}" != "${spared_key}" && " ${named_ids} " != *"/${key} "* ]]; then
      plan_step key_removal "${at}" "removing an old password of ${principal_titles[at]}" \
        az ad sp credential delete --id "${app}" --key-id "${key}" --only-show-errors --output none
    fi
  done 5<<<"${ours}"
  end="$(jq -rn --argjson days "${principal_days[at]}" 'now + $days * 86400 | floor | todateiso8601')"
  plan_step principal_password "$1" "creating a password of ${principal_titles[at]}" \
    az ad sp credential reset --id "${app}" --append --display-name "pullwright ${owner}" --end-date "${end}" --only-show-errors --output json
}

# Sets spared_key to the newest password, which a Secret that the config does not name any more may hold; to
# nothing if every Secret of the config names an earlier one, so that an interrupted run has left the newest.
# argument: place of the service principal
find_spared_key() {
  local at key ours named
  spared_key="$(jq -r '.[-1].keyId // ""' <<<"${principal_keys[$1]}")"
  ours="$(jq -r '.[].keyId' <<<"${principal_keys[$1]}")"
  for ((at = 0; at < ${#namespaces[@]}; at++)); do
    named=no
    for key in ${ours}; do
      if [[ "${secret_states[at]}" == ours && " ${secret_ids[at]} " == *"/${key} "* ]]; then
        named=yes
      fi
    done
    if [[ "${named}" == no ]]; then
      return
    fi
  done
  spared_key=""
}
spared_key=""

# A password that has gone meanwhile is no failure.
apply_key_removal() {
  try invoke "${call[@]}" >/dev/null
  if [[ "${code}" -ne 0 && "${code}" -ne "${absent}" ]]; then
    quit 1
  fi
}

# Creates the password, and waits until Entra ID lists it: only the list has its ID.
# argument: place of the registry
apply_principal_password() {
  local at="${credential_principals[$1]}" of known attempt key=""
  replace_word __appId__ "${principal_apps[at]}"
  known="$(jq -c '[.[].keyId]' <<<"${principal_keys[at]}")"
  mint "a new password of ${principal_titles[at]} that no Secret holds, which a later run removes"
  credential="$(printf '%s' "${minted}" | jq -c --arg user "${principal_apps[at]}" '{username: $user, password}')"
  check_credential "$1"
  minted="${credential}"
  for ((attempt = 1; attempt <= 24; attempt++)); do
    read_principal "${at}"
    key="$(jq -r --argjson known "${known}" '[.[] | .keyId | select(. as $key | $known | index($key) | not)][-1] // empty' <<<"${principal_keys[at]}")"
    if [[ -n "${key}" ]]; then
      break
    fi
    say "waiting for Entra ID to list the new password (${attempt}/24)"
    sleep 5
  done
  if [[ -z "${key}" ]]; then
    die "Entra ID does not list the new password yet; run again with --apply in some minutes"
  fi
  principal_ids[at]="${principal_apps[at]}/${key}"
  # For all registries that share it.
  for ((of = 0; of < ${#registry_names[@]}; of++)); do
    if [[ "${credential_principals[of]-}" == "${at}" ]]; then
      credential="${minted}"
      credential_ids[of]="${principal_ids[at]}"
      await_credential "${of}"
      add_to_value "${of}"
    fi
  done
}

# The identity and its role stay: others may use them. argument: place of the registry
plan_principal_removal() {
  local before="${#principal_apps[@]}" at key ours
  find_principal "$1"
  at="${credential_principals[$1]}"
  if [[ "${at}" -lt "${before}" || -z "${principal_objects[at]}" ]]; then
    return
  fi
  ours="$(jq -r '.[].keyId' <<<"${principal_keys[at]}")"
  while IFS= read -r key <&5; do
    if [[ -n "${key}" && " ${named_ids} " == *"/${key} "* && " ${our_ids} " != *"/${key} "* ]]; then
      say "a password of ${principal_titles[at]} is kept: a Secret that is kept holds it"
    elif [[ -n "${key}" ]]; then
      plan_step key_removal "${at}" "removing a password of ${principal_titles[at]}" \
        az ad sp credential delete --id "${principal_apps[at]}" --key-id "${key}" --only-show-errors --output none
    fi
  done 5<<<"${ours}"
  say "${principal_titles[at]} and its roles are kept; remove them yourself if they are unused"
}
