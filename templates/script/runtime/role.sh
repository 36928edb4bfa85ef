# shellcheck shell=bash
# The pull role of a principal on a registry. The description of an assignment records its owner.

# What is assigned, of a list of assignments: the one that is as wanted, and that on the registry
# itself, of which there is at most one for a role and a principal.
IFS= read -r -d '' jq_assignments <<'JQ' || :
  # A condition that Azure stored may differ in white space.
  def flat: (. // "") | gsub("\\s+"; " ");
  {
    right: any(.[]; (.condition | flat) == ($want | flat)),
    here: ([.[] | select((.scope | ascii_downcase) == ($scope | ascii_downcase))][0] // null)
  }
  | [
    (.right | tostring),
    (if .here then .here.id | word else "" end),
    (.here.description // "" | tostring | gsub("[[:cntrl:]]"; " "))
  ]
  | join("\u001f")
JQ
readonly jq_assignments

# The whole of a role assignment, as Azure's API takes it: what is left out is removed.
IFS= read -r -d '' jq_properties <<'JQ' || :
  {properties: ({
    roleDefinitionId: "\($scope | split("/")[0:3] | join("/"))/providers/Microsoft.Authorization/roleDefinitions/\($role)",
    principalId: $principal,
    principalType: "ServicePrincipal",
    description: $description
  } + if $want == "" then {} else {condition: $want, conditionVersion: "2.0"} end)}
JQ
readonly jq_properties

# Sets role_right, role_id and role_owner to what a principal has on a registry: whether that is as
# wanted, the assignment on the registry itself, and its description.
# arguments: place of the registry, object ID, condition
read_role() {
  local answer state
  doing="reading the role assignments of registry ${registry_names[$1]}"
  answer="$(persist 60 ask_azure role assignment list --assignee-object-id "$2" --role "${registry_roles[$1]}" --scope "${registry_ids[$1]}" --include-inherited --fill-principal-name false)"
  state="$(jq -r --arg want "$3" --arg scope "${registry_ids[$1]}" "${jq_word}${jq_assignments}" <<<"${answer}")"
  split "${state}"
  role_right="${parts[0]}"
  role_id="${parts[1]}"
  role_owner="${parts[2]}"
}
role_right=""
role_id=""
role_owner=""

# Plans the pull role of a principal on a registry, or a change of its condition.
# arguments: place of the registry, object ID or __objectId__ for one that does not exist yet, condition
plan_role() {
  local name="${registry_names[$1]}" described body flags=()
  if [[ -n "$3" && "${registry_modes[$1]}" != abac ]]; then
    die "registry ${name} cannot limit a role to repositories: it is not in ABAC mode"
  fi
  if [[ "$2" != __objectId__ ]]; then
    read_role "$1" "$2" "$3"
    # A role that is as wanted is left alone, unless it is to be recorded as ours.
    if [[ "${role_right}" == true && ("${adopt}" == no || -z "${role_id}" || "${role_owner% (adopted)}" == "pullwright ${owner}") ]]; then
      return
    fi
    # One that others assigned is marked, and kept by --undo; one of another entry of pullwright is as good as
    # ours.
    case "${role_owner}" in
      '' | pullwright' '*) described="pullwright ${owner}" ;;
      *) described="pullwright ${owner} (adopted)" ;;
    esac
    if [[ "${role_owner}" == "pullwright ${owner} (adopted)" ]]; then
      described="${role_owner}"
    fi
    if [[ -n "${role_id}" ]]; then
      if [[ "${role_owner}" == pullwright' '* && "${role_owner% (adopted)}" != "pullwright ${owner}" ]]; then
        plan_adoption "the pull role on registry ${name} belongs to ${role_owner#pullwright }, with other repositories (give both entries the same repositories, unless that entry is gone)"
      elif [[ "${role_owner% (adopted)}" != "pullwright ${owner}" ]]; then
        plan_adoption "the pull role on registry ${name} was not assigned by this script"
      fi
      if [[ "${role_right}" != true ]]; then
        say "the condition of the role on ${name} differs from the config"
      fi
      # In place: Azure keeps one assignment for a role and a principal, and there must be no moment
      # without one.
      body="$(jq -nc --arg want "$3" --arg role "${registry_roles[$1]}" --arg principal "$2" --arg scope "${registry_ids[$1]}" --arg description "${described}" "${jq_properties}")"
      plan_step call "$1" "changing the role on registry ${name}" \
        az rest --method put --url "${role_id}?api-version=2022-04-01" --headers Content-Type=application/json --body "${body}" --only-show-errors --output none
      return
    fi
  fi
  flags=(--assignee-object-id "$2" --assignee-principal-type ServicePrincipal --role "${registry_roles[$1]}" --scope "${registry_ids[$1]}" --description "pullwright ${owner}")
  if [[ -n "$3" ]]; then
    flags+=(--condition "$3" --condition-version 2.0)
  fi
  plan_step role "$1" "assigning the pull role on registry ${name}" \
    az role assignment create "${flags[@]}" --only-show-errors --output none
}

# Whether a role was assigned in this run, by the places of the registries.
registry_role_new=()

# The object ID that pulls from all registries of an attach script.
identity=""

# argument: place of the registry
apply_role() {
  local object="${identity}"
  if [[ "${kind}" != attach ]]; then
    object="${principal_objects[${credential_principals[$1]}]}"
  fi
  replace_word __objectId__ "${object}"
  apply_patient_call
  registry_role_new[$1]=yes
}

# Replaces a word of the call that was not known when it was planned. arguments: word, value
replace_word() {
  local at
  for ((at = 0; at < ${#call[@]}; at++)); do
    if [[ "${call[at]}" == "$1" ]]; then
      say "  $1 is $2"
      call[at]="$2"
    fi
  done
}

# Plans the removal of the role that this script assigned. arguments: place of the registry, object ID
plan_role_removal() {
  local name="${registry_names[$1]}"
  read_role "$1" "$2" ""
  if [[ -z "${role_id}" ]]; then
    return
  fi
  if [[ "${role_owner}" != "pullwright ${owner}" ]]; then
    say "the pull role on registry ${name} was not assigned by this script and is kept; to remove it: az role assignment delete --ids ${role_id}"
    return
  fi
  plan_step call "$1" "removing the pull role on registry ${name}" \
    az role assignment delete --ids "${role_id}" --only-show-errors
}
