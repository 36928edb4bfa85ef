# shellcheck shell=bash
# Repository-scoped tokens. A token has two password slots: a new password goes into the one that no
# Secret holds, so that pods keep pulling. The description of its scope map records the owner.

# A password of a token as a Secret's annotation names it, without its value.
IFS= read -r -d '' jq_slot <<'JQ' || :
  def slots: [.credentials.passwords[]? | select(.name == "password1" or .name == "password2")]
    | sort_by(.creationTime);
  def slot_id: "\($token)/\(.name)/\(.creationTime[0:19])";
  # Renewed when a third of its life is left, at the latest 30 days before its end.
  def is_fresh: (.expiry // "") != ""
    and ((.expiry[0:19] + "Z" | fromdateiso8601) - now) > ([$days / 3, 30] | min) * 86400;
JQ
readonly jq_slot

# The actions of a scope map that the config does not want, as flags of az and in words.
IFS= read -r -d '' jq_extra <<'JQ' || :
  .[]
  | (capture("\\Arepositories/(?<name>[A-Za-z0-9*][A-Za-z0-9*._/-]*)/(?<action>(content|metadata)/(read|write|delete))\\z")
      | "--remove-repository \(.name) \(.action)"),
    (capture("\\Agateway/(?<name>[A-Za-z0-9*][A-Za-z0-9*._-]*)/(?<action>(config|message)/(read|write))\\z")
      | "--remove-gateway \(.name) \(.action)")
JQ
readonly jq_extra

# Sets scope_map_json and token_json, each empty if there is none. argument: place of the registry
read_token() {
  local list
  select_registry "$1"
  doing="reading the scope maps of registry ${registry_names[$1]}"
  list="$(persist 60 ask_azure acr scope-map list "${token_flags[@]}")"
  scope_maps_json="${list}"
  scope_map_json="$(jq -c --arg name "${credential_maps[$1]}" '[.[] | select((.name | ascii_downcase) == ($name | ascii_downcase))][0] // empty' <<<"${list}")"
  doing="reading the tokens of registry ${registry_names[$1]}"
  list="$(persist 60 ask_azure acr token list "${token_flags[@]}")"
  token_json="$(jq -c --arg name "${credential_names[$1]}" '[.[] | select((.name | ascii_downcase) == ($name | ascii_downcase))][0] // empty' <<<"${list}")"
}
scope_maps_json='[]'
scope_map_json=""
token_json=""

# Sets map_owner to the owner that the scope map records: ours, adopted (ours, with a token that was
# not), other or none.
read_map_owner() {
  local described
  described="$(jq -r '.description // "" | tostring' <<<"${scope_map_json:-null}")"
  case "${described}" in
    "pullwright ${owner}") map_owner=ours ;;
    "pullwright ${owner} (adopted)") map_owner=adopted ;;
    *) map_owner=other ;;
  esac
  map_creator=""
  if [[ "${map_owner}" == other && "${described}" == pullwright' '* ]]; then
    map_creator=" but by ${described#pullwright }"
  fi
  if [[ -z "${scope_map_json}" ]]; then
    map_owner=none
  fi
}
map_owner=""
# The end of a sentence about a scope map of another entry.
map_creator=""

# Sets token_owner to whose the token is, by the scope map that it has now: ours, adopted or other.
# argument: place of the registry
read_token_owner() {
  local described
  token_map="$(jq -r "${jq_word}"'.scopeMapId // "" | split("/")[-1] // "" | if . == "" then . else word end' <<<"${token_json}")"
  described="$(jq -r --arg name "${token_map}" '[.[] | select((.name | ascii_downcase) == ($name | ascii_downcase))][0].description // "" | tostring' <<<"${scope_maps_json}")"
  case "${described}" in
    "pullwright ${owner}") token_owner=ours ;;
    "pullwright ${owner} (adopted)") token_owner=adopted ;;
    *) token_owner=other ;;
  esac
  if [[ -z "${token_map}" && " ${our_ids} " == *" ${registry_hosts[$1]}=${credential_names[$1]}/"* ]]; then
    token_owner=ours
  fi
  if [[ "${token_owner}" == other && "${described}" == pullwright' '* ]]; then
    map_creator=" but by ${described#pullwright }"
  fi
}
token_owner=""
# The scope map that the token has now.
token_map=""

# Sets the ID of the newest password of a token, or nothing. argument: place of the registry
find_newest_id() {
  credential_ids[$1]=""
  if [[ -n "${token_json}" ]]; then
    credential_ids[$1]="$(jq -r --arg token "${credential_names[$1]}" --argjson days 0 "${jq_slot}"'slots[-1] // empty | slot_id' <<<"${token_json}")"
  fi
}

# Plans what a token lacks, and sets its current password. argument: place of the registry
plan_token() {
  local name="${credential_names[$1]}" map="${credential_maps[$1]}" state adopted=""
  read_token "$1"
  read_map_owner
  credential_fresh[$1]=no
  find_newest_id "$1"
  # The scope map that a token has tells whose it is. One that has none is ours if a Secret of ours holds a
  # password.
  if [[ -n "${token_json}" ]]; then
    read_token_owner "$1"
    if [[ "${token_owner}" == adopted ]]; then
      adopted=" (adopted)"
    elif [[ "${token_owner}" != ours ]]; then
      plan_adoption "token ${name} of registry ${registry_names[$1]} was not created by this script${map_creator}"
      # What another entry of pullwright has created is as good as ours, and removed as such.
      if [[ -z "${map_creator}" ]]; then
        adopted=" (adopted)"
      fi
    fi
  fi
  if [[ "${map_owner}" == other ]]; then
    plan_adoption "scope map ${map} of registry ${registry_names[$1]} was not created by this script${map_creator}"
    if [[ -z "${map_creator}" ]]; then
      adopted=" (adopted)"
    fi
  fi
  plan_scope_map "$1" "${adopted}"
  if [[ -z "${token_json}" ]]; then
    plan_step patient_call "$1" "creating token ${name}" \
      az acr token create --name "${name}" "${token_flags[@]}" --scope-map "${map}" --no-passwords true --only-show-errors --output none
    return
  fi
  doing="comparing token ${name} with the config"
  state="$(jq -r --arg map "${map}" '(.scopeMapId // "" | split("/")[-1] // "" | ascii_downcase) == ($map | ascii_downcase) and (.status // "enabled") == "enabled"' <<<"${token_json}")"
  if [[ "${state}" != true ]]; then
    plan_step call "$1" "updating token ${name}" \
      az acr token update --name "${name}" "${token_flags[@]}" --scope-map "${map}" --status enabled --only-show-errors --output none
  fi
  credential_fresh[$1]="$(jq -r --arg token "${name}" --argjson days "${credential_days[$1]}" "${jq_slot}"'if (slots[-1] // {}) | is_fresh then "yes" else "no" end' <<<"${token_json}")"
}

# Plans the scope map, or the difference of its actions.
# arguments: place of the registry, what is added to the description of one that is taken over
plan_scope_map() {
  local map="${credential_maps[$1]}" repository have want missing extra count line flags=() removed=0
  doing="comparing scope map ${map} with the config"
  split "${credential_repositories[$1]}"
  if [[ -z "${scope_map_json}" ]]; then
    for repository in "${parts[@]}"; do
      flags+=(--repository "${repository}" content/read)
    done
    plan_step call "$1" "creating scope map ${map}" \
      az acr scope-map create --name "${map}" "${token_flags[@]}" "${flags[@]}" --description "pullwright ${owner}$2" --only-show-errors --output none
    return
  fi
  want="$(printf '%s\n' "${parts[@]}" | jq -Rnc '[inputs | "repositories/\(.)/content/read"] | sort')"
  have="$(jq -c '[.actions[]?] | sort' <<<"${scope_map_json}")"
  missing="$(jq -rn --argjson have "${have}" --argjson want "${want}" '$want - $have | .[] | ltrimstr("repositories/") | rtrimstr("/content/read")')"
  while IFS= read -r repository; do
    if [[ -n "${repository}" ]]; then
      flags+=(--add-repository "${repository}" content/read)
    fi
  done <<<"${missing}"
  have="$(jq -nc --argjson have "${have}" --argjson want "${want}" '$have - $want')"
  extra="$(jq -r "${jq_extra}" <<<"${have}")"
  count="$(jq -r 'length' <<<"${have}")"
  # Two configs of the same names would take each other's repositories away.
  if [[ "${count}" -gt 0 && "${map_owner}" == ours && -z "${our_ids// /}" && -n "${credential_ids[$1]}" ]]; then
    plan_adoption "token ${credential_names[$1]} of registry ${registry_names[$1]} has passwords that no Secret in these namespaces holds, and may belong to another config of the same names"
  fi
  if [[ "${count}" -gt 0 ]]; then
    say "scope map ${map} allows more than the config:"
    jq -r '.[] | "  \(.)"' <<<"${have}" | say_lines
  fi
  while IFS= read -r line; do
    if [[ -n "${line}" ]]; then
      # A flag, a name and an action, none of which can hold a space.
      flags+=("${line%% *}")
      line="${line#* }"
      flags+=("${line%% *}" "${line#* }")
      removed=$((removed + 1))
    fi
  done <<<"${extra}"
  if [[ "${count}" -ne "${removed}" ]]; then
    die "scope map ${map} has an action that az cannot remove: delete the action in Azure, or choose another scope map in the config"
  fi
  if [[ "${map_owner}" == other || ("${map_owner}" == ours && -n "$2") ]]; then
    flags+=(--description "pullwright ${owner}$2")
  fi
  if [[ "${#flags[@]}" -gt 0 ]]; then
    plan_step call "$1" "updating scope map ${map}" \
      az acr scope-map update --name "${map}" "${token_flags[@]}" "${flags[@]}" --only-show-errors --output none
  fi
}

# Sets held_slots to the slots whose current passwords a Secret holds: none, password1, password2 or both.
# A password that has been replaced since is not one of them. argument: place of the registry
find_held_slots() {
  local slot current
  held_slots=none
  for slot in password1 password2; do
    current="$(jq -r --arg token "${credential_names[$1]}" --argjson days 0 --arg slot "${slot}" "${jq_slot}"'slots | map(select(.name == $slot))[0] // empty | slot_id' <<<"${token_json_of[$1]:-null}")"
    if [[ -n "${current}" && " ${held_ids} " == *" ${registry_hosts[$1]}=${current} "* ]]; then
      case "${held_slots}" in
        none) held_slots="${slot}" ;;
        *) held_slots=both ;;
      esac
    fi
  done
}
held_slots=none

# Plans a new password, in the slot that no Secret holds, or that is not the newest.
# argument: place of the registry
plan_token_password() {
  local name="${credential_names[$1]}" slot=password1 newest=""
  if [[ -n "${token_json_of[$1]-}" ]]; then
    newest="$(jq -r --arg token "" --argjson days 0 "${jq_slot}"'slots[-1].name // ""' <<<"${token_json_of[$1]}")"
  fi
  find_held_slots "$1"
  case "${held_slots}" in
    password1) slot=password2 ;;
    password2) slot=password1 ;;
    # What is older is replaced. If Secrets hold both, all get the newest before.
    *) if [[ "${newest}" == password1 ]]; then slot=password2; fi ;;
  esac
  select_registry "$1"
  plan_step token_password "$1" "creating a password of token ${name}" \
    az acr token credential generate --name "${name}" "${token_flags[@]}" "--${slot}" --expiration-in-days "${credential_days[$1]}" --only-show-errors --output json
}
token_json_of=()

# Creates the password, and names it by the time that Azure stores. argument: place of the registry
apply_token_password() {
  local name="${credential_names[$1]}" slot="" attempt before word
  for word in "${call[@]}"; do
    case "${word}" in
      # The only flag that ends with the number of a slot.
      --*[12]) slot="${word#--}" ;;
      *) ;;
    esac
  done
  read_token "$1"
  find_slot_id "$1" "${slot}"
  before="${slot_id}"
  doing="creating a password of token ${name}"
  mint "a new password of token ${name} (${slot}) that no Secret holds, which the next run replaces"
  credential="$(printf '%s' "${minted}" | jq -c --arg user "${name}" --arg slot "${slot}" '{username: $user, password: (.passwords[] | select(.name == $slot) | .value)}')"
  minted=""
  check_credential "$1"
  for ((attempt = 1; attempt <= 24; attempt++)); do
    read_token "$1"
    find_slot_id "$1" "${slot}"
    if [[ -n "${slot_id}" && "${slot_id}" != "${before}" ]]; then
      break
    fi
    say "waiting for Azure to list the new password (${attempt}/24)"
    sleep 5
  done
  if [[ -z "${slot_id}" || "${slot_id}" == "${before}" ]]; then
    die "Azure does not list the new password of token ${name}: run again with --apply in some minutes"
  fi
  credential_ids[$1]="${slot_id}"
  await_credential "$1"
  add_to_value "$1"
}

# Sets slot_id to the ID of a password, or to nothing. arguments: place of the registry, slot
find_slot_id() {
  slot_id=""
  if [[ -n "${token_json}" ]]; then
    slot_id="$(jq -r --arg token "${credential_names[$1]}" --argjson days 0 --arg slot "$2" "${jq_slot}"'slots | map(select(.name == $slot))[0] // empty | slot_id' <<<"${token_json}")"
  fi
}
slot_id=""

# Plans the removal of token and scope map, if this script created them. argument: place of the registry
plan_token_removal() {
  local name="${credential_names[$1]}" map="${credential_maps[$1]}" id="${registry_hosts[$1]}=${credential_names[$1]}/"
  read_token "$1"
  read_map_owner
  if [[ -z "${scope_map_json}${token_json}" ]]; then
    return
  fi
  if [[ -n "${token_json}" ]]; then
    read_token_owner "$1"
    if [[ "${token_owner}" == ours && " ${named_ids} " == *" ${id}"* && " ${our_ids} " != *" ${id}"* ]]; then
      say "token ${name} and its scope map are kept: a Secret that is kept holds a password"
      return
    elif [[ "${token_owner}" == ours ]]; then
      # With the scope map, which az would else detach.
      plan_step call "$1" "disabling token ${name}" \
        az acr token update --name "${name}" "${token_flags[@]}" --status disabled --scope-map "${token_map:-${map}}" --only-show-errors --output none
      plan_step call "$1" "removing token ${name}" \
        az acr token delete --name "${name}" "${token_flags[@]}" --yes --only-show-errors --output none
    else
      say "token ${name} was not created by this script and is kept"
    fi
  fi
  case "${map_owner}" in
    ours)
      plan_step call "$1" "removing scope map ${map}" \
        az acr scope-map delete --name "${map}" "${token_flags[@]}" --yes --only-show-errors --output none
      ;;
    adopted | other) say "scope map ${map} was not created by this script, or is used by a token that was not, and is kept" ;;
    *) ;;
  esac
}
