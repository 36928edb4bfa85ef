# shellcheck shell=bash
# The admin user: full access, one identity for all. For tests only.

# argument: place of the registry
plan_admin() {
  credential_ids[$1]="admin"
  credential_fresh[$1]=yes
  if [[ "${registry_admins[$1]}" != true ]]; then
    credential_ids[$1]=""
    select_registry "$1"
    plan_step call "$1" "enabling the admin user of ${registry_names[$1]}" \
      az acr update "${registry_flags[@]}" --admin-enabled true --only-show-errors --output none
  fi
}

# argument: place of the registry
plan_admin_password() {
  select_registry "$1"
  plan_step admin_password "$1" "fetching the password of the admin user of ${registry_names[$1]}" \
    az acr credential show "${registry_flags[@]}" --only-show-errors --output json
}

# argument: place of the registry
apply_admin_password() {
  local answer
  answer="$(persist 60 invoke "${call[@]}" | tr -d '\r')"
  credential="$(printf '%s' "${answer}" | jq -c '{username, password: (.passwords[0] | .value)}')"
  answer=""
  check_credential "$1"
  credential_ids[$1]="admin"
  await_credential "$1"
  add_to_value "$1"
}

# argument: place of the registry
plan_admin_removal() {
  say "the admin user of ${registry_names[$1]} is unchanged; to disable it: az acr update --name ${registry_names[$1]} --admin-enabled false"
}
