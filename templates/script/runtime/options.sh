# shellcheck shell=bash
# Options and help.

action=apply
rotate=no
adopt=no
in_cluster=no
only_cluster=""

usage() {
  local options="[--apply] [--verify] [--undo [--apply]] [--json]"
  case "${kind}" in
    pull-secret) options="[--apply [--rotate] [--adopt]] [--verify [--in-cluster]] [--undo [--apply]] [--json]" ;;
    service-account) options="[--apply] [--verify [--in-cluster]] [--undo [--apply]] [--json]" ;;
    attach) options="[--apply [--adopt]] [--verify] [--undo [--apply]] [--json]" ;;
    all) options="[--cluster NAME] [--apply [--rotate] [--adopt]] [--verify [--in-cluster]] [--undo [--apply]] [--json]" ;;
    *) ;;
  esac
  cat <<USAGE
usage: bash ${0##*/} ${options}

Without options, it shows the plan and changes nothing.
USAGE
  case "${kind}" in
    pull-secret)
      cat <<'USAGE'
  --apply       create what is missing, renew what expires soon, write the Secret
  --rotate      renew the credentials even if they are still valid
  --adopt       take over a Secret, token or scope map that this script did not create
  --verify      test the Secret's credentials against the registry; needs no az
  --in-cluster  with --verify: pull each image on a node with a temporary pod
  --undo        show the removal of Secret and credentials; with --apply, remove them
USAGE
      ;;
    service-account)
      cat <<'USAGE'
  --apply       add the Secret to the ServiceAccount's list
  --verify      check that the account lists the Secret, and that the Secret exists
  --in-cluster  with --verify: pull each image on a node as this account
  --undo        show the removal from the list; with --apply, remove it
USAGE
      ;;
    attach)
      cat <<'USAGE'
  --apply       assign the pull role on each registry to the kubelet identity of the
                cluster; create the cluster if the config says so
  --adopt       change a role assignment that this script did not create
  --verify      check the role, then test the pull from a node with az aks check-acr
  --undo        show the removal of the role; with --apply, remove it
USAGE
      ;;
    all)
      cat <<'USAGE'
  --cluster     run the scripts of this cluster only
  --apply       make the changes of all scripts, in order
  --rotate      renew the credentials even if they are still valid
  --adopt       take over what these scripts did not create
  --verify      verify all scripts; --in-cluster pulls each image on a node
  --undo        show what would be removed, in reverse order; with --apply, remove it
USAGE
      ;;
    *) ;;
  esac
  cat <<'USAGE'
  --json        print steps and result as JSON lines on stdout
  --help        show this help

Exit codes: 0 success or nothing to do; 1 failed; 3 plan has changes; 64 invalid usage.
USAGE
}

# Sets special_options to what a kind of script takes beside what all do. argument: kind
list_options() {
  case "$1" in
    pull-secret) special_options=" --rotate --adopt --in-cluster " ;;
    service-account) special_options=" --in-cluster " ;;
    attach) special_options=" --adopt " ;;
    all) special_options=" --rotate --adopt --in-cluster --cluster " ;;
    *) special_options="" ;;
  esac
}
special_options=""

parse_options() {
  local option value="" verifies=no undoes=no
  list_options "${kind}"
  for option in "$@"; do
    if [[ "${value}" == --cluster ]]; then
      if [[ -z "${option}" ]]; then
        misused "--cluster requires a name"
      fi
      only_cluster="${option}"
      value=""
      continue
    fi
    case "${option}" in
      --apply) apply=yes ;;
      --verify)
        action=verify
        verifies=yes
        ;;
      --undo)
        action=undo
        undoes=yes
        ;;
      --json) json=yes ;;
      -h | --help)
        doing="printing the help"
        usage
        quit 0
        ;;
      --rotate | --adopt | --in-cluster | --cluster)
        if [[ "${special_options}" != *" ${option} "* ]]; then
          misused "${option} is not an option of this script"
        fi
        case "${option}" in
          --rotate) rotate=yes ;;
          --adopt) adopt=yes ;;
          --in-cluster) in_cluster=yes ;;
          *) value="${option}" ;;
        esac
        ;;
      *) misused "unknown option: ${option}" ;;
    esac
  done
  if [[ -n "${value}" ]]; then
    misused "--cluster requires a name"
  fi
  if [[ "${verifies}" == yes && ("${apply}" == yes || "${undoes}" == yes) ]]; then
    misused "--verify cannot be used with --apply or --undo"
  fi
  if [[ "${action}" != verify && "${in_cluster}" == yes ]]; then
    misused "--in-cluster requires --verify"
  fi
  if [[ "${action}" != apply && ("${rotate}" == yes || "${adopt}" == yes) ]]; then
    misused "--rotate and --adopt cannot be used with --verify or --undo"
  fi
}
