# shellcheck shell=bash
# What entry scripts declare. Each declaration is a name and flags with values; nothing here acts.

kind=""
owner=""
cluster_name=""
cluster_group=""
cluster_subscription=""
cluster_tenant=""
# How to log in to the cluster, as the end of a sentence.
cluster_login=""
# No call depends on the current context.
kubectl=(kubectl)
secret_name=""
secret_metadata=""
namespaces=()
account_name=""
attach_method=""
attach_condition=""
creates_cluster=no
create_flags=()
# A registry and its credential have the same place in all of these lists.
registry_names=()
registry_hosts=()
registry_modes=()
registry_groups=()
registry_subscriptions=()
credential_types=()
credential_names=()
credential_apps=()
credential_maps=()
credential_days=()
credential_repositories=()
images=()
part_kinds=()
part_paths=()
part_clusters=()

# Splits a text at UNIT. Sets parts to the list.
parts=()
split() {
  local rest="$1${unit}" word
  parts=()
  while [[ -n "${rest}" ]]; do
    # By its length: a pattern for what precedes it takes bash quadratic time.
    word="${rest%%"${unit}"*}"
    parts+=("${word}")
    rest="${rest:${#word}+1}"
  done
}

# The flags of the declaration that is being read.
flag_app_id=""
flag_cluster=""
flag_condition=""
flag_context=""
flag_days=""
flag_login_server=""
flag_metadata=""
flag_method=""
flag_role_assignment_mode=""
flag_name=""
flag_namespaces=""
flag_owner=""
flag_repositories=""
flag_resource_group=""
flag_runtime=""
flag_scope_map=""
flag_subscription=""
flag_tenant=""

# Reads flags into variables flag_NAME; several values of a flag are joined by UNIT.
# arguments: what is declared, its flags, those that take several values, then the words
read_flags() {
  local what="$1" known=" $2 " several=" $3 " flag="" fresh=no word name
  for name in ${2}; do
    name="${name#--}"
    printf -v "flag_${name//-/_}" '%s' ""
  done
  shift 3
  for word in "$@"; do
    if [[ "${word}" == *[[:cntrl:]]* ]]; then
      die "${what} has a value with control characters"
    fi
    # The word after a flag is its value, whatever it begins with.
    if [[ "${fresh}" == no && "${word}" == --* ]]; then
      if [[ "${known}" != *" ${word} "* ]]; then
        die "${what} has an unknown flag ${word}: render again"
      fi
      flag="${word}"
      fresh=yes
      continue
    fi
    name="flag_${flag#--}"
    name="${name//-/_}"
    if [[ -z "${flag}" || ("${fresh}" == no && "${several}" != *" ${flag} "*) ]]; then
      die "${what} has an unexpected word ${word}"
    fi
    if [[ "${fresh}" == yes ]]; then
      printf -v "${name}" '%s' "${word}"
    else
      printf -v "${name}" '%s' "${!name}${unit}${word}"
    fi
    fresh=no
  done
  if [[ "${fresh}" == yes ]]; then
    die "${what} has no value for ${flag}"
  fi
}

# arguments: what is declared, then flags that it cannot do without
require() {
  local what="$1" flag name
  shift
  for flag in "$@"; do
    name="flag_${flag#--}"
    name="${name//-/_}"
    if [[ -z "${!name}" ]]; then
      die "${what} has no ${flag}"
    fi
  done
}

script() {
  kind="$1"
  shift
  read_flags "script ${kind}" "--runtime --owner" "" "$@"
  if [[ "${flag_runtime}" != "${runtime_version}" ]]; then
    die "this script is of format ${flag_runtime:-none}, and _runtime/pullwright.sh of format ${runtime_version}: render again with one version of pullwright"
  fi
  owner="${flag_owner}"
}

cluster() {
  cluster_name="$1"
  shift
  read_flags "cluster ${cluster_name}" "--context --resource-group --subscription --tenant" "" "$@"
  require "cluster ${cluster_name}" --context
  kubectl=(kubectl --context "${flag_context}")
  cluster_group="${flag_resource_group}"
  cluster_subscription="${flag_subscription}"
  cluster_tenant="${flag_tenant}"
  cluster_login="get a kubeconfig of cluster ${cluster_name}"
  if [[ -n "${cluster_group}" ]]; then
    cluster_login="run az aks get-credentials --resource-group ${cluster_group} --name ${cluster_name}"
  fi
}

secret() {
  secret_name="$1"
  shift
  read_flags "secret ${secret_name}" "--namespaces --metadata" "--namespaces" "$@"
  require "secret ${secret_name}" --namespaces
  split "${flag_namespaces}"
  namespaces=("${parts[@]}")
  secret_metadata="${flag_metadata}"
}

service-account() {
  account_name="$1"
}

registry() {
  local at="${#registry_names[@]}"
  read_flags "registry $1" "--login-server --role-assignment-mode --resource-group --subscription" "" "${@:2}"
  require "registry $1" --login-server --role-assignment-mode
  registry_names[at]="$1"
  registry_hosts[at]="${flag_login_server}"
  registry_modes[at]="${flag_role_assignment_mode}"
  registry_groups[at]="${flag_resource_group}"
  registry_subscriptions[at]="${flag_subscription}"
  credential_types[at]=""
}

# Sets the credential of the registry that was declared last.
# arguments: type, name, application ID, scope map, days, repositories
add_credential() {
  local at=$((${#registry_names[@]} - 1))
  if [[ "${at}" -lt 0 || -n "${credential_types[at]}" ]]; then
    die "a credential does not follow its registry: render again"
  fi
  credential_types[at]="$1"
  credential_names[at]="$2"
  credential_apps[at]="$3"
  credential_maps[at]="$4"
  credential_days[at]="$5"
  credential_repositories[at]="$6"
}

token() {
  read_flags "token $1" "--scope-map --days --repositories" "--repositories" "${@:2}"
  require "token $1" --scope-map --days --repositories
  add_credential token "$1" "" "${flag_scope_map}" "${flag_days}" "${flag_repositories}"
}

service-principal() {
  read_flags "service-principal" "--name --app-id --days" "" "$@"
  require "service-principal" --days
  if [[ -z "${flag_name}${flag_app_id}" ]]; then
    die "service-principal has neither --name nor --app-id"
  fi
  # IDs are compared as text.
  flag_app_id="$(printf '%s' "${flag_app_id}" | tr '[:upper:]' '[:lower:]')"
  add_credential service-principal "${flag_name}" "${flag_app_id}" "" "${flag_days}" ""
}

admin-user() {
  add_credential admin-user "" "" "" "" ""
}

attach() {
  read_flags attach "--method --condition" "" "$@"
  require attach --method
  attach_method="${flag_method}"
  attach_condition="${flag_condition}"
}

create-cluster() {
  creates_cluster=yes
  create_flags=("$@")
}

image() {
  images+=("$1")
}

part() {
  local at="${#part_paths[@]}"
  part_kinds[at]="$1"
  part_paths[at]="$2"
  shift 2
  read_flags "part ${part_paths[at]}" "--cluster" "" "$@"
  part_clusters[at]="${flag_cluster}"
}
